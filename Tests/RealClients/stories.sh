#!/bin/sh
# Every story of Stories/ through a real pcscd: the same scripts, the same answers.
#   Tests/RealClients/stories.sh
# Takes VMYNA (the program, .build/release/vmyna or .build/debug/vmyna by default).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
if [ -z "${VMYNA:-}" ]; then
  VMYNA=$top/.build/debug/vmyna
  [ -x "$top/.build/release/vmyna" ] && VMYNA=$top/.build/release/vmyna
fi
export VMYNA
# shellcheck disable=SC2016 # the inner shell has the reader's name
exec "$VMYNA" run --timeout 120 -- sh -c '"$VMYNA" play --reader "$VMYNA_READER" "$@"' sh "$top"/Stories/*.apdu
