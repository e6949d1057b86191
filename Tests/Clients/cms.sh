# CMS signatures: by openssl with libp11's engine, verified by OpenSSL and by GnuTLS.
# needs: openssl libengine-pkcs11-openssl opensc-pkcs11 gnutls-bin
. "$CLIENTS/lib/common.sh"

# >>> Docs/Clients.md
export PKCS11_MODULE_PATH=/usr/lib/x86_64-linux-gnu/opensc-pkcs11.so
echo letter >letter

# The authentication key.
pkcs15-tool --read-certificate 01 >auth.pem
key="pkcs11:token=JPKI%20(User%20Authentication%20PIN);id=%01;type=private;pin-value=$VMYNA_AUTH_PIN"
openssl cms -sign -engine pkcs11 -keyform engine -inkey "$key" -signer auth.pem \
    -in letter -binary -nodetach -outform DER -out auth.p7m
openssl cms -verify -inform DER -in auth.p7m -CAfile "$VMYNA_ROOT_AUTH" -purpose any -out auth.letter
cmp letter auth.letter

# The signature key asks for its PIN again for each signature: on the terminal, or without one from standard input.
pkcs15-tool --verify-pin --auth-id 02 --pin "$VMYNA_SIGN_PIN" --read-certificate 02 >sign.pem
key="pkcs11:token=JPKI%20(Digital%20Signature%20PIN);id=%02;type=private;pin-value=$VMYNA_SIGN_PIN"
echo "$VMYNA_SIGN_PIN" | setsid --wait openssl cms -sign -engine pkcs11 -keyform engine -inkey "$key" -signer sign.pem \
    -in letter -binary -nodetach -outform DER -out sign.p7m
openssl cms -verify -inform DER -in sign.p7m -CAfile "$VMYNA_ROOT_SIGN" -purpose any -out sign.letter
cmp letter sign.letter

# Another tool.
certtool --p7-verify --inder --infile sign.p7m --load-ca-certificate "$VMYNA_ROOT_SIGN" >certtool.log 2>&1
# <<<
contains certtool.log "Signature status: ok"

printf x >>letter
openssl cms -sign -engine pkcs11 -keyform engine -signer auth.pem -binary -outform DER -out detached.p7s -in letter \
    -inkey "pkcs11:token=JPKI%20(User%20Authentication%20PIN);id=%01;type=private;pin-value=$VMYNA_AUTH_PIN"
printf y >>letter
must_fail openssl cms -verify -inform DER -in detached.p7s -content letter -CAfile "$VMYNA_ROOT_AUTH" -purpose any
echo "$(openssl version | cut -d ' ' -f 1-2): CMS by both keys, verified by OpenSSL and $(certtool --version | head -n 1)"
