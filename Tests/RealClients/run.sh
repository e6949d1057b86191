#!/bin/sh
# Real programs against a virtual card: OpenSC, PKCS#11, pyscard, openssl. One line per check; the last line is "N passed, M failed".
# Usage: Tests/RealClients/run.sh VMYNA_BINARY [WORD…]   as root; only checks whose name contains a WORD. UPDATE=1 rewrites Tests/Golden.
set -eu

here=$(cd "$(dirname "$0")" && pwd)

fail() {
    echo "vmyna: $1" >&2
    echo "  fix: $2" >&2
    exit 3
}

[ $# -ge 1 ] || { echo "usage: $0 VMYNA_BINARY [WORD...]" >&2; exit 2; }
[ -x "$1" ] || fail "there is no program, $1" "make build, and name .build/release/vmyna"
[ "$(id -u)" = 0 ] || fail "the private pcscd of these checks needs root, $0" "sudo $0 $*"
for program in pcscd opensc-tool pkcs15-tool pkcs11-tool openssl unshare; do
    command -v $program >/dev/null || fail "$program is missing" "apt install pcscd opensc openssl util-linux"
done
/usr/bin/python3 -c 'import smartcard' 2>/dev/null || fail "pyscard is missing, /usr/bin/python3" "apt install python3-pyscard"
vmyna=$(realpath "$1")
shift

# The machine's own pcscd is not touched: its folder is covered in a mount namespace of our own.
[ -d /run/pcscd ] || mkdir /run/pcscd
exec unshare --mount sh -c '
    mount -t tmpfs tmpfs /run/pcscd
    exec /usr/bin/python3 -B "$@"' sh "$here/main.py" "$vmyna" "$@"
