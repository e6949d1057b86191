#!/bin/sh
# `vmyna connect` against Debian's vpcd driver in a pcscd of its own, and against peers that lie.
# Usage: Tests/RealReader/vpcd/run.sh [VMYNA_BINARY] [WORD…]   as root; the machine's own pcscd is not touched.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
vmyna=${1:-$root/.build/release/vmyna}
[ $# -gt 0 ] && shift

fail() {
    echo "vmyna: $1" >&2
    echo "  fix: $2" >&2
    exit 3
}

[ -x "$vmyna" ] || fail "there is no program, $vmyna" "make build, or name .build/release/vmyna"
[ "$(id -u)" = 0 ] || fail "a private pcscd needs root, $0" "sudo $0"
for program in pcscd opensc-tool pkcs15-tool openssl; do
    command -v $program >/dev/null || fail "$program is missing" "apt install pcscd opensc openssl"
done
/usr/bin/python3 -c 'import smartcard' 2>/dev/null ||
    fail "pyscard is missing, /usr/bin/python3" "apt install python3-pyscard"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# The package would give the machine's own pcscd a reader that listens to everybody, so it is only unpacked.
driver=/usr/lib/pcsc/drivers/serial/libifdvpcd.so
if [ ! -f $driver ]; then
    (cd "$work" && chmod 755 . && apt-get download -q vsmartcard-vpcd >download.log 2>&1 && dpkg -x vsmartcard-vpcd_*.deb unpacked) ||
        fail "the package vsmartcard-vpcd cannot be had" "apt-get update, and try again"
    driver=$work/unpacked$driver
fi

[ -d /run/pcscd ] || mkdir /run/pcscd
unshare --mount sh -c '
    for folder in /run/pcscd /etc/reader.conf.d; do [ ! -d $folder ] || mount -t tmpfs tmpfs $folder; done
    exec /usr/bin/python3 -B "$@"' sh "$here/checks.py" "$vmyna" "$driver" "$work" "$@"
