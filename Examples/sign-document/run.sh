# Signing a document, verifying it, and what is refused: a changed document, a revoked certificate, a wrong PIN, a locked one.
# needs: openssl libengine-pkcs11-openssl opensc-pkcs11
. "${CLIENTS:?is not set. fix: this script checks the example inside the repository; run 'make test-clients' there, and copy the other files}/lib/common.sh"
here=$(cd "$(dirname "$0")" && pwd)
sign() { sh -eu "$here/sign.sh" "$@"; }
verify() { sh -eu "$here/verify.sh" "$@" "$VMYNA_ROOT_SIGN" crl.pem; }

echo "申請します。" >letter
vmyna pki crl sign >crl.pem
sign letter letter.p7s
verify letter letter.p7s >signer
serial=$(sed -n 's/^serial=//p' signer)

sed 's/。/！/' letter >changed
must_fail verify changed letter.p7s

vmyna pki revoke "$serial" --reason affiliationChanged
vmyna pki crl sign --delay none >crl.pem
must_fail verify letter letter.p7s
contains refused.log "certificate revoked"

right=$VMYNA_SIGN_PIN
export VMYNA_SIGN_PIN=WRONG1
for left in 4 3 2 1 0; do
    must_fail sign letter none.p7s
    expect_tries sign $left
done
export VMYNA_SIGN_PIN="$right"
must_fail sign letter none.p7s
vmyna operator reset-pin sign --new NEWPIN1
VMYNA_SIGN_PIN=NEWPIN1 sign letter letter.p7s
echo "a document signed and verified; refused when changed, when revoked, with a wrong PIN and a locked one"
