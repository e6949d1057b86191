# OpenSC's own tools: what is on the card, and a signature by each key.
# needs: opensc openssl
. "$CLIENTS/lib/common.sh"

# >>> Docs/Clients.md
opensc-tool --list-readers --name
pkcs15-tool --dump
pkcs15-tool --read-certificate 01 >auth.pem
pkcs15-tool --verify-pin --auth-id 02 --pin "$VMYNA_SIGN_PIN" --read-certificate 02 >sign.pem
openssl verify -CAfile "$VMYNA_ROOT_AUTH" auth.pem
openssl verify -CAfile "$VMYNA_ROOT_SIGN" sign.pem

echo letter >letter
pkcs11-tool --slot-index 0 --login --pin "$VMYNA_AUTH_PIN" --sign --id 01 -m SHA256-RSA-PKCS -i letter -o auth.signature
pkcs11-tool --slot-index 1 --login --pin "$VMYNA_SIGN_PIN" --sign --id 02 -m SHA256-RSA-PKCS -i letter -o sign.signature
openssl x509 -in auth.pem -noout -pubkey >auth.pub
openssl x509 -in sign.pem -noout -pubkey >sign.pub
openssl dgst -sha256 -verify auth.pub -signature auth.signature letter
openssl dgst -sha256 -verify sign.pub -signature sign.signature letter
# <<<

must_fail pkcs11-tool --slot-index 0 --login --pin 9999 --sign --id 01 -m SHA256-RSA-PKCS -i letter -o none
contains refused.log CKR_PIN_INCORRECT
expect_tries auth 2
echo "OpenSC $(dpkg-query -W -f '${Version}' opensc): both certificates and keys; a wrong PIN costs one try"
