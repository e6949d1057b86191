# Signs a document with the signature key: sign.sh DOCUMENT SIGNATURE. The PIN is in VMYNA_SIGN_PIN.
# The signature (CMS, detached, DER) holds the signer's certificate, which the card gives away only after the PIN.
document=$1 signature=$2
export PKCS11_MODULE_PATH=/usr/lib/x86_64-linux-gnu/opensc-pkcs11.so
certificate=$(mktemp)
trap 'rm -f "$certificate"' EXIT
pkcs15-tool --verify-pin --auth-id 02 --pin "$VMYNA_SIGN_PIN" --read-certificate 02 >"$certificate"
# The key wants its PIN again for the signature itself, from the terminal or, without one, from standard input.
echo "$VMYNA_SIGN_PIN" | setsid --wait openssl cms -sign -binary -md sha256 -signer "$certificate" -in "$document" \
    -outform DER -out "$signature" -engine pkcs11 -keyform engine \
    -inkey "pkcs11:token=JPKI%20(Digital%20Signature%20PIN);id=%02;type=private;pin-value=$VMYNA_SIGN_PIN"
