#!/usr/bin/env bash
# Shows that two builds of netdissect write the same tables, byte for byte, and that the newer takes the older's cache.
#
# usage: [LIMIT=N] scripts/same-tables.sh OLD NEW [WORK]
#
# OLD, NEW   unpacked programs (folders with bin/netdissect)
# WORK       new folder for the runs, kept afterwards (default: a temporary folder, removed)
# LIMIT      use only the first N images of each probe set, for a quick run
#
# Each case below is dissected by OLD and by NEW, each with a cache of its own that begins empty, and again by NEW with
# the cache of OLD, which must not need a forward pass. Networks and the probe set in ../shared (or $NETDISSECT_SHARED)
# are used if they exist. The column tied of detectors.csv, where NEW alone has it, is not compared.
# Exit codes: 0 the same, 1 a difference or a run that failed, 2 wrong usage.
set -euo pipefail
usage() { sed -n '2,14s/^# \{0,1\}//p' "$0" >&2; exit 2; }
[ $# = 2 ] || [ $# = 3 ] || usage
for folder in "$1" "$2"; do
  [ -x "$folder/bin/netdissect" ] || { echo "same-tables: $folder has no bin/netdissect" >&2; exit 2; }
done
old=$(cd "$1" && pwd)/bin/netdissect new=$(cd "$2" && pwd)/bin/netdissect
if [ $# = 3 ]; then
  mkdir "$3" || exit 2
  work=$(cd "$3" && pwd)
else
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
fi
cd "$(dirname "$0")/.."
shared=${NETDISSECT_SHARED:-../shared}
kinds=(detectors.csv summary.json sweep.csv splits.csv chance.csv rotation.csv)
sample=(--model broden-sample/scenenet.pt --probe broden-sample)
places=(--model "$shared/models/squeezenet1_1bn-places365.traced.pt" --probe "$shared/probe"
        --channels BGR --pixel-scale 1 --mean 105.5,113.0,116.3 --std 255,255,255)
imagenet=(--model "$shared/models/squeezenet1_0-imagenet.traced.pt" --probe "$shared/probe"
          --channels RGB --pixel-scale 1 --mean 123,117,104 --std 1,1,1)
sweep=(--top-fraction 0.005,0.002,0.01 --iou 0.04,0.02,0.1)
failed=0

# Calls "$@ NAME OPTIONS OF DISSECT ..." for each case.
cases() {
  "$@" sample-all "${sample[@]}" --layer 'layer?' --layer layer5.bn2 --layer fc
  "$@" sample-tails "${sample[@]}" --layer layer5 --layer layer5.bn2 --tail both "${sweep[@]}" --split train,val
  "$@" sample-lower "${sample[@]}" --layer layer5.bn2 --tail lower --comparison at-least
  "$@" sample-permutation "${sample[@]}" --baseline permutation --permutations 200 --split train,val --seed 3
  "$@" sample-netdissect "${sample[@]}" --profile netdissect --baseline none
  "$@" sample-lite "${sample[@]}" --profile netdissect-lite --detectors html --categories object,color
  "$@" sample-memory "${sample[@]}" --memory 1MB --tail both "${sweep[@]}"
  "$@" sample-float16 "${sample[@]}" --cache-precision float16 --interpolation align-corners
  "$@" sample-rotated "${sample[@]}" --layer layer5 --rotate 0.5 --seed 5
  "$@" sample-bases "${sample[@]}" --layer layer5 --rotate-sweep 0,0.5,1 --trials 2 --seed 5
  "$@" sample-given "${sample[@]}" --layer layer5 --thresholds "$work/old/sample-all/layer5/detectors.csv"
  "$@" sample-streamed "${sample[@]}" --no-cache --tail both "${sweep[@]}" --split train,val
  "$@" sample-sketched "${sample[@]}" --no-cache --memory 6MB --top-fraction 0.5
  [ -d "$shared/probe" ] && [ -d "$shared/models" ] || return 0
  "$@" places "${places[@]}" --layer fire5 --layer fire9 --baseline none
  "$@" places-tails "${places[@]}" --layer fire9 --layer fire9.expand3x3.bn --tail both "${sweep[@]}"
  "$@" places-permutation "${places[@]}" --layer fire9 --baseline permutation --permutations 200
  "$@" places-streamed "${places[@]}" --layer fire9 --no-cache
  "$@" imagenet "${imagenet[@]}" --layer features.12 --layer features.12.expand3x3 --tail both "${sweep[@]}"
}

dissect() {  # program, set of runs, cache, name of the case, options of dissect
  local program=$1 runs=$2 cache=$3 out=$work/$2/$4
  shift 4
  case "$runs $*" in
    again*--no-cache*) return 0 ;;
    *--no-cache*) ;;
    *) set -- "$@" --cache "$cache" ;;
  esac
  echo "${out#"$work/"}" >&2
  if ! "$program" dissect "$@" --out "$out" --no-report ${LIMIT:+--limit "$LIMIT"} > /dev/null 2> "$out.err"; then
    echo "FAILED ${out#"$work/"}: $(tail -n 1 "$out.err")"
    failed=1
  fi
}

# Prints detectors.csv without the column tied. Its position counts from the end of a row, as labels before it may hold commas.
without_tied() {
  awk -F, '
    NR == 1 { for (i = 1; i <= NF; i++) if ($i == "tied") back = NF - i; else if (i == NF && back == "") back = -1 }
    back < 0 { print; next }
    { text = ""; for (i = 1; i <= NF; i++) if (i != NF - back) text = text (text == "" ? "" : ",") $i; print text }' "$1"
}

# Prints where two files differ, and nothing for equal ones.
difference() {  # file of OLD, file of NEW
  if [ ! -f "$2" ]; then
    echo "missing in NEW"
  elif [ "$(basename "$1")" = detectors.csv ] && ! head -n 1 "$1" | grep -q ',tied\(,\|$\)'; then
    without_tied "$2" | cmp "$1" - 2>&1 | sed 's/.* differ: //; s/.* EOF /EOF /'
  else
    cmp "$1" "$2" 2>&1 | sed 's/.* differ: //; s/.* EOF /EOF /'
  fi
}

tables() {  # folder, kind
  (cd "$1" && find . -name "$2" | LC_ALL=C sort)
}

compare() {  # set of runs of NEW
  local kind file count different where
  for kind in "${kinds[@]}"; do
    count=0 different=0
    while read -r file; do
      count=$((count + 1))
      where=$(difference "$work/old/$file" "$work/$1/$file" || :)
      [ -z "$where" ] || { different=$((different + 1)); echo "DIFFERENT ${file#./}: $where"; }
    done < <(tables "$work/old" "$kind" | if [ "$1" = again ]; then grep -v -e streamed -e sketched; else cat; fi)
    while read -r file; do
      [ -f "$work/old/$file" ] || { different=$((different + 1)); echo "ONLY IN NEW ${file#./}"; }
    done < <(tables "$work/$1" "$kind")
    echo "$kind: $count compared, $different different"
    [ "$count" -gt 0 ] && [ "$different" = 0 ] || failed=1
  done
}

mkdir "$work/old" "$work/new" "$work/again"
cases dissect "$old" old "$work/old-cache"
cases dissect "$new" new "$work/new-cache"
echo "== NEW against OLD"
compare new
touch "$work/before"
cases dissect "$new" again "$work/old-cache"
echo "== NEW with the cache of OLD against OLD"
compare again
passes=$(cat "$work"/again/*/run.json | grep -c '"wasCached" : false' || :)
written=$(find "$work/old-cache" \( -name '*.npy' -o -name '*.bin' \) -newer "$work/before" | wc -l)
echo "from the cache: $passes layers computed again, $written files of activations, thresholds, counts and draws written"
[ "$passes" = 0 ] && [ "$written" = 0 ] || failed=1
exit $failed
