#!/usr/bin/env bash
# Shows how time and memory grow with the units of a layer and with the pixels of their masks. The network costs next to
# nothing, so that the times are those of thresholds, cache and alignment.
#
# usage: scripts/growth-units.sh PROBE OUT [UNITS] [FRACTIONS]
#
# UNITS      such as 64,512 (default 64,128,256,512,1024,2048): each with the top fraction 0.005, through an empty cache
# FRACTIONS  such as 0.005,0.05 (default 0.005,0.01,0.02,0.04,0.08,0.16): each with 512 units, from the cache
#
# Prints Markdown: the seconds of run.json, peak memory of the process (/usr/bin/time). Medians of three runs.
set -euo pipefail
[ $# -ge 2 ] || { sed -n '2,10s/^# \{0,1\}//p' "$0"; exit 2; }
probe=$(cd "$1" && pwd) out=$2 units=${3:-64,128,256,512,1024,2048} fractions=${4:-0.005,0.01,0.02,0.04,0.08,0.16}
[ -x /usr/bin/time ] || { echo "growth-units: /usr/bin/time is needed (Debian: package time)" >&2; exit 2; }
cd "$(dirname "$0")/.."
mkdir -p "$out"
out=$(cd "$out" && pwd)
mvn -q -B -DskipTests package
program=target/netdissect/netdissect/bin/netdissect
"$program" class-archive || :

archive() { java -cp 'target/test-classes:target/classes' org.netdissect.torchscript.UnitsArchive "$1" "$out"; }
seconds() { sed -n 's/^ *"'"$1"'" : \([0-9.]*\),*$/\1/p' "$out/run/run.json"; }
dissect() {  # options
  /usr/bin/time -o "$out/time" -f %M "$program" dissect --model "$out/units.pt" --probe "$probe" --layer units \
    --preprocess imagenet --cache "$out/cache" --out "$out/run" --overwrite "$@" > /dev/null 2> "$out/err" \
    || { cat "$out/err" >&2; exit 1; }
}
median() { sort -n | sed -n 2p; }

echo "$(nproc) cores, $(($(wc -l < "$probe/index.csv") - 1)) images"
echo
echo "| units | activations, s | alignment, s | peak memory, MiB |"
echo "|---|---|---|---|"
for count in ${units//,/ }; do
  archive "$count"
  for run in 1 2 3; do
    rm -rf "$out/cache"
    dissect
    echo "$(seconds activations) $(seconds alignment) $(tail -n 1 "$out/time")"
  done > "$out/figures"
  echo "| $count | $(cut -d ' ' -f 1 "$out/figures" | median) | $(cut -d ' ' -f 2 "$out/figures" | median)" \
    "| $(($(cut -d ' ' -f 3 "$out/figures" | median) / 1024)) |"
done
echo
echo "| top fraction, 512 units | alignment, s |"
echo "|---|---|"
archive 512
dissect
for fraction in ${fractions//,/ }; do
  for run in 1 2 3; do
    find "$out/cache" -name 'alignment-*.bin' -delete  # otherwise the second run would not align
    dissect --top-fraction "$fraction"
    seconds alignment
  done > "$out/figures"
  echo "| $fraction | $(median < "$out/figures") |"
done
rm -rf "$out/cache" "$out/run" "$out/units.pt" "$out/figures" "$out/time" "$out/err"
