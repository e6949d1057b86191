#!/bin/sh
# The training desk in a real Chromium: every lesson by keyboard alone and by mouse, accessibility, hostile requests, a
# desk that is killed in the middle of a class, forty seats at once. The last line is "N passed, M failed, K skipped".
# Usage: Tests/RealDesk/run.sh VMYNA_BINARY [--screens FOLDER] [WORD…]   only checks whose name contains a WORD
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
[ $# -ge 1 ] && [ -x "$1" ] || {
    echo "vmyna: there is no program, ${1:-}" >&2
    echo "  fix: make build, and name .build/release/vmyna" >&2
    exit 3
}
"$root/Scripts/need-packages.sh" chromium chromium-driver python3-selenium fonts-noto-cjk
# The rules of axe, when they can be had; our own checks are made in any case.
axe=$root/.build/axe
if [ ! -f "$axe/axe_core_python/axe.min.js" ]; then
    "$root/Scripts/need-packages.sh" python3-pip || true
    /usr/bin/python3 -m pip --quiet --disable-pip-version-check install --no-deps --target "$axe" \
        axe-core-python==0.1.0 2>/dev/null || echo "axe-core is not to be had: only our own checks of accessibility"
fi
# Servers are on loopback; no proxy is asked for the way.
unset http_proxy https_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY all_proxy || true
vmyna=$(realpath "$1")
shift
exec /usr/bin/python3 -B "$here/checks.py" "$vmyna" "$@"
