#!/bin/sh
# Captures the bundled word count on a text ten times as long: benchmarks/long-trace.sh OUT.ltrace
# Needs what `legosim trace capture` needs (qemu-user, gcc). About 20 million accesses.
set -eu
out=${1:?usage: benchmarks/long-trace.sh OUT.ltrace}
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
gcc -O2 -pthread -o "$work/wordcount" "$root/trace-capture/examples/wordcount.c"
gcc -O2 -o "$work/textgen" "$root/trace-capture/examples/textgen.c"
"$work/textgen" 500000 2000 1000 1 > "$work/text"
"$root/legosim" trace capture --from main -o "$out" -- "$work/wordcount" "$work/text" 4 3
