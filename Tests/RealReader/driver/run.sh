#!/bin/sh
# The reader driver's checks: messages as bytes (C, with sanitizers), then a real pcscd of its own against a stand-in
# service.
# Usage: Tests/RealReader/driver/run.sh [DRIVER.so] [CHECK…]   as root; the machine's own pcscd is not touched.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
driver=${1:-$root/.build/release/libifdvmyna.so}
[ $# -gt 0 ] && shift

fail() {
    echo "vmyna: $1" >&2
    echo "  fix: $2" >&2
    exit 3
}

[ -f "$driver" ] || fail "there is no driver, $driver" "make build, or name the library as the first argument"
[ "$(id -u)" = 0 ] || fail "a private pcscd needs root, $0" "sudo $0"
command -v pcscd >/dev/null || fail "pcscd is missing" "apt install pcscd"
/usr/bin/python3 -c 'import smartcard' 2>/dev/null ||
    fail "pyscard is missing, /usr/bin/python3" "apt install python3-pyscard"

if [ $# -eq 0 ]; then
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    sources="$root/Sources/CReaderDriver"
    cc -std=c11 -D_GNU_SOURCE -Wall -Wextra -Wpedantic -Werror -g -fsanitize=address,undefined -fno-sanitize-recover \
        -I "$sources" -o "$work/frame_test" "$here/frame_test.c" "$sources/frame.c" "$sources/device_name.c"
    "$work/frame_test" || exit 1
fi

[ -d /run/pcscd ] || mkdir /run/pcscd
unshare --mount sh -c '
    for folder in /run/pcscd /usr/lib/pcsc/drivers /etc/reader.conf.d; do mount -t tmpfs tmpfs $folder; done
    exec /usr/bin/python3 -B "$@"' sh "$here/checks.py" "$driver" "$@"
