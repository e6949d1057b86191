# python-pkcs11: PKCS#11 from Python, in another way.
# needs: opensc-pkcs11
# pip: python-pkcs11 cryptography
import os

# >>> Docs/Clients.md
import pkcs11
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.hashes import SHA256

library = pkcs11.lib("/usr/lib/x86_64-linux-gnu/opensc-pkcs11.so")


def sign_and_verify(label, pin):
    with library.get_token(token_label=label).open(user_pin=pin) as session:
        key = next(iter(session.get_objects({pkcs11.Attribute.CLASS: pkcs11.ObjectClass.PRIVATE_KEY})))
        found = session.get_objects({pkcs11.Attribute.CLASS: pkcs11.ObjectClass.CERTIFICATE,
                                     pkcs11.Attribute.ID: key[pkcs11.Attribute.ID]})
        certificate = x509.load_der_x509_certificate(next(iter(found))[pkcs11.Attribute.VALUE])
        signature = key.sign(b"letter", mechanism=pkcs11.Mechanism.SHA256_RSA_PKCS)
        certificate.public_key().verify(signature, b"letter", padding.PKCS1v15(), SHA256())


sign_and_verify("JPKI (User Authentication PIN)", os.environ["VMYNA_AUTH_PIN"])
sign_and_verify("JPKI (Digital Signature PIN)", os.environ["VMYNA_SIGN_PIN"])
# <<<

try:
    sign_and_verify("JPKI (Digital Signature PIN)", "WRONG1")
    raise SystemExit("a wrong PIN was taken")
except pkcs11.exceptions.PinIncorrect:
    pass
import importlib.metadata  # noqa: E402

print(f"python-pkcs11 {importlib.metadata.version('python-pkcs11')}: both keys sign, a wrong PIN is PinIncorrect")
