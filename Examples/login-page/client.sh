# Logs in to a page with the card: client.sh ADDRESS. In this folder: server.pem, which is trusted, and auth.pem, the card's
# certificate (pkcs15-tool --read-certificate 01 >auth.pem). TLS 1.2 and RSA PKCS#1: Docs/Clients.md, "What holds for all".
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
key="pkcs11:token=JPKI%20(User%20Authentication%20PIN);id=%01;type=private"
OPENSSL_CONF=$PWD/openssl.cnf curl --fail --silent --show-error --tls-max 1.2 --cacert server.pem --engine pkcs11 \
    --cert auth.pem --key-type ENG --key "$key;pin-value=$VMYNA_AUTH_PIN" "$1"
