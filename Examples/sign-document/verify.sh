# Verifies: verify.sh DOCUMENT SIGNATURE ROOT CRL. Exit code 0 when the signature is the document's, the certificate comes from
# the root, and the list does not name it. Says who signed.
document=$1 signature=$2 root=$3 list=$4
# Root and list in one file, since cms takes no list of its own.
known=$(mktemp) signer=$(mktemp)
trap 'rm -f "$known" "$signer"' EXIT
cat "$root" "$list" >"$known"
openssl cms -verify -binary -inform DER -in "$signature" -content "$document" -CAfile "$known" -crl_check -purpose any \
    -signer "$signer" -out /dev/null
# Name and address stand in otherName entries of subjectAltName: Docs/Certificates.md.
openssl x509 -in "$signer" -noout -subject -serial
