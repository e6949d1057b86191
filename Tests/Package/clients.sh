#!/bin/sh
# Every client of Tests/Clients with the installed package, on a bare system without Swift.
#   Tests/Package/clients.sh BASE-FOLDER PACKAGE [WORD…]      as root; run.sh makes BASE-FOLDER; only clients whose name contains a WORD
set -eu
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
if [ "${VMYNA_INSIDE:-}" != yes ]; then
    exec env VMYNA_INSIDE=yes unshare --mount --pid --fork --kill-child --propagation private "$0" "$@"
fi
base=$1
package=$2
shift 2

system=$(mktemp -d)
trap 'umount -l "$system" 2>/dev/null; rmdir "$system"' EXIT
mount -t tmpfs -o mode=755 t "$system"
mkdir "$system/upper" "$system/work" "$system/root"
mount -t overlay -o "lowerdir=$base,upperdir=$system/upper,workdir=$system/work" o "$system/root"
root=$system/root
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mount -t tmpfs -o mode=1777 t "$root/tmp"
for file in /etc/resolv.conf /etc/pip.conf; do if [ -f $file ]; then cp $file "$root$file"; fi; done
# A workplace may have authorities of its own between it and PyPI.
cp -L /etc/ssl/certs/ca-certificates.crt "$root/authorities.pem" 2>/dev/null || : >"$root/authorities.pem"
printf "127.0.0.1 localhost\n" >"$root/etc/hosts"
# Browsers are kept up to date by security updates alone, and the test needs one of this year.
# shellcheck disable=SC2016 # apt's own variables
security=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' | grep security | head -n 1)
suite=$(sed -n 's/^VERSION_CODENAME=//p' "$root/etc/os-release")
[ -z "$security" ] || echo "deb $security $suite-security main" >>"$root/etc/apt/sources.list"
mkdir "$root/source" "$root/old"
git -C "$top" archive HEAD | tar -xf - -C "$root/source"
cp "$package" "$root/vmyna.deb"
cat >"$root/inside.sh" <<'TEXT'
set -e
cd "$1"
shift
pivot_root . old
umount -l /old
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
unset SSL_CERT_FILE SSL_CERT_DIR REQUESTS_CA_BUNDLE CURL_CA_BUNDLE PIP_FIND_LINKS
[ ! -s /authorities.pem ] || export PIP_CERT=/authorities.pem
cd /
apt-get update >/dev/null
apt-get install -y --no-install-recommends /vmyna.deb ca-certificates python3 >/dev/null 2>&1
[ ! -e /opt/swift ]
! command -v swift
cd /source
exec Tests/Clients/run.sh /usr/bin/vmyna "$@"
TEXT
exec sh "$root/inside.sh" "$root" "$@"
