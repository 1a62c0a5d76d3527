#!/usr/bin/env bash
# Kills runs at random moments, repeats their command until they end, and compares their tables with an undisturbed run's.
# A random byte of the cache is changed after every third kill.
#
# usage: scripts/kill-campaign.sh [KILLS] [SEED] [-- OPTIONS OF DISSECT]      (default: 25 kills, the bundled sample)
set -euo pipefail
cd "$(dirname "$0")/.."
kills=${1:-25} seed=${2:-1}
shift $(($# < 2 ? $# : 2))
[ "${1:-}" != -- ] || shift
[ -x target/netdissect/netdissect/bin/netdissect ] || mvn -q -B -DskipTests package
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
RANDOM=$seed
program() {
  exec target/netdissect/netdissect/bin/netdissect dissect "$@" >/dev/null 2>"$work/err"
}
tables() { (cd "$1" && find . -name detectors.csv -o -name summary.json | sort | xargs sha256sum); }
flip() {  # a random byte of a random array, finished or not
  [ -d "$work/cache" ] || return 0
  mapfile -t arrays < <(find "$work/cache" -name 'activations.npy*' -size +1k)
  [ ${#arrays[@]} -gt 0 ] || return 0
  local array=${arrays[RANDOM % ${#arrays[@]}]} size position old
  size=$(stat -c %s "$array")
  position=$((128 + (RANDOM * 32768 + RANDOM) % (size - 128)))
  old=$(od -An -tu1 -j "$position" -N 1 "$array")
  printf "\\x$(printf %x $((old ^ (1 << RANDOM % 8))))" | dd of="$array" bs=1 seek="$position" conv=notrunc status=none
  flips=$((flips + 1))
}

start=$(date +%s%N)
(program "$@" --cache "$work/cache0" --out "$work/out0")
length=$((($(date +%s%N) - start) / 1000000))
tables "$work/out0" > "$work/expected"
killed=0 flips=0 ended=0 resumed=0 repaired=0
while [ "$killed" -lt "$kills" ]; do
  rm -rf "$work/cache" "$work/out"
  while :; do
    program "$@" --cache "$work/cache" --out "$work/out" &
    pid=$!
    if [ "$killed" -lt "$kills" ]; then
      sleep "$(awk -v ms="$length" -v r="$RANDOM" 'BEGIN { print 0.2 + ms / 1000 * r / 32768 }')"
      if kill -9 "$pid" 2>/dev/null; then
        killed=$((killed + 1))
        wait "$pid" 2>/dev/null || true
        ! grep -q 'going on at image' "$work/err" || resumed=$((resumed + 1))
        [ ! -e "$work/out/run.json" ] || tables "$work/out" | diff "$work/expected" - ||
          { echo "run.json exists, but the tables differ"; exit 1; }
        [ $((killed % 3)) != 0 ] || flip
        continue
      fi
    fi
    wait "$pid" || { echo "the run failed:"; cat "$work/err"; exit 1; }
    ! grep -q 'going on at image' "$work/err" || resumed=$((resumed + 1))
    ! grep -q 'do not fit their checksums' "$work/err" || repaired=$((repaired + 1))
    tables "$work/out" | diff "$work/expected" - || { echo "the tables differ after $killed kills"; exit 1; }
    ended=$((ended + 1))
    break
  done
done
echo "$killed kills and $flips flipped bytes over runs of $length ms: $ended runs ended, $resumed continued an unfinished layer," \
  "$repaired repaired a finished layer; all tables byte-identical to the undisturbed run's"
