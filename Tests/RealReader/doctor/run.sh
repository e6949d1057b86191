#!/bin/sh
# `vmyna doctor` against every reason that it knows: each is made to happen in a mount namespace of its own.
#   Tests/RealReader/doctor/run.sh [-k WORD]     as root
# Takes VMYNA (the program, .build/release/vmyna or .build/debug/vmyna by default) and VMYNA_DRIVER.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../../.." && pwd)

# fail WHAT FIX
fail() {
    echo "vmyna: $1" >&2
    echo "  fix: $2" >&2
    exit 3
}
if [ -z "${VMYNA:-}" ]; then
    VMYNA=$top/.build/debug/vmyna
    [ -x "$top/.build/release/vmyna" ] && VMYNA=$top/.build/release/vmyna
fi
VMYNA_DRIVER=${VMYNA_DRIVER:-$(dirname "$VMYNA")/libifdvmyna.so}
export VMYNA VMYNA_DRIVER
[ "$(id -u)" = 0 ] || fail "these checks mount and need root, $0" "sudo $0"
for tool in pcscd unshare setpriv cc; do
    command -v $tool >/dev/null || fail "a program is missing, $tool" "apt-get install pcscd util-linux build-essential"
done
# The system's Python: one below a home folder is hidden in the cases.
exec /usr/bin/python3 -B "$here/doctor.py" "$@"
