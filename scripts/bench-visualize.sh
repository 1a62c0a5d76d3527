#!/usr/bin/env bash
# Measures a step of 'visualize' beside bare forward and backward passes, up to the layer and through the whole network:
# one thread, in turn, medians. Prints a line for each case.
#
# usage: scripts/bench-visualize.sh MODEL.pt [ROUNDS [CASE...]]
#
# ROUNDS   of 16 steps each (default 12)
# CASE     LAYER:SIDE:BATCH (default: fire9 and fire3 of squeezenet1_1bn at 128 and 224 pixels)
set -euo pipefail
[ $# -ge 1 ] && [ -f "$1" ] || { echo "usage: scripts/bench-visualize.sh MODEL.pt [ROUNDS [LAYER:SIDE:BATCH...]]" >&2; exit 2; }
model=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
rounds=${2:-12}
shift "$(( $# < 2 ? $# : 2 ))"
[ $# -gt 0 ] || set -- fire9:128:1 fire9:128:4 fire9:224:1 fire9:224:4 fire3:128:4 fire3:224:1
cd "$(dirname "$0")/.."
mvn -q -B -P bench -DskipTests process-test-classes
# The launcher's settings of the C library.
export MALLOC_MMAP_THRESHOLD_=1073741824 MALLOC_TRIM_THRESHOLD_=2147483647 MALLOC_TOP_PAD_=67108864
for case in "$@"; do
  IFS=: read -r layer side batch <<<"$case"
  java -cp "target/bench/test-classes:target/bench/classes:$(cat target/bench/classpath)" \
    org.netdissect.visualize.StepsAlone "$model" "$layer" "$side" "$batch" "$rounds"
done
