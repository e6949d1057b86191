#!/bin/sh
# The Debian package on bare systems without Swift: install, use as root and as an ordinary user, remove.
#   Tests/Package/run.sh [--deb FILE] [SUITE…]      as root; suites of Debian or Ubuntu, "bookworm trixie" by default
# Those of Ubuntu (jammy, noble …) need its signing keys here, or VMYNA_UNSIGNED=1 for a machine that may be thrown away.
# A suite's system is made once (debootstrap) and kept in VMYNA_ROOTS (.build/roots); each test works on a copy that
# vanishes (overlay). Systems and packages come from the archive that this machine's apt uses.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
roots=${VMYNA_ROOTS:-$top/.build/roots}
package=

# fail CODE WHAT FIX
fail() {
    echo "vmyna: $2" >&2
    echo "  fix: $3" >&2
    exit "$1"
}
if [ "${1:-}" = --deb ]; then
    package=${2:?}
    shift 2
fi
for file in "$top"/.build/vmyna_*_"$(dpkg --print-architecture)".deb; do
    [ -n "$package" ] || package=$file
done
[ -f "$package" ] || fail 3 "there is no package, $package" "make deb"
[ "$(id -u)" = 0 ] || fail 3 "these checks mount and need root, $0" "sudo $0"
for tool in debootstrap lintian man zsh fish; do
    command -v $tool >/dev/null || fail 3 "a program is missing, $tool" "apt-get install debootstrap lintian man-db zsh fish"
done
[ $# -gt 0 ] || set -- bookworm trixie
# Of a folder that others could write to, root installs nothing.
mirror=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' | grep -v security | head -n 1)
[ -n "$mirror" ] || mirror=$(sed -n 's/^URIs: *//p' /etc/apt/sources.list.d/*.sources | head -n 1)

echo "== what needs no system of its own"
lintian --allow-root --fail-on error --tag-display-limit 0 "$package"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
dpkg-deb -x "$package" "$work"
for page in "$work"/usr/share/man/man1/*.gz "$work"/usr/share/man/ja/man1/*.gz; do
    LC_ALL=C.UTF-8 MANROFFSEQ='' man --warnings -E UTF-8 -l -Tutf8 -Z "$page" >/dev/null 2>"$work/log"
    [ ! -s "$work/log" ] || { cat "$work/log" && fail 1 "a manual page has faults, $page" "look at packaging/manual.py"; }
done
# Every command has a page.
"$work/usr/bin/vmyna" --help | sed -n 's/^  \([a-z][a-z-]*\)  .*/\1/p' | while read -r command; do
    [ -f "$work/usr/share/man/man1/vmyna-$command.1.gz" ] || fail 1 "a command has no page, $command" "look at packaging/manual.py"
done
bash -n "$work/usr/share/bash-completion/completions/vmyna"
zsh -n "$work/usr/share/zsh/vendor-completions/_vmyna"
fish --no-execute "$work/usr/share/fish/vendor_completions.d/vmyna.fish"
bash -c '. "$0" && complete -p vmyna' "$work/usr/share/bash-completion/completions/vmyna" >/dev/null
if command -v systemd-analyze >/dev/null; then
    # The program is not here, so another stands for it.
    sed 's|^ExecStart=/usr/bin/vmyna|ExecStart=/bin/true|' "$work/usr/lib/systemd/system/vmyna.service" >"$work/vmyna.service"
    systemd-analyze --man=no --recursive-errors=no verify "$work/vmyna.service" 2>"$work/log" || true
    ! grep vmyna.service "$work/log" || fail 1 "the unit has faults, vmyna.service" "see above"
    systemd-analyze security --offline=true "$work/vmyna.service" | tail -n 1
fi
echo "ok    lintian, manual pages, completions, unit"

for suite in "$@"; do
    if [ ! -f "$roots/$suite/etc/debian_version" ]; then
        echo "== making a bare $suite (once)"
        script=$(readlink -f "/usr/share/debootstrap/scripts/$suite" || true)
        [ -f "$script" ] || fail 3 "debootstrap does not know this suite, $suite" "apt-get install debootstrap of a newer release, or name another suite"
        mkdir -p "$roots"
        rm -rf "$roots/$suite.new"
        # Ubuntu's script knows its own archive; Debian's comes from where this machine's packages come from.
        if grep -q ubuntu-archive-keyring "$script"; then
            unsigned=
            if [ ! -f /usr/share/keyrings/ubuntu-archive-keyring.gpg ]; then
                [ -n "${VMYNA_UNSIGNED:-}" ] || fail 3 "Ubuntu's signing keys are not here, /usr/share/keyrings/ubuntu-archive-keyring.gpg" \
                    "put the file of Ubuntu's package ubuntu-keyring there"
                unsigned=--no-check-gpg
            fi
            words="--components=main,universe $unsigned"
            source=
        else
            words=
            source=$mirror
        fi
        # shellcheck disable=SC2086 # words
        debootstrap --variant=minbase $words "$suite" "$roots/$suite.new" $source >"$roots/$suite.log" 2>&1 || {
            tail -n 5 "$roots/$suite.log" >&2
            fail 3 "a bare $suite could not be made" "look at $roots/$suite.log"
        }
        mv "$roots/$suite.new" "$roots/$suite"
    fi
    echo "== $suite"
    unshare --mount --propagation private "$here/in-system.sh" "$roots/$suite" "$package" "$top/Scripts/demo-inside.sh"
done
echo "== make install, and back"
"$top/packaging/install.sh" --destination "$work/machine" --readers 3 >/dev/null
[ "$(grep -c '^FRIENDLYNAME' "$work/machine/etc/reader.conf.d/vmyna")" = 3 ] || fail 1 "not three readers" "look at packaging/install.sh"
"$work/machine/usr/local/bin/vmyna" cards >/dev/null
"$top/packaging/install.sh" --destination "$work/machine" --remove >/dev/null
[ ! -e "$work/machine" ] || [ -z "$(find "$work/machine" ! -type d)" ] || fail 1 "files are left behind, $work/machine" "look at packaging/install.sh"
echo "ok    installed and removed"

if command -v podman >/dev/null; then
    echo "== containers"
    "$here/containers.sh" "$roots/$1"
fi
echo "package: all passed"
