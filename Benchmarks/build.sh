#!/bin/sh
# Builds what the benchmark measures with: the do-nothing IFD handler and the PC/SC client.
# Usage: Benchmarks/build.sh [FOLDER]   (default .build/benchmarks)
set -eu

here=$(cd "$(dirname "$0")" && pwd)
folder=${1:-$here/../.build/benchmarks}
mkdir -p "$folder"

flags="-std=c11 -D_GNU_SOURCE -O2 -Wall -Wextra -Wpedantic -Wshadow -Werror -isystem /usr/include/PCSC"
# shellcheck disable=SC2086 # the flags are words
cc $flags -fPIC -shared -fvisibility=hidden -o "$folder/libifdfloor.so" "$here/floor-handler/floor_handler.c"
# shellcheck disable=SC2086
cc $flags -o "$folder/pcsc-client" "$here/pcsc-client/pcsc_client.c" -lpcsclite
