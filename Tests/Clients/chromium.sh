# Chromium, headless: logging in to a web page with the authentication certificate, after the PIN in its own dialog.
# needs: chromium fonts-dejavu-core iproute2 libnss3-tools openssl opensc-pkcs11 python3
. "$CLIENTS/lib/common.sh"
[ "$(id -u)" = 0 ] || { echo "the policy of this test needs root"; exit 77; }
if [ "${1:-}" != inside ]; then
    # The policy is for this test alone, and so is the network: Chromium calls home at its start.
    exec unshare --mount --net sh -eu "$0" inside
fi
ip link set lo up
mount -t tmpfs tmpfs /etc/chromium
server_certificate
/usr/bin/python3 "$CLIENTS/../../Examples/login-page/server.py" --port 0 --root "$VMYNA_ROOT_AUTH" >server.out 2>server.log &
running="$running $!"
await server.out https
port=$(sed -n 's#.*:\([0-9]*\)/#\1#p' server.out)
HOME=$PWD/home
mkdir "$HOME"

# >>> Docs/Clients.md
# The card in NSS, where Chromium looks; the module with one PIN, so that Chromium asks for that one alone.
mkdir -p "$HOME/.pki/nssdb"
certutil -N -d "sql:$HOME/.pki/nssdb" --empty-password
modutil -dbdir "sql:$HOME/.pki/nssdb" -add opensc -libfile /usr/lib/x86_64-linux-gnu/pkcs11/onepin-opensc-pkcs11.so -force
certutil -A -d "sql:$HOME/.pki/nssdb" -n server -t CT,, -i server.pem

# The certificate is chosen by policy, since nobody is there to choose.
mkdir -p /etc/chromium/policies/managed
cat >/etc/chromium/policies/managed/card.json <<END
{ "AutoSelectCertificateForUrls": ["{\"pattern\":\"https://localhost:$port\",\"filter\":{}}"] }
END

chromium --headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage --no-first-run --user-data-dir="$HOME/profile" \
    --enable-ui-devtools=9223 --enable-features=ui-debug-tools-enable-synthetic-events --remote-debugging-port=9222 \
    "https://localhost:$port/" 2>chromium.log &
# <<<
chromium=$!
running="$running $chromium"

# First a wrong PIN, by which the dialog comes again.
# >>> Docs/Clients.md
/usr/bin/python3 "$CLIENTS/lib/chromium_pin.py" 9223 9222 9999 "$VMYNA_AUTH_PIN" >page
# <<<
contains page "ようこそ / welcome, "
vmyna trace --json >trace.log
contains trace.log '"response":"63C2"'
expect_tries auth 3
kill "$chromium"
# Its children write into the profile until they are gone.
wait "$chromium" 2>/dev/null || true
chromium --version 2>/dev/null | sed -n 's/^\(Chromium [0-9.]*\).*/\1, headless: a wrong PIN, the right one, welcome/p'
