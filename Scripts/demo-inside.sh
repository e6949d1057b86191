#!/bin/sh
# The demo's part that sees the reader: run by `vmyna run`, which sets the VMYNA_… variables.
set -eu
vmyna=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

say() { printf '\n== %s\n' "$1"; }
fail() {
    echo "demo failed: $1" >&2
    exit 1
}
# pkcs11-tool's word for what happened; it must fail.
refused() {
    if pkcs11-tool --slot-index "$1" --login --pin "$2" --sign --mechanism SHA256-RSA-PKCS \
        --id "$3" --input-file "$work/letter" --output-file "$work/none" >"$work/log" 2>&1; then
        fail "a PIN that should be refused was taken"
    fi
    grep -o 'CKR_[A-Z_]*' "$work/log" | head -n 1
}
tries() { "$vmyna" status | grep -E '^  (sign|auth) '; }

say "The reader and the card, as OpenSC sees them"
opensc-tool --list-readers
opensc-tool --atr --name

say "Objects on the card"
pkcs15-tool --list-pins --list-keys --list-certificates | grep -E '^(PIN|Private|X.509|	(ID|Tries left))'

say "The authentication certificate: readable by anybody"
pkcs15-tool --read-certificate 01 >"$work/auth.pem"
openssl x509 -in "$work/auth.pem" -noout -subject -issuer -dates
openssl verify -CAfile "$VMYNA_ROOT_AUTH" "$work/auth.pem"

say "The signature certificate: not without its PIN"
if pkcs15-tool --read-certificate 02 >"$work/sign.pem" 2>"$work/log"; then fail "it was readable without a PIN"; fi
echo "refused without the PIN"
pkcs15-tool --verify-pin --auth-id 02 --pin "$VMYNA_SIGN_PIN" --read-certificate 02 >"$work/sign.pem"
openssl verify -CAfile "$VMYNA_ROOT_SIGN" "$work/sign.pem"

say "Signing with both keys, verified by openssl"
echo "申請します。" >"$work/letter"
for who in "0 01 $VMYNA_AUTH_PIN auth" "1 02 $VMYNA_SIGN_PIN sign"; do
    # shellcheck disable=SC2086 # four words
    set -- $who
    pkcs11-tool --slot-index "$1" --login --pin "$3" --sign --mechanism SHA256-RSA-PKCS --id "$2" \
        --input-file "$work/letter" --output-file "$work/signature" >/dev/null 2>"$work/log" || {
        cat "$work/log" >&2
        fail "no signature with the $4 key"
    }
    openssl x509 -in "$work/$4.pem" -noout -pubkey >"$work/$4.pub"
    printf '%s key: ' "$4"
    openssl dgst -sha256 -verify "$work/$4.pub" -signature "$work/signature" "$work/letter"
done

say "Three wrong PINs to a lock"
tries
for guess in 0000 1111 2222; do
    printf 'wrong PIN %s: %s\n' "$guess" "$(refused 0 "$guess" 01)"
    tries | grep auth
done
printf 'the right PIN now: %s\n' "$(refused 0 "$VMYNA_AUTH_PIN" 01)"

say "The way back: the ward office sets a new PIN"
"$vmyna" operator reset-pin auth --new 4321
tries
pkcs11-tool --slot-index 0 --login --pin 4321 --sign --mechanism SHA256-RSA-PKCS --id 01 \
    --input-file "$work/letter" --output-file "$work/signature" >/dev/null 2>"$work/log" ||
    fail "no signature with the new PIN"
openssl dgst -sha256 -verify "$work/auth.pub" -signature "$work/signature" "$work/letter"

printf '\ndemo ok\n'
