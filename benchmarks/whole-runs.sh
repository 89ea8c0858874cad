#!/bin/bash
# Whole processes, from the command to the result: start, decode, simulate, print. Best of RUNS (3).
#   benchmarks/whole-runs.sh [TRACE]
# The bundled trace by default; a longer one (benchmarks/long-trace.sh) shows less of the start-up.
set -euo pipefail
root=$(cd -- "$(dirname -- "$0")/.." && pwd)
trace=${1:-$root/configs/traces/wordcount.ltrace}
runs=${RUNS:-3}
legosim=$root/legosim
"$legosim" --help > /dev/null # builds what is missing

# best LABEL ACCESSES COMMAND...: the shortest wall time, and the processor time of that run
best() {
  local label=$1 accesses=$2 least=0 cpu=0
  shift 2
  for ((i = 0; i < runs; i++)); do
    local line
    line=$( { TIMEFORMAT='%R %U %S'; time "$@" > /dev/null 2> /dev/null; } 2>&1 | tail -n 1)
    read -r wall user system <<< "$line"
    if [ "$least" = 0 ] || awk "BEGIN { exit !($wall < $least) }"; then
      least=$wall
      cpu=$(awk "BEGIN { print $user + $system }")
    fi
  done
  awk -v l="$label" -v w="$least" -v c="$cpu" -v a="$accesses" 'BEGIN {
    printf "%-34s %7.2f s wall %7.2f s cpu", l, w, c
    if (a > 0) printf " %7.1f M accesses/s", a / w / 1e6
    print ""
  }'
}

run() { "$legosim" run --machine legoos-osdi18 --trace "$trace" --format json "$@"; }

accesses=$(run --set caches.model=off | sed -n 's/.*"accesses": *\([0-9]*\).*/\1/p' | head -n 1)
echo "trace of $accesses accesses, $(stat -c %s "$trace") bytes"
best "--help" 0 "$legosim" --help
best "page level, everything fits" "$accesses" run --set caches.model=off
best "page level, 4 MiB of pcache" "$accesses" run --set caches.model=off --set "pcache.size=4 MiB"
best "hierarchy, in-order" "$accesses" run --set caches.model=hierarchy --set core.model=in-order
LEGOSIM_JAVA_OPTS="-Xmx64m ${LEGOSIM_JAVA_OPTS:-}"
export LEGOSIM_JAVA_OPTS
best "page level in a heap of 64 MiB" "$accesses" run --set caches.model=off
