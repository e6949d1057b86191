#!/bin/sh
# Makes the Debian package of a build. Usage: packaging/deb/build.sh [OUTPUT-FOLDER]   (default .build)
set -eu
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
output=${1:-$top/.build}
# The oldest C library of the releases that the package is for (Ubuntu 22.04).
newest_libc=2.35

# fail CODE WHAT FIX
fail() {
    echo "vmyna: $2" >&2
    echo "  fix: $3" >&2
    exit "$1"
}
for tool in dpkg-deb dpkg-shlibdeps objdump strip gzip; do
    command -v $tool >/dev/null || fail 3 "a program is missing, $tool" "apt-get install dpkg-dev binutils"
done
[ -x "$top/.build/release/vmyna" ] || fail 3 "there is no build, $top/.build/release/vmyna" "make build"

version=$("$top/.build/release/vmyna" --version | sed 's/^vmyna //')
architecture=$(dpkg --print-architecture)
package=$output/vmyna_${version}_$architecture.deb
# The same sources give the same package: the time of the last commit, not of the build.
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git -C "$top" log -1 --format=%ct 2>/dev/null || date +%s)}
export SOURCE_DATE_EPOCH

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
stage=$work/stage
umask 022
mkdir "$stage"
"$top/packaging/install.sh" --prefix /usr --destination "$stage" >/dev/null
rm "$stage/usr/share/vmyna/installed" "$stage/usr/share/doc/vmyna/LICENSE"

# Every symbol has to be there on the oldest release.
needed=$(objdump -T "$stage/usr/bin/vmyna" "$stage/usr/libexec/vmyna/vmyna-desk" "$stage/usr/lib/pcsc/drivers/serial/libifdvmyna.so" |
    grep -o 'GLIBC_[0-9.]*' | sed 's/GLIBC_//' | sort -Vu | tail -n 1)
[ "$(printf '%s\n%s\n' "$needed" $newest_libc | sort -V | tail -n 1)" = $newest_libc ] ||
    fail 1 "the program needs GLIBC $needed, and Ubuntu 22.04 has $newest_libc" "build on Debian 12 or older"

mkdir -p "$work/debian"
printf 'Source: vmyna\n\nPackage: vmyna\nArchitecture: any\n' >"$work/debian/control"
if ! (cd "$work" && dpkg-shlibdeps -O "$stage/usr/bin/vmyna" "$stage/usr/libexec/vmyna/vmyna-desk" "$stage/usr/lib/pcsc/drivers/serial/libifdvmyna.so") \
    >"$work/shlibs" 2>"$work/log"; then
    cat "$work/log" >&2
    fail 3 "the libraries that the program needs belong to no package" "apt-get install libssl-dev libsqlite3-dev, and build again"
fi
libraries=$(sed 's/^shlibs:Depends=//' "$work/shlibs")

mkdir "$stage/DEBIAN"
size=$(du -sk --apparent-size "$stage/usr" "$stage/etc" | awk '{ sum += $1 } END { print sum }')
sed -e "s|@VERSION@|$version|" -e "s|@ARCHITECTURE@|$architecture|" -e "s|@LIBRARIES@|$libraries|" \
    -e "s|@SIZE@|$size|" "$here/control.in" >"$stage/DEBIAN/control"
for script in postinst prerm postrm; do install -m 755 "$here/$script" "$stage/DEBIAN/$script"; done
(cd "$stage" && find etc -type f -printf '/%p\n' | sort) >"$stage/DEBIAN/conffiles"

documents=$stage/usr/share/doc/vmyna
install -m 644 "$here/copyright" "$documents/copyright"
sed "s|@VERSION@|$version|; s|@DATE@|$(date -u -R -d "@$SOURCE_DATE_EPOCH")|" "$here/changelog.in" >"$documents/changelog"
gzip -9n "$documents/changelog"
install -D -m 644 "$here/lintian-overrides" "$stage/usr/share/lintian/overrides/vmyna"
(cd "$stage" && find usr -type f -print0 | sort -z | xargs -0 md5sum) >"$stage/DEBIAN/md5sums"
find "$stage" -newermt "@$SOURCE_DATE_EPOCH" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +

mkdir -p "$output"
dpkg-deb --root-owner-group -Zxz -b "$stage" "$package" >/dev/null
echo "made $package: $(stat -c %s "$package") bytes, program $(stat -c %s "$stage/usr/bin/vmyna") bytes, GLIBC $needed"
