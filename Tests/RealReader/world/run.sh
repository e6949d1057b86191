#!/bin/sh
# `vmyna run` on this machine: exit codes, signals, kills of every part, many at once, users, containers.
#   Tests/RealReader/world/run.sh [-k WORD]
# Takes VMYNA (the program, .build/release/vmyna or .build/debug/vmyna by default) and VMYNA_DRIVER.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../../.." && pwd)
if [ -z "${VMYNA:-}" ]; then
  VMYNA=$top/.build/debug/vmyna
  [ -x "$top/.build/release/vmyna" ] && VMYNA=$top/.build/release/vmyna
fi
export VMYNA
# Some checks are another user's. A checkout that others may not enter, below /root for instance, is reached by /mnt.
if [ "$(id -u)" = 0 ] && ! setpriv --reuid 64123 --regid 64123 --clear-groups test -x "$VMYNA"; then
  exec unshare --mount sh -eu -c 'mount --bind "$1" /mnt; cd /; VMYNA=/mnt${2#"$1"}; shift 2
    exec /mnt/Tests/RealReader/world/run.sh "$@"' sh "$top" "$(realpath "$VMYNA")" "$@"
fi
# The system's Python: it can be told apart from a project's own by having no packages to miss.
exec /usr/bin/env python3 "$here/world.py" "$@"
