# GnuTLS: p11tool, gnutls-cli, certtool.
# needs: gnutls-bin openssl opensc-pkcs11
. "$CLIENTS/lib/common.sh"
tls_server

# >>> Docs/Clients.md
module=/usr/lib/x86_64-linux-gnu/opensc-pkcs11.so
token="pkcs11:token=JPKI%20%28User%20Authentication%20PIN%29"
p11tool --provider $module --list-tokens
p11tool --provider $module --login --set-pin "$VMYNA_AUTH_PIN" --list-all "$token"
p11tool --provider $module --login --set-pin "$VMYNA_AUTH_PIN" --test-sign "$token;id=%01;type=private" 2>test-sign.log
p11tool --provider $module --export-chain "$token;id=%01;type=cert" --outfile chain.pem
certtool --verify --load-ca-certificate "$VMYNA_ROOT_AUTH" --infile chain.pem >verified

printf 'GET / HTTP/1.0\r\n\r\n' | GNUTLS_PIN=$VMYNA_AUTH_PIN gnutls-cli --provider $module \
    --priority NORMAL:-VERS-TLS1.3 --x509cafile server.pem --port "$port" \
    --x509certfile "$token;id=%01;type=cert" --x509keyfile "$token;id=%01;type=private" localhost >page 2>&1
# <<<
contains test-sign.log "Verifying against public key in the token... ok"
contains verified "Chain verification output: Verified"
contains page "Client certificate"
gnutls-cli --version | sed -n '1s/$/: objects, a signature, the chain, TLS 1.2 with the certificate/p'
