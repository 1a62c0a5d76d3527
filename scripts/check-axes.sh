#!/usr/bin/env bash
# Compares the axes of layers as the networks' code gives them with those that a shifted image shows (docs/reliability.md).
# Prints each layer for which they disagree or the code gives no axes, and the counts of each network.
#
# usage: scripts/check-axes.sh SIDE M.pt...        SIDE: height and width of the input
set -euo pipefail
cd "$(dirname "$0")/.."
[ $# -ge 2 ] || { sed -n '2,5s/^# \{0,1\}//p' "$0"; exit 2; }
mvn -q -B -DskipTests package
mvn -q -B -P bench -DskipTests process-test-classes
exec java -Xmx2g -cp 'target/test-classes:target/netdissect/netdissect/lib/*' org.netdissect.network.AxesCheck "$@"
