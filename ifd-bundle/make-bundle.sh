#!/bin/sh
# Lays out the driver as an IFD bundle. Usage: ifd-bundle/make-bundle.sh [DRIVER [BUNDLE [VERSION]]]
set -eu

here=$(cd "$(dirname "$0")" && pwd)
driver=${1:-$here/../.build/release/libifdvmyna.so}
bundle=${2:-$here/../.build/ifd-vmyna.bundle}
version=${3:-0.1.0}

if [ ! -f "$driver" ]; then
    echo "vmyna: there is no driver to put into the bundle, $driver" >&2
    echo "  fix: swift build -c release --product ifdvmyna" >&2
    exit 3
fi

rm -rf "$bundle"
mkdir -p "$bundle/Contents/Linux"
install -m 644 "$driver" "$bundle/Contents/Linux/libifdvmyna.so"
sed -e 's|@EXECUTABLE@|libifdvmyna.so|' -e "s|@VERSION@|$version|" "$here/Info.plist" >"$bundle/Contents/Info.plist"
