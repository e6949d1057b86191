#!/bin/sh
# Scripts/as-root.sh COMMAND…: runs a command as root, with sudo where it is needed. Tests that make mount namespaces of their
# own are run so; nothing of the machine is changed.
set -eu
[ "$(id -u)" != 0 ] || exec "$@"
command -v sudo >/dev/null || {
    echo "vmyna: this needs root, and there is no sudo, $1" >&2
    echo "  fix: run it as root, or apt-get install sudo" >&2
    exit 3
}
# The PATH stays, which sudo would replace by its own: the tool chain is in it.
exec sudo --preserve-env=VMYNA,VMYNA_DRIVER,UPDATE,HAMMER_APDUS env PATH="$PATH" "$@"
