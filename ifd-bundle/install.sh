#!/bin/sh
# Makes the vmyna reader known to this machine's pcscd: copies the driver into pcscd's folder of drivers without
# hardware, and writes one reader.conf.d entry per reader.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
driver=
socket=/run/vmyna/socket
readers=1
destination=
remove=no

usage() {
    cat <<'TEXT'
Usage: install.sh [--readers N] [--socket PATH] [--driver FILE] [--destination FOLDER] [--remove]
  --readers N           readers, 1 to 16 (default 1)
  --socket PATH         socket of the card service (default /run/vmyna/socket)
  --driver FILE         the driver (default: the built one, or the bundle's)
  --destination FOLDER  install below FOLDER instead of /, for packaging
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
    --help) usage; exit 0 ;;
    --remove) remove=yes ;;
    --readers | --socket | --driver | --destination)
        [ $# -ge 2 ] || fail 2 "a value is missing, $1" "install.sh --help"
        case $1 in
        --readers) readers=$2 ;;
        --socket) socket=$2 ;;
        --driver) driver=$2 ;;
        --destination) destination=${2%/} ;;
        esac
        shift
        ;;
    *) fail 2 "no such option, $1" "install.sh --help" ;;
    esac
    shift
done

case $readers in
[1-9] | 1[0-6]) ;;
*) fail 2 "the number of readers must be 1 to 16, --readers $readers" "pcscd has 16 places for all readers together" ;;
esac
# The path goes into pcscd's configuration and into sed, so it may hold nothing that either takes for its own.
case $socket in
/*[!A-Za-z0-9/._:@+-]* | [!/]* | '')
    fail 2 "the socket needs an absolute path of letters, digits and / . _ : @ + -, --socket $socket" \
        "--socket /run/vmyna/socket" ;;
esac
[ "${#socket}" -le 107 ] || fail 2 "a socket's path has at most 107 bytes, --socket $socket" "choose a shorter one"

drivers=$(pkg-config --variable=usbdropdir libpcsclite 2>/dev/null || true)
library=${drivers:-/usr/lib/pcsc/drivers}/serial/libifdvmyna.so
configuration=/etc/reader.conf.d/vmyna

# The folder, or the nearest one above it that exists, must be ours to write.
check_right() {
    folder=$1
    while [ ! -d "$folder" ] && [ "$folder" != / ]; do folder=$(dirname "$folder"); done
    [ -w "$folder" ] ||
        fail 3 "no right to write, $folder" "sudo $0, or --destination FOLDER to look at the result first"
}
check_right "$(dirname "$destination$library")"
check_right "$(dirname "$destination$configuration")"

if [ $remove = yes ]; then
    for file in "$destination$library" "$destination$configuration"; do
        [ ! -e "$file" ] || { rm -f "$file" && echo "removed $file"; }
    done
    echo "next: systemctl restart pcscd"
    exit 0
fi

if [ -z "$driver" ]; then
    for driver in "$here/../.build/release/libifdvmyna.so" "$here/Contents/Linux/libifdvmyna.so"; do
        [ ! -f "$driver" ] || break
    done
fi
[ -f "$driver" ] || fail 3 "there is no driver, $driver" "make build, or --driver FILE"

# install(1) makes a new file, so a pcscd that runs keeps the old one whole.
install -D -m 644 "$driver" "$destination$library"
echo "installed $destination$library"

mkdir -p "$(dirname "$destination$configuration")"
temporary=$(mktemp "$destination$configuration.XXXXXX")
trap 'rm -f "$temporary"' EXIT
slot=0
while [ $slot -lt "$readers" ]; do
    sed -e "s|@SLOT@|$slot|g" -e "s|@SOCKET@|$socket|g" -e "s|@DRIVER@|$library|g" "$here/reader.conf" >>"$temporary"
    slot=$((slot + 1))
done
chmod 644 "$temporary"
mv "$temporary" "$destination$configuration"
echo "installed $destination$configuration ($readers reader(s), socket $socket)"
echo "next: systemctl restart pcscd; vmyna serve --socket $socket"
