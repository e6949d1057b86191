#!/bin/sh
# The reader driver's checks once more, with the address and undefined-behaviour sanitizers over the driver inside the real
# pcscd: built here, the sanitizer's library loaded into pcscd first. Anything it reports fails the run.
# Usage: Tests/RealReader/driver/sanitized.sh [CHECK…]   as root
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
sources=$root/Sources/CReaderDriver
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Unlike the sources' own build: without nodelete and as-needed, which change nothing for the sanitizers.
gcc -std=c11 -D_GNU_SOURCE -Wall -Wextra -Werror -g -O1 -fno-omit-frame-pointer -fPIC -shared -fvisibility=hidden \
    -isystem /usr/include/PCSC -fsanitize=address,undefined -fno-sanitize-recover=undefined \
    -Wl,--version-script="$sources/exports.map" -o "$work/libifdvmyna.so" "$sources"/*.c

# pcscd's own leaks are not ours to report, and its way to start (a fork and an exit) would show them all.
export LD_PRELOAD="$(gcc -print-file-name=libasan.so) $(gcc -print-file-name=libubsan.so)"
export ASAN_OPTIONS="detect_leaks=0:abort_on_error=1:log_path=$work/report"
export UBSAN_OPTIONS="print_stacktrace=1:abort_on_error=1:log_path=$work/report"
result=0
if [ $# -eq 0 ]; then
    # All checks but the one that looks at what the shipped library needs.
    set -- $(cd "$here" && LD_PRELOAD= /usr/bin/python3 -B -c '
import sys
sys.argv = ["checks", "/dev/null"]
import checks_direct, checks_normal, checks_hostile
from register import CHECKS
print(" ".join(name for name in CHECKS if "exports" not in name))')
fi
if ! "$here/run.sh" "$work/libifdvmyna.so" "$@" >"$work/log"; then
    # Several checks have limits of milliseconds, which a loaded machine under sanitizers may miss once.
    again=$(sed -n 's/^FAIL \(.*\) ([0-9.]* s).*/\1/p' "$work/log" | tr ' ' '_')
    # shellcheck disable=SC2086 # names are words
    "$here/run.sh" "$work/libifdvmyna.so" $again >>"$work/log" || result=$?
fi
cat "$work/log"
for report in "$work"/report*; do
    [ -e "$report" ] || continue
    head -n 60 "$report" >&2
    result=1
done
[ $result -ne 0 ] || echo "no report of the sanitizers"
exit $result
