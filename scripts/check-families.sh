#!/usr/bin/env bash
# Compares logits and layers of the networks that are generated from weights with PyTorch's (shared checkpoints/families).
# Prints a row for each: parameters, the greatest relative differences, and how much the last bit of the image changes the
# logits. Ends with 1 if a difference is above 1e-4 and above ten times that change.
#
# usage: scripts/check-families.sh [NAME...]        NAME: as netdissect layers --arch list shows it; default: all
set -euo pipefail
cd "$(dirname "$0")/.."
mvn -q -B -DskipTests package
mvn -q -B -P bench -DskipTests process-test-classes
exec java -Xmx2g -cp 'target/test-classes:target/netdissect/netdissect/lib/*' \
    org.netdissect.architecture.family.FamilyCheck "$@"
