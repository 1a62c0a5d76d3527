#!/usr/bin/env bash
# Shows how time and memory grow with the number of images: dissects a probe set repeated under new names.
#
# usage: scripts/growth.sh PROBE MODEL.pt OUT [COUNTS] [-- OPTIONS OF DISSECT]
#
# COUNTS     numbers of images, such as 100,300,1000 (default 100,300,1000,3000,10000,20000)
# OPTIONS    layers and preprocessing, unless a MODEL.json beside the model has them
#
# Each count is dissected with an empty cache and then from it. Prints Markdown: the seconds of run.json, peak memory of the
# process (/usr/bin/time), and the exponent e of seconds ~ images^e, fitted by least squares on logarithms: 1 is linear. The
# cache of one count is deleted before the next. Files are linked, not copied.
set -euo pipefail
[ $# -ge 3 ] || { sed -n '2,11s/^# \{0,1\}//p' "$0"; exit 2; }
probe=$(cd "$1" && pwd) model=$(readlink -f "$2") out=$3
shift 3
counts=100,300,1000,3000,10000,20000
if [ $# -gt 0 ] && [ "$1" != -- ]; then counts=$1; shift; fi
[ "${1:-}" != -- ] || shift
[ -x /usr/bin/time ] || { echo "growth: /usr/bin/time is needed (Debian: package time)" >&2; exit 2; }
[ -f "$model" ] || { echo "growth: no model $model" >&2; exit 2; }
cd "$(dirname "$0")/.."
mkdir -p "$out"
out=$(cd "$out" && pwd)
mvn -q -B -DskipTests package
program=target/netdissect/netdissect/bin/netdissect
"$program" class-archive || :

# index.csv with images and planes of repetition K under rK/; numbers, labels of whole images, stay
repeat() {  # number of images, folder
  mkdir -p "$2/images"
  cp "$probe"/*.csv "$2/"
  local rows=$(($(wc -l < "$probe/index.csv") - 1)) k
  for ((k = 0; k * rows < $1; k++)); do ln -sfn "$probe/images" "$2/images/r$k"; done
  awk -F, -v OFS=, -v count="$1" '
    FNR == 1 { header = $0; for (i = 1; i <= NF; i++) name[i] = $i; next }
    NF { line[++rows] = $0 }
    END {
      print header
      for (n = 0; n < count; n++) {
        fields = split(line[n % rows + 1], cell, ",")
        text = ""
        for (i = 1; i <= fields; i++) {
          if (name[i] !~ /^(split|ih|iw|sh|sw)$/ && cell[i] != "") {
            parts = split(cell[i], part, ";")
            cell[i] = ""
            for (p = 1; p <= parts; p++)
              cell[i] = cell[i] (p > 1 ? ";" : "") (part[p] ~ /^[0-9]*$/ ? "" : "r" int(n / rows) "/") part[p]
          }
          text = text (i > 1 ? "," : "") cell[i]
        }
        print text
      }
    }' <(tr -d '\r' < "$probe/index.csv") > "$2/index.csv"
}

seconds() { sed -n 's/^ *"'"$1"'" : \([0-9.]*\),*$/\1/p' "$out/run/run.json"; }

for count in ${counts//,/ }; do
  echo "growth: $count images" >&2
  rm -rf "$out/probe" "$out/cache" "$out/run"
  repeat "$count" "$out/probe"
  for kind in first cached; do
    /usr/bin/time -o "$out/time" -f '%e %M' "$program" dissect --model "$model" --probe "$out/probe" "$@" \
      --cache "$out/cache" --out "$out/run" --overwrite > /dev/null 2> "$out/err" || { cat "$out/err" >&2; exit 1; }
    echo "$kind $count $(tail -n 1 "$out/time") $(seconds prepare) $(seconds activations) $(seconds alignment) $(seconds tables)"
  done
done > "$out/figures"
rm -rf "$out/probe" "$out/cache" "$out/run" "$out/time" "$out/err"

echo "$(nproc) cores, model $(basename "$model"), probe set $(basename "$probe") repeated, options: $*"
awk '
  { kind = $1; if (!(kind in seen)) { seen[kind]; order[++kinds] = kind }
    row[kind] = row[kind] sprintf("| %d | %.1f | %.2f | %d | %s | %s | %s | %s |\n",
                                  $2, $3, 1000 * $3 / $2, $4 / 1024, $5, $6, $7, $8)
    n[kind]++
    for (i = 3; i <= 8; i++) if ($i > 0) {
      x = log($2); y = log($i); m[kind, i]++
      sx[kind, i] += x; sy[kind, i] += y; sxx[kind, i] += x * x; sxy[kind, i] += x * y
    } }
  function slope(k, i,   d) {
    d = m[k, i] * sxx[k, i] - sx[k, i] ^ 2
    return m[k, i] > 1 && d > 0 ? sprintf("%.2f", (m[k, i] * sxy[k, i] - sx[k, i] * sy[k, i]) / d) : "-"
  }
  END { for (j = 1; j <= kinds; j++) { k = order[j]
    printf "\n%s\n\n", k == "first" ? "First run:" : "From the cache:"
    print "| images | seconds | seconds per 1,000 images | peak memory, MiB | prepare | activations | alignment | tables |"
    print "|---|---|---|---|---|---|---|---|"
    printf "%s", row[k]
    printf "| exponent | %s | | %s | %s | %s | %s | %s |\n",
           slope(k, 3), slope(k, 4), slope(k, 5), slope(k, 6), slope(k, 7), slope(k, 8) } }' "$out/figures"
