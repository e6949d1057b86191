#!/bin/sh
# In a bare system: the machine's pcscd with the installed driver, and the card service behind it, both with no more
# rights than their systemd units leave them (pcscd 2.3: root by name only; 2.4: the user pcscd).
#   stays.sh ROOT
set -eu
root=$1
fail() {
    echo "FAIL  $*" >&2
    exit 1
}
inside() { chroot "$root" "$@"; }
without_rights="setpriv --bounding-set=-all --inh-caps=-all --no-new-privs"

if ! inside getent passwd pcscd >/dev/null; then inside useradd --system --no-create-home pcscd && made=yes; fi
inside useradd --system --no-create-home card-service
inside install -d -m 755 -o card-service /run/vmyna /var/lib/vmyna
options=
if inside pcscd --help 2>&1 | grep -q disable-polkit; then options=--disable-polkit; fi

for user in root pcscd; do
    inside rm -rf /run/pcscd
    inside install -d -m 755 -o "$user" /run/pcscd
    : >"$root/tmp/service"
    # shellcheck disable=SC2086 # words
    chroot "$root" $without_rights --reuid=card-service --clear-groups env -i PATH=/usr/bin \
        vmyna serve --socket /run/vmyna/socket --state /var/lib/vmyna --pcscd-user pcscd --card fresh-adult >"$root/tmp/service" 2>&1 &
    service=$!
    for _ in $(seq 100); do if grep -q ready "$root/tmp/service"; then break; fi; sleep 0.05; done
    grep -q ready "$root/tmp/service" || fail "the service is not ready: $(cat "$root/tmp/service")"
    # shellcheck disable=SC2086
    chroot "$root" $without_rights --reuid="$user" --clear-groups pcscd --foreground $options >/dev/null 2>&1 &
    daemon=$!
    for _ in $(seq 100); do if [ -S "$root/run/pcscd/pcscd.comm" ]; then break; fi; sleep 0.05; done
    sleep 0.3
    inside vmyna doctor >"$root/tmp/doctor" 2>&1 || { cat "$root/tmp/doctor" >&2; fail "doctor, pcscd as $user"; }
    chroot --userspec=1500:1500 "$root" opensc-tool --atr >/dev/null 2>"$root/tmp/log" || { cat "$root/tmp/log" >&2; fail "no ATR"; }
    inside vmyna status --socket /run/vmyna/socket | grep -q 'sign ' || fail "no status"
    if chroot --userspec=1500:1500 "$root" vmyna eject --socket /run/vmyna/socket 2>/dev/null; then fail "anybody may eject"; fi
    inside vmyna eject --socket /run/vmyna/socket
    kill $daemon $service
    wait $daemon $service 2>/dev/null || true
    echo "ok    pcscd as $user without rights, service of its own user: doctor finds nothing wrong"
done
if [ -n "$options" ]; then
    # polkit without D-Bus refuses everybody, and doctor says so.
    inside rm -rf /run/pcscd
    inside pcscd --foreground >/dev/null 2>&1 &
    daemon=$!
    for _ in $(seq 100); do if [ -S "$root/run/pcscd/pcscd.comm" ]; then break; fi; sleep 0.05; done
    if inside vmyna doctor >"$root/tmp/doctor" 2>&1; then fail "doctor finds nothing wrong with polkit"; fi
    grep -q '^WRONG polkit' "$root/tmp/doctor" || { cat "$root/tmp/doctor" >&2; fail "doctor does not see polkit"; }
    kill $daemon
    wait $daemon 2>/dev/null || true
    echo "ok    doctor sees that polkit refuses"
fi
inside userdel card-service 2>/dev/null
if [ "${made:-}" = yes ]; then inside userdel pcscd 2>/dev/null; fi
rm -rf "$root/run/vmyna" "$root/var/lib/vmyna"
inside install -d -m 755 /run/vmyna
