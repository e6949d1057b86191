# curl: TLS client authentication.
# needs: curl openssl libengine-pkcs11-openssl opensc-pkcs11
. "$CLIENTS/lib/common.sh"
tls_server

# >>> Docs/Clients.md
cat >openssl.cnf <<'END'
openssl_conf = start
[start]
engines = engines
ssl_conf = ssl
[engines]
pkcs11 = opensc
[opensc]
engine_id = pkcs11
MODULE_PATH = /usr/lib/x86_64-linux-gnu/opensc-pkcs11.so
[ssl]
system_default = tls
[tls]
SignatureAlgorithms = RSA+SHA256:ECDSA+SHA256:RSA+SHA384:ECDSA+SHA384
END
pkcs15-tool --read-certificate 01 >auth.pem
key="pkcs11:token=JPKI%20(User%20Authentication%20PIN);id=%01;type=private"
OPENSSL_CONF=$PWD/openssl.cnf curl --silent --show-error --tls-max 1.2 --cacert server.pem --engine pkcs11 \
    --cert auth.pem --key-type ENG --key "$key;pin-value=$VMYNA_AUTH_PIN" "https://localhost:$port/" >page
# <<<
contains page "Client certificate"
contains page "TLSv1.2"

must_fail env OPENSSL_CONF="$PWD/openssl.cnf" curl --silent --tls-max 1.2 --cacert server.pem --engine pkcs11 \
    --cert auth.pem --key-type ENG --key "$key;pin-value=9999" "https://localhost:$port/"
expect_tries auth 2
must_fail curl --silent --cacert server.pem "https://localhost:$port/"
curl --version | sed -n '1s/ (.*/: TLS 1.2 with the certificate; refused without; a wrong PIN costs one try/p'
