# The log-in page and its clients: welcome with the card, refused without it, and refused once the certificate is revoked.
# needs: openssl curl python3 libengine-pkcs11-openssl opensc-pkcs11
. "${CLIENTS:?is not set. fix: this script checks the example inside the repository; run 'make test-clients' there, and copy the other files}/lib/common.sh"
page=$(cd "$(dirname "$0")" && pwd)
server_certificate

# What the client needs, once.
pkcs15-tool --read-certificate 01 >auth.pem 2>/dev/null
serial=$(openssl x509 -in auth.pem -noout -serial | sed 's/serial=//')

# serve OPTION…: a server in the background; its address is in $address.
serve() {
    /usr/bin/python3 "$page/server.py" --port 0 --root "$VMYNA_ROOT_AUTH" "$@" >server.out 2>server.log &
    server=$!
    running="$running $server"
    await server.out https
    address=$(cat server.out)
}
stop() { kill "$server"; }
log_in() { sh -eu "$page/client.sh" "$address"; }

vmyna pki crl auth >crl.pem
serve --crl crl.pem
log_in >page.html
contains page.html "ようこそ / welcome, "
must_fail curl --silent --show-error --cacert server.pem "$address"
contains server.log "peer did not return a certificate"
stop

vmyna pki ocsp --port 0 >ocsp.out 2>ocsp.log &
running="$running $!"
await ocsp.out http
responder=$(grep -o 'http://[^ ]*' ocsp.out | head -n 1)
serve --ocsp "$responder"
log_in >page.html
contains page.html "ようこそ / welcome, "

# The holder has moved: the certificate is revoked, the card shows nothing of it.
vmyna pki revoke "$serial" --reason keyCompromise
must_fail log_in
contains refused.log 403
stop

# The list that was made before knows nothing of it; the next one does.
serve --crl crl.pem
log_in >page.html
stop
vmyna pki crl auth --delay none >crl.pem
serve --crl crl.pem
must_fail log_in
contains server.log "certificate revoked"
stop
echo "log-in page: welcome with the card; refused without, and when revoked, by list and by OCSP"
