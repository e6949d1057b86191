#!/bin/sh
# Installs the Debian or Ubuntu packages that are missing, and says so first.
# Usage: Scripts/need-packages.sh PACKAGE…
set -eu

missing=
for package in "$@"; do
    dpkg-query -W -f '${Status}\n' "$package" 2>/dev/null | grep -q '^install ok installed$' || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

command -v apt-get >/dev/null || {
    echo "vmyna: these packages are missing and there is no apt-get here,$missing" >&2
    echo "  fix: install them (or what your system calls them) and run this again" >&2
    exit 3
}
root=
[ "$(id -u)" = 0 ] || root=sudo
echo "Installing what is missing:$missing"
# Nobody is asked anything, whatever sudo lets through of the environment.
installer="$root env DEBIAN_FRONTEND=noninteractive apt-get"
# Another apt may be at work on this machine.
patience="-o DPkg::Lock::Timeout=300"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# shellcheck disable=SC2086 # packages are words
if ! { $installer $patience update && $installer $patience install -y --no-install-recommends $missing; } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    echo "vmyna: the packages could not be installed,$missing" >&2
    echo "  fix: $root apt-get install$missing" >&2
    exit 3
fi
