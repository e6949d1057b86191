# OpenSSL with libp11's engine: TLS client authentication.
# needs: openssl libengine-pkcs11-openssl opensc-pkcs11
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
MaxProtocol = TLSv1.2
SignatureAlgorithms = RSA+SHA256:ECDSA+SHA256:RSA+SHA384:ECDSA+SHA384
END
export OPENSSL_CONF=$PWD/openssl.cnf

pkcs15-tool --read-certificate 01 >auth.pem
key="pkcs11:token=JPKI%20(User%20Authentication%20PIN);id=%01;type=private"
printf 'GET / HTTP/1.0\r\n\r\n' >request
openssl s_client -connect "127.0.0.1:$port" -CAfile server.pem -verify_return_error -ign_eof -quiet \
    -engine pkcs11 -keyform engine -key "$key;pin-value=$VMYNA_AUTH_PIN" -cert auth.pem <request >page
# <<<
contains page "CN=$(openssl x509 -in auth.pem -noout -subject -nameopt multiline | sed -n 's/ *commonName *= //p')"

must_fail openssl s_client -connect "127.0.0.1:$port" -CAfile server.pem -ign_eof -quiet \
    -engine pkcs11 -keyform engine -key "$key;pin-value=9999" -cert auth.pem
expect_tries auth 2
unset OPENSSL_CONF
echo "$(openssl version | cut -d ' ' -f 1-2), libp11's engine: TLS 1.2 with the certificate; a wrong PIN costs one try"
