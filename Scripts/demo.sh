#!/bin/sh
# The main job on real input: a private pcscd with a virtual My Number card in it, met by unmodified programs.
# Usage: Scripts/demo.sh VMYNA
set -eu
vmyna=$1
here=$(cd "$(dirname "$0")" && pwd)
exec "$vmyna" run --card fresh-adult -- sh "$here/demo-inside.sh" "$vmyna"
