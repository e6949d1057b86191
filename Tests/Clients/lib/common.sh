# What the clients' shell scripts share. They are run by Tests/Clients/run.sh, in an empty folder.
# shellcheck shell=sh

module=/usr/lib/x86_64-linux-gnu/opensc-pkcs11.so
[ -e "$module" ] || module=$(dpkg -L opensc-pkcs11 | grep '/opensc-pkcs11.so$' | head -n 1)
export module

running=
end_all() {
    for pid in $running; do kill "$pid" 2>/dev/null || true; done
    wait 2>/dev/null || true
}
trap end_all EXIT
trap 'exit 1' INT TERM

fail() {
    echo "$1" >&2
    exit 1
}

# contains FILE WORDS: the file holds the words.
contains() {
    grep -qaF -- "$2" "$1" || {
        tail -n 20 "$1" >&2
        fail "no '$2' in $1"
    }
}

# must_fail COMMAND…: its exit code is not 0; what it says goes to refused.log.
must_fail() {
    if "$@" >refused.log 2>&1; then fail "this should have been refused: $*"; fi
}

# tries PIN: how many are left.
tries() {
    vmyna status --json | /usr/bin/python3 -c 'import json, sys; print(json.load(sys.stdin)["pins"][sys.argv[1]]["triesLeft"])' "$1"
}

# expect_tries PIN NUMBER
expect_tries() {
    [ "$(tries "$1")" = "$2" ] || fail "$1 has $(tries "$1") tries left, not $2"
}

free_port() {
    /usr/bin/python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# await FILE WORDS: until the file holds the words, 20 s at most.
await() {
    count=0
    until grep -qaF -- "$2" "$1" 2>/dev/null; do
        count=$((count + 1))
        [ $count -lt 200 ] || { cat "$1" >&2; fail "no '$2' in $1 after 20 s"; }
        sleep 0.1
    done
}

# await_port PORT
await_port() {
    /usr/bin/python3 - "$1" <<'END'
import socket, sys, time
end = time.monotonic() + 20
while True:
    try:
        socket.create_connection(("127.0.0.1", int(sys.argv[1])), 1).close()
        break
    except OSError:
        if time.monotonic() > end:
            sys.exit("nothing listens on port " + sys.argv[1])
        time.sleep(0.05)
END
}

# server_certificate: server.pem and server.key, for localhost.
server_certificate() {
    # >>> Docs/Clients.md
    openssl req -x509 -newkey rsa:2048 -nodes -keyout server.key -out server.pem -days 2 \
        -subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1
    # <<<
} 2>/dev/null

# tls_server: asks for a certificate of the card's root on 127.0.0.1:$port; says who came in server.log.
tls_server() {
    server_certificate
    port=$(free_port)
    # >>> Docs/Clients.md
    openssl s_server -accept "127.0.0.1:$port" -cert server.pem -key server.key \
        -CAfile "$VMYNA_ROOT_AUTH" -Verify 2 -verify_return_error -www >server.log 2>&1 &
    # <<<
    running="$running $!"
    await server.log ACCEPT
}
