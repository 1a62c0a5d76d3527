#!/usr/bin/env bash
# Compares the time of dissections with that of the bare forward passes, and prints medians of alternating runs.
#
# usage: scripts/bench.sh MODEL.pt PROBE LAYER[,LAYER...] [RUNS] [-- OPTIONS OF DISSECT]
#
# bare          forward passes of the untouched network, images decoded already: seconds within one process
#   ours        batches of 4, as many passes side by side as cores, one engine thread each
#   plain       batches of 16, one pass at a time, all cores in it, as a PyTorch user would
# first         a whole first run, process start and tables included, with an empty cache
# cached        the same from the cache, which has the alignment's counts too
# realigned     the same from the cache without these counts, as with another top fraction or other labels
# stages        seconds of the stages of these runs, from run.json
# uncached      a run without a cache
# reported      a first run that writes the report, which the others do not
# alone         each stage by itself, warm, on all cores, of one layer after another and summed: thresholds and alignment with
#               activations in memory and labels decoded, decoding of label planes and of images
set -euo pipefail
cd "$(dirname "$0")/.."
[ $# -ge 3 ] || { sed -n '2,17s/^# \{0,1\}//p' "$0"; exit 2; }
model=$1 probe=$2 layers=$3 runs=${4:-5}
shift $(($# < 4 ? 3 : 4))
[ "${1:-}" != -- ] || shift
mvn -q -B -DskipTests package
mvn -q -B -P bench -DskipTests process-test-classes
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
program=target/netdissect/netdissect/bin/netdissect
"$program" class-archive || :
cores=$(nproc)
options=()
for layer in ${layers//,/ }; do options+=(--layer "$layer"); done

# The launcher's settings of the C library, for both sides.
export MALLOC_MMAP_THRESHOLD_=1073741824 MALLOC_TRIM_THRESHOLD_=2147483647 MALLOC_TOP_PAD_=67108864
bare() {  # engine threads, batch, side by side
  java -XX:MaxDirectMemorySize=16g "-Dai.djl.pytorch.num_threads=$1" -cp 'target/test-classes:target/netdissect/netdissect/lib/*' \
    org.netdissect.network.BareForward "$model" "$probe" "$2" "$3"
}
whole() {  # name of the figure, where activations are kept
  local start end kept
  [ "$2" = kept ] && kept=(--cache "$work/cache") || kept=(--no-cache)
  start=$(date +%s.%N)
  "$program" dissect --model "$model" --probe "$probe" "${options[@]}" "${kept[@]}" --out "$work/out" \
    --overwrite "${@:3}" >/dev/null 2>"$work/err" || { cat "$work/err" >&2; exit 1; }
  end=$(date +%s.%N)
  echo "$1 $(echo "$end $start" | awk '{print $1 - $2}')"
  sed -n 's/^ *"\(activations\|alignment\|prepare\|tables\|report\|first pass\|second pass\)" : \([0-9.]*\),*$/'"$1"'.\1 \2/p' "$work/out/run.json" | sed 's/ pass /-pass /'
}
alone() {
  local manifest
  for manifest in "$work"/cache/*/*/manifest.json; do
    java -XX:+UseParallelGC -Xmx8g -XX:MaxDirectMemorySize=8g "-Dbench.layer=$(dirname "$manifest")" \
      -cp "target/bench/test-classes:target/bench/classes:$(cat target/bench/classpath)" \
      org.netdissect.align.StagesAlone "$probe" "$cores"
  done | awk '{ sum[$1] += $2; n[$1]++ }
    END { for (s in sum) print "alone." s, s == "labels" || s == "images" ? sum[s] / n[s] : sum[s] }'
}
for ((run = 1; run <= runs; run++)); do
  echo "run $run of $runs" >&2
  echo "bare.ours $(bare 1 4 "$cores")"
  echo "bare.plain $(bare "$cores" 16 1)"
  rm -rf "$work/cache"
  whole first kept --no-report "$@"
  whole cached kept --no-report "$@"
  rm "$work"/cache/*/*/alignment-*.bin
  whole realigned kept --no-report "$@"
  alone
  whole uncached none --no-report "$@"
  rm -rf "$work/cache"
  whole reported kept "$@"
done > "$work/figures"

echo "$(nproc) cores, $runs runs, layers $layers, model $(basename "$model"), $(($(wc -l < "$probe/index.csv") - 1)) images; seconds: median (least to greatest)"
sort -k1,1 -k2,2n "$work/figures" | awk '
  { if ($1 != name) { flush(); name = $1; n = 0 } value[++n] = $2 }
  END { flush(); print ""; ratio("first", "bare.ours"); ratio("first", "bare.plain"); ratio("cached", "first"); ratio("realigned", "first")
        ratio("uncached", "bare.ours"); ratio("reported", "first"); ratio("alone.thresholds", "bare.ours"); ratio("alone.alignment", "bare.ours") }
  function ratio(a, b) { printf "%-32s %.3f\n", a " / " b, m[a] / m[b] }
  function flush() { if (n) { m[name] = n % 2 ? value[(n + 1) / 2] : (value[n / 2] + value[n / 2 + 1]) / 2
                     printf "%-20s %8.3f  (%.3f to %.3f)\n", name, m[name], value[1], value[n] } }'
