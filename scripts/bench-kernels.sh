#!/usr/bin/env bash
# Measures the kernels one by one with JMH and prints a table: exact thresholds, masks and counts, decoding.
#
# usage: scripts/bench-kernels.sh [CACHE...] [-- OPTIONS OF JMH]
#
# CACHE      a cache of dissect: its layers' activations replace random ones, one table for each layer
# OPTIONS    such as 'Threshold.*' (only these benchmarks), -f 1 (forks), -prof stack; -h lists them
#
# Images and labels are those of $NETDISSECT_SHARED/probe (default ../shared), or of the bundled sample where that is absent.
set -euo pipefail
caches=()
while [ $# -gt 0 ] && [ "$1" != -- ]; do
  [ -d "$1" ] || { echo "bench-kernels: $1 is no folder; expected the cache of a dissection (--cache)" >&2; exit 2; }
  caches+=("$(cd "$1" && pwd)")
  shift
done
[ "${1:-}" != -- ] || shift
cd "$(dirname "$0")/.."
mvn -q -B -P bench -DskipTests process-test-classes
layers=()
if [ ${#caches[@]} -gt 0 ]; then
  while IFS= read -r manifest; do layers+=("$(dirname "$manifest")"); done < <(find "${caches[@]}" -name manifest.json | sort)
  [ ${#layers[@]} -gt 0 ] || { echo "bench-kernels: no layer (manifest.json) in ${caches[*]}" >&2; exit 2; }
else
  layers=("")
fi
for layer in "${layers[@]}"; do
  java -cp "target/bench/test-classes:target/bench/classes:$(cat target/bench/classpath)" \
    org.netdissect.KernelBenchmarks "$layer" "$@"
done
