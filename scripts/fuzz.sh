#!/usr/bin/env bash
# Feeds mutated files to the readers of files (Jazzer): scripts/fuzz.sh [SECONDS [TARGET...]]
# SECONDS for each target (default: 60). Targets are the *Fuzz classes under src/test/java (default: all).
# Seeds and earlier findings are in src/test/resources/fuzz/TARGET. New inputs are written to target/fuzz/TARGET:
# corpus/ has inputs that reached new code, found/ has inputs that failed. Reduce the latter and store them as
# src/test/resources/fuzz/TARGET/found-*; FuzzRegressionTest runs them in every build.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-60}
shift || true
known=$(find src/test/java -name '*Fuzz.java' | sed 's|src/test/java/||; s|/|.|g; s|\.java$||' | sort)
targets=${*:-$(sed 's|.*\.||' <<<"$known")}
# shellcheck disable=SC2086
mvn -q -B -ntp -P fuzz ${NETDISSECT_MVN_ARGS:-} test-compile dependency:build-classpath \
  -Dmdep.outputFile=target/fuzz/classpath -Dmdep.includeScope=test
# copies the classes, so that a build during the fuzzing does not change them
build=target/fuzz/build
rm -rf "$build"
mkdir -p "$build"
cp -r target/classes target/test-classes "$build"
temporary=/dev/shm
[ -w "$temporary" ] || temporary=${TMPDIR:-/tmp}
for target in $targets; do
  class=$(grep "\.$target\$" <<<"$known") || { echo "fuzz.sh: no target $target among: $(echo $known)" >&2; exit 2; }
  work=target/fuzz/$target
  mkdir -p "$work/corpus" "$work/found"
  seeds=src/test/resources/fuzz/$target
  dictionary=$(find src/test/resources/fuzz -maxdepth 1 -name "$target.dict")
  echo "== $target, $seconds s (log: $work/log)"
  java -Xmx1g -XX:+UseSerialGC -Djava.awt.headless=true -Djava.io.tmpdir="$temporary" \
    -cp "$build/test-classes:$build/classes:$(cat target/fuzz/classpath)" com.code_intelligence.jazzer.Jazzer \
    --target_class="$class" --instrumentation_includes='org.netdissect.**:org.apache.commons.csv.**' \
    --keep_going=20 --reproducer_path="$work/found" \
    -artifact_prefix="$work/found/" ${dictionary:+-dict="$dictionary"} \
    -max_total_time="$seconds" -timeout=120 -report_slow_units=120 -rss_limit_mb=3000 -max_len=8192 -print_final_stats=1 \
    "$work/corpus" "$seeds" >"$work/log" 2>&1 || true # findings are listed below
  grep -aE '^(stat::number_of_executed_units|stat::average_exec|Done)|^== Java Exception|ERROR: libFuzzer|^DEDUP' "$work/log" || tail -n 5 "$work/log"
done
if ls target/fuzz/*/found/* 2>/dev/null; then
  exit 1
fi
echo "nothing found"
