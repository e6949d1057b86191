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
# The system's Python: it can be told apart from a project's own by having no packages to miss.
exec /usr/bin/env python3 "$here/world.py" "$@"
