#!/usr/bin/env bash
# Times how long a file of weights takes to open, and its TorchScript archive to be written, in a heap of 64 MiB; beside it
# a copy of the file. The first row includes the start of Java's code.
#
# usage: scripts/bench-weights.sh FILE
set -euo pipefail
cd "$(dirname "$0")/.."
mvn -q -B -DskipTests package
mvn -q -B -P bench -DskipTests process-test-classes
exec java -Xmx64m -cp 'target/test-classes:target/netdissect/netdissect/lib/*' \
    org.netdissect.architecture.OpeningTime "$@"
