# OpenSSH: logging in with the card's key.
# needs: openssh-client opensc-pkcs11 libwrap0
. "$CLIENTS/lib/common.sh"
[ "$(id -u)" = 0 ] || { echo "the server of this test needs root"; exit 77; }

# The server: unpacked, not installed, because its package would start one that listens to the network.
sshd=$(command -v sshd || true)
if [ -z "$sshd" ]; then
    chmod 755 .
    apt-get download openssh-server >download.log 2>&1 || { echo "openssh-server cannot be fetched"; exit 77; }
    dpkg-deb -x openssh-server_*.deb unpacked
    sshd=$PWD/unpacked/usr/sbin/sshd
fi
port=$(free_port)
mkdir server
ssh-keygen -q -t ed25519 -N '' -f server/key
cat >server/configuration <<END
Port $port
ListenAddress 127.0.0.1
HostKey $PWD/server/key
PidFile $PWD/server/pid
AuthorizedKeysFile $PWD/authorized_keys
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin yes
StrictModes no
UsePAM no
END
# Its user and folder exist for it alone.
unshare --mount sh -eu -c '
    id sshd >/dev/null 2>&1 || {
        cat /etc/passwd >server/passwd
        echo "sshd:x:65534:65534::/run/sshd:/usr/sbin/nologin" >>server/passwd
        mount --bind server/passwd /etc/passwd
    }
    mount -t tmpfs tmpfs /run
    mkdir -m 755 /run/sshd
    exec "$1" -D -e -f "$PWD/server/configuration"' sh "$sshd" 2>server/log &
running="$running $!"
await server/log "Server listening"
mkdir -m 700 .ssh

log_in() {
    # >>> Docs/Clients.md
    # What the server is to know, once. The second line is an authority's key, which nobody logs in with.
    ssh-keygen -D /usr/lib/x86_64-linux-gnu/opensc-pkcs11.so 2>/dev/null | grep 'User Authentication Public Key' >authorized_keys

    # ssh asks for the PIN; a program that answers stands in for the person.
    printf '#!/bin/sh\necho "$VMYNA_AUTH_PIN"\n' >askpass && chmod +x askpass
    SSH_ASKPASS=$PWD/askpass SSH_ASKPASS_REQUIRE=force \
        ssh -I /usr/lib/x86_64-linux-gnu/opensc-pkcs11.so -p "$port" "$(id -un)@127.0.0.1" echo logged in
    # <<<
}
# The person's own settings and known servers are not touched.
printf 'Host *\n    StrictHostKeyChecking accept-new\n    UserKnownHostsFile %s\n' "$PWD/known" >.ssh/config
ssh() { command ssh -F "$PWD/.ssh/config" "$@"; }
log_in >out 2>ssh.log || { cat server/log ssh.log >&2; exit 1; }
contains out "logged in"
contains server/log "Accepted publickey"

right=$VMYNA_AUTH_PIN
export VMYNA_AUTH_PIN=9999
if log_in >out 2>ssh.log; then fail "a wrong PIN logged in"; fi
expect_tries auth 2
export VMYNA_AUTH_PIN="$right"
ssh -V 2>&1 | sed 's/,.*/: logs in with the key; a wrong PIN costs one try/'
