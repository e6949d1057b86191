# pyHanko: signing a PDF with the signature key; poppler's pdfsig verifies it, pyHanko too, with the authority's list.
# needs: opensc-pkcs11 poppler-utils libnss3-tools
# pip: pyHanko[pkcs11]
import os
import subprocess

# A page to sign, made here.
OBJECTS = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
           b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<>>>>"]


def empty_pdf():
    out, places = b"%PDF-1.7\n", []
    for number, body in enumerate(OBJECTS, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"xref\n0 4\n0000000000 65535 f \n" + table + b"trailer<</Size 4/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(out)


if not os.path.exists("letter.pdf"):
    with open("letter.pdf", "wb") as file:
        file.write(empty_pdf())

# >>> Docs/Clients.md
from pyhanko.config.pkcs11 import TokenCriteria
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, pkcs11, sign_pdf

session = pkcs11.open_pkcs11_session(
    "/usr/lib/x86_64-linux-gnu/opensc-pkcs11.so", token_criteria=TokenCriteria("JPKI (Digital Signature PIN)"),
    user_pin=os.environ["VMYNA_SIGN_PIN"])
signer = pkcs11.PKCS11Signer(session, cert_label="Digital Signature Certificate", key_label="Digital Signature Key")
with open("letter.pdf", "rb") as letter, open("signed.pdf", "wb") as signed:
    sign_pdf(IncrementalPdfFileWriter(letter), PdfSignatureMetadata(field_name="Signature"), signer=signer, output=signed)
session.close()
# <<<


def command(*words):
    process = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return process.returncode, process.stdout


def ok(*words):
    code, text = command(*words)
    assert code == 0, f"{words}: {code}\n{text}"
    return text


# The same words stand in Docs/Clients.md.
ok("sh", "-euc", """
# >>> Docs/Clients.md
mkdir nssdb
certutil -N -d sql:nssdb --empty-password
certutil -A -d sql:nssdb -n root-sign -t C,C,C -i "$VMYNA_ROOT_SIGN"
pdfsig -nssdir sql:nssdb signed.pdf >pdfsig.log
# <<<
""")
with open("pdfsig.log") as file:
    text = file.read()
assert "Signature Validation: Signature is Valid." in text and "Certificate Validation: Certificate is Trusted." in text, text

with open("signed.pdf", "rb") as file:
    signed = file.read()
place = signed.index(b"595 842")
with open("changed.pdf", "wb") as file:
    file.write(signed[:place] + b"595 841" + signed[place + 7:])
assert "Signature is Valid" not in command("pdfsig", "-nssdir", "sql:nssdb", "changed.pdf")[1], "a changed page passed"

# >>> Docs/Clients.md
from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

root = load_cert_from_pemder(os.environ["VMYNA_ROOT_SIGN"])
with open("signed.pdf", "rb") as signed:
    status = validate_pdf_signature(
        PdfFileReader(signed).embedded_signatures[0], ValidationContext(trust_roots=[root], allow_fetching=False))
assert status.bottom_line and status.coverage.name == "ENTIRE_FILE", status.pretty_print_details()
# <<<

import pyhanko.version  # noqa: E402

print(f"pyHanko {pyhanko.version.__version__}: signed with the signature key, verified by itself and by poppler")
