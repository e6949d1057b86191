# poppler's pdfsig: signing a PDF through NSS; pyHanko verifies it.
# needs: poppler-utils libnss3-tools opensc-pkcs11
# pip: pyHanko[pkcs11]
. "$CLIENTS/lib/common.sh"
"$VENV/bin/python" - "$CLIENTS/pdf-pyhanko.py" <<'END'
import re, sys
text = open(sys.argv[1]).read()
exec(text[text.index("OBJECTS ="):text.index("if not os.path")])
open("letter.pdf", "wb").write(empty_pdf())
END

# >>> Docs/Clients.md
mkdir nssdb
certutil -N -d sql:nssdb --empty-password
modutil -dbdir sql:nssdb -add opensc -libfile /usr/lib/x86_64-linux-gnu/opensc-pkcs11.so -force
certutil -A -d sql:nssdb -n root-sign -t C,C,C -i "$VMYNA_ROOT_SIGN"

# pdfsig tries one password on every token, so OpenSC is told to show the one of the signature key alone.
cat >opensc.conf <<'END'
app opensc-pkcs11 {
    pkcs11 {
        create_slots_for_pins = "sign";
    }
}
END
export OPENSC_CONF=$PWD/opensc.conf
pdfsig -nssdir sql:nssdb -nss-pwd "$VMYNA_SIGN_PIN" -list-nicks
pdfsig -nssdir sql:nssdb -nss-pwd "$VMYNA_SIGN_PIN" -add-signature \
    -nick "JPKI (Digital Signature PIN):Digital Signature Certificate" letter.pdf signed.pdf
# <<<
expect_tries sign 5
expect_tries auth 3
"$VENV/bin/python" - <<'END'
import os
from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
root = load_cert_from_pemder(os.environ["VMYNA_ROOT_SIGN"])
with open("signed.pdf", "rb") as signed:
    # poppler writes one object in a way that pyHanko takes only when not strict.
    status = validate_pdf_signature(
        PdfFileReader(signed, strict=False).embedded_signatures[0], ValidationContext(trust_roots=[root], allow_fetching=False))
assert status.bottom_line, status.pretty_print_details()
END
echo "poppler $(pdfsig -v 2>&1 | sed -n '1s/.*version //p'): signed with the signature key, verified by pyHanko"
