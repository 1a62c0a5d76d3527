#!/usr/bin/env bash
# Dissects a table of networks and prints the counts of a paper against ours, network by network, with the difference.
#
# usage: scripts/reproduce.sh TABLE.csv MODELS PROBE OUT [RULE] [-- OPTIONS OF DISSECT]
#
# TABLE.csv  a row for each layer of each network: network, layer; model, the network's file in MODELS (NETWORK.pt); module,
#            the layer's name in that file (layer); options, more options of dissect, apart by blanks; and the paper's counts
#            in any of unique-all, unique-CATEGORY, detectors-all, detectors-CATEGORY. Only network and layer have to be
#            there. Layers of one network are dissected together.
# MODELS     folder of exported networks (scripts/export_torchscript.py), with their JSON descriptions
# PROBE      Broden, or another probe set in its format
# OUT        gets a run directory for each network, and reproduction.csv
# RULE       per-category (the released figures; default), top-label (the paper's text) or html
#
# A network that fails is told and passed over; the exit code is then 1. Run again, it goes on where it was.
# $NETDISSECT names another program than scripts/netdissect.
set -euo pipefail
usage() { sed -n '2,18s/^# \{0,1\}//p' "$0" >&2; exit 2; }
die() { echo "reproduce: $*" >&2; exit 2; }
[ $# -ge 4 ] || usage
table=$1 models=$2 probe=$3 out=$4 rule=per-category
shift 4
if [ $# -gt 0 ] && [ "$1" != -- ]; then rule=$1; shift; fi
[ $# -eq 0 ] || [ "$1" = -- ] || usage
[ "${1:-}" != -- ] || shift
[ -f "$table" ] || die "$table: no such file"
[ -d "$models" ] || die "$models: no such folder of networks"
[ -d "$probe" ] || die "$probe: no such probe set"
program=${NETDISSECT:-$(dirname "$0")/netdissect}

# One line for each network, its parts apart by the unit separator: network, model, options, layers apart by blanks.
networks() {
  tr -d '\r' < "$table" | sed '1s/^\xEF\xBB\xBF//' | awk -v file="$table" '
    function fail(what) { printf "reproduce: %s:%d: %s\n", file, NR, what > "/dev/stderr"; failed = 1; exit 2 }
    function split_row(row,   n, c, i, quoted) {
      n = 1; field[1] = ""; quoted = 0
      for (i = 1; i <= length(row); i++) {
        c = substr(row, i, 1)
        if (c == "\"" && quoted && substr(row, i + 1, 1) == "\"") { field[n] = field[n] c; i++ }
        else if (c == "\"") quoted = !quoted
        else if (c == "," && !quoted) field[++n] = ""
        else field[n] = field[n] c
      }
      if (quoted) fail("quotes do not match")
      return n
    }
    function cell(name) { return name in column ? field[column[name]] : "" }
    NR == 1 {
      columns = split_row($0)
      for (i = 1; i <= columns; i++) column[field[i]] = i
      if (!("network" in column) || !("layer" in column)) fail("expected the columns network and layer")
      next
    }
    NF {
      n = split_row($0)
      if (n != columns) fail(n " fields, expected " columns " as in the header")
      name = cell("network"); layer = cell("module") == "" ? cell("layer") : cell("module")
      model_file = cell("model") == "" ? name ".pt" : cell("model")
      if (name !~ /^[A-Za-z0-9_][A-Za-z0-9._-]*$/) fail("network \"" name "\", expected letters, digits, dots, _ and -")
      if (layer == "" || layer ~ /[ \t\037]/) fail("layer \"" layer "\", expected a name without blanks")
      if (!(name in layers)) order[++count] = name
      else if (model[name] != model_file || options[name] != cell("options"))
        fail("another model or other options than in an earlier row of " name)
      model[name] = model_file; options[name] = cell("options"); layers[name] = layers[name] " " layer
    }
    END {
      if (failed) exit 2
      for (i = 1; i <= count; i++) { n = order[i]; printf "%s\037%s\037%s\037%s\n", n, model[n], options[n], layers[n] }
    }'
}

list=$(networks)
[ -n "$list" ] || die "$table: names no network"
done=() failed=()
while IFS=$'\037' read -r network model options layers <&3; do
  arguments=()
  for layer in $layers; do arguments+=(--layer "$layer"); done
  set -f # no file names in place of patterns
  # shellcheck disable=SC2206
  arguments+=($options)
  set +f
  echo "reproduce: $network" >&2
  if "$program" dissect --model "$models/$model" --probe "$probe" --out "$out/$network" "${arguments[@]}" "$@" > /dev/null; then
    "$program" table --against "$table" --rule "$rule" "$out/$network" || exit $?
    done+=("$out/$network")
  else
    failed+=("$network")
  fi
done 3<<<"$list"
if [ ${#done[@]} -gt 0 ]; then
  "$program" table --against "$table" --rule "$rule" --csv "${done[@]}" > "$out/reproduction.csv.partial"
  mv "$out/reproduction.csv.partial" "$out/reproduction.csv"
  echo "${#done[@]} of $((${#done[@]} + ${#failed[@]})) networks; all counts: $out/reproduction.csv"
fi
if [ ${#failed[@]} -gt 0 ]; then
  echo "reproduce: failed: ${failed[*]}" >&2
  exit 1
fi
