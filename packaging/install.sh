#!/bin/sh
# Installs a build: program, reader driver, readers, gallery, service, completions, manual pages. `make install` and
# `make deb` call it. What was installed is listed, and --remove takes exactly that away.
set -eu
top=$(cd "$(dirname "$0")/.." && pwd)
build=$top/.build/release
prefix=/usr/local
destination=
readers=1
remove=no

usage() {
    cat <<'TEXT'
Usage: packaging/install.sh [--prefix FOLDER] [--destination FOLDER] [--readers N] [--build FOLDER] [--remove]
  --prefix FOLDER       where the program goes (default /usr/local)
  --destination FOLDER  install below FOLDER instead of /, for packaging
  --readers N           readers that pcscd shows, 1 to 16 (default 1)
  --build FOLDER        the build to install (default .build/release)
  --remove              take away what this script has installed
TEXT
}

# fail CODE WHAT FIX
fail() {
    echo "vmyna: $2" >&2
    echo "  fix: $3" >&2
    exit "$1"
}

while [ $# -gt 0 ]; do
    case $1 in
    --help) usage && exit 0 ;;
    --remove) remove=yes ;;
    --prefix | --destination | --readers | --build)
        [ $# -ge 2 ] || fail 2 "a value is missing, $1" "packaging/install.sh --help"
        case $1 in
        --prefix) prefix=${2%/} ;;
        --destination) destination=${2%/} ;;
        --readers) readers=$2 ;;
        --build) build=$2 ;;
        esac
        shift
        ;;
    *) fail 2 "no such option, $1" "packaging/install.sh --help" ;;
    esac
    shift
done

share=$prefix/share
list=$destination$share/vmyna/installed

if [ $remove = yes ]; then
    [ -f "$list" ] || fail 1 "nothing is installed, $list" "name the --prefix and --destination of the installation"
    while read -r file; do
        rm -f "$destination$file"
        # Folders that are empty now, up to the first that is not.
        rmdir -p --ignore-fail-on-non-empty "$(dirname "$destination$file")" 2>/dev/null || true
    done <"$list"
    rm -f "$list"
    rmdir -p --ignore-fail-on-non-empty "$(dirname "$list")" 2>/dev/null || true
    echo "removed"
    echo "next: systemctl daemon-reload; systemctl restart pcscd"
    exit 0
fi

for file in vmyna vmyna-desk libifdvmyna.so; do
    [ -f "$build/$file" ] || fail 3 "there is no build, $build/$file" "make build"
done
mkdir -p "$destination$share/vmyna" 2>/dev/null || true
[ -w "$destination$share/vmyna" ] ||
    fail 3 "no right to write, $destination$share" "sudo make install, or --destination FOLDER to look at the result first"
: >"$list"

# put MODE SOURCE TARGET
put() {
    install -D -m "$1" "$2" "$destination$3"
    echo "$3" >>"$list"
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

put 755 "$build/vmyna" "$prefix/bin/vmyna"
strip --strip-all "$destination$prefix/bin/vmyna"
# The training desk's server, which `vmyna desk` becomes, its page and its lessons.
put 755 "$build/vmyna-desk" "$prefix/libexec/vmyna/vmyna-desk"
strip --strip-all "$destination$prefix/libexec/vmyna/vmyna-desk"
(cd "$top/Training" && find . -type f ! -name '.*' | sed 's|^\./||' | sort) >"$work/training"
while read -r file; do put 644 "$top/Training/$file" "$share/vmyna/Training/$file"; done <"$work/training"
for card in "$top"/CardImages/*; do
    [ ! -f "$card" ] || put 644 "$card" "$share/vmyna/CardImages/$(basename "$card")"
done

# The driver and the readers, where pcscd looks for them whatever our prefix is.
"$top/ifd-bundle/install.sh" --driver "$build/libifdvmyna.so" --readers "$readers" \
    ${destination:+--destination "$destination"} >"$work/driver"
sed -n 's/^installed \([^ ]*\).*/\1/p' "$work/driver" | sed "s|^$destination||" >>"$list"
find "$destination/usr/lib" -name libifdvmyna.so -path '*/serial/*' -exec strip --strip-unneeded {} +

sed "s|@PREFIX@|$prefix|" "$top/packaging/vmyna.service" >"$work/vmyna.service"
put 644 "$work/vmyna.service" "$prefix/lib/systemd/system/vmyna.service"
put 644 "$top/packaging/vmyna.tmpfiles" "$prefix/lib/tmpfiles.d/vmyna.conf"
put 644 "$top/packaging/vmyna.default" /etc/default/vmyna

for shell in bash zsh fish; do
    "$build/vmyna" --generate-completion-script $shell >"$work/$shell"
done
# It is read by a shell that runs already.
sed -i '1{/^#!/d}' "$work/bash"
put 644 "$work/bash" "$share/bash-completion/completions/vmyna"
put 644 "$work/fish" "$share/fish/vendor_completions.d/vmyna.fish"
case $prefix in
/usr) put 644 "$work/zsh" "$share/zsh/vendor-completions/_vmyna" ;;
*) put 644 "$work/zsh" "$share/zsh/site-functions/_vmyna" ;;
esac

version=$("$build/vmyna" --version | sed 's/^vmyna //')
day=$(date -u -d "@${SOURCE_DATE_EPOCH:-$(date +%s)}" +%Y-%m-%d)
"$build/vmyna" --experimental-dump-help | "$top/packaging/manual.py" "$work/man" "$version" "$day"
for page in "$work"/man/*.1; do
    gzip -9n "$page"
    put 644 "$page.gz" "$share/man/man1/$(basename "$page").gz"
done
gzip -9n "$work/man/ja/vmyna.1"
put 644 "$work/man/ja/vmyna.1.gz" "$share/man/ja/man1/vmyna.1.gz"
for document in README.md README.ja.md LICENSE; do
    [ ! -f "$top/$document" ] || put 644 "$top/$document" "$share/doc/vmyna/$document"
done

echo "installed $(wc -l <"$list") files below $destination$prefix and pcscd's folders"
[ -n "$destination" ] || {
    # A place for the socket until the next start of the machine makes it.
    mkdir -p /run/vmyna
    echo "next: systemctl daemon-reload; systemctl restart pcscd; systemctl enable --now vmyna"
    echo "      (without systemd: pcscd; vmyna serve)"
    echo "then: vmyna doctor"
}
