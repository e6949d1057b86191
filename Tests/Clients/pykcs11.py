# PyKCS11: PKCS#11 from Python.
# needs: python3-pykcs11 opensc-pkcs11
import os

# >>> Docs/Clients.md
import PyKCS11

library = PyKCS11.PyKCS11Lib()
library.load("/usr/lib/x86_64-linux-gnu/opensc-pkcs11.so")


def signature(label, pin, mechanism):
    slot = next(slot for slot in library.getSlotList(tokenPresent=True)
                if library.getTokenInfo(slot).label.strip() == label)
    session = library.openSession(slot)
    session.login(pin)
    key = session.findObjects([(PyKCS11.CKA_CLASS, PyKCS11.CKO_PRIVATE_KEY)])[0]
    public = session.findObjects([(PyKCS11.CKA_CLASS, PyKCS11.CKO_PUBLIC_KEY),
                                  (PyKCS11.CKA_ID, session.getAttributeValue(key, [PyKCS11.CKA_ID])[0])])[0]
    result = bytes(session.sign(key, b"letter", PyKCS11.Mechanism(mechanism)))
    assert session.verify(public, b"letter", result, PyKCS11.Mechanism(mechanism))
    session.logout()
    session.closeSession()
    return result


for mechanism in (PyKCS11.CKM_SHA256_RSA_PKCS, PyKCS11.CKM_RSA_PKCS):
    assert len(signature("JPKI (User Authentication PIN)", os.environ["VMYNA_AUTH_PIN"], mechanism)) == 256
    assert len(signature("JPKI (Digital Signature PIN)", os.environ["VMYNA_SIGN_PIN"], mechanism)) == 256
# <<<

try:
    signature("JPKI (User Authentication PIN)", "9999", PyKCS11.CKM_SHA256_RSA_PKCS)
    raise SystemExit("a wrong PIN was taken")
except PyKCS11.PyKCS11Error as error:
    assert error.value == PyKCS11.CKR_PIN_INCORRECT, error
print("PyKCS11: both keys sign, a wrong PIN is CKR_PIN_INCORRECT")
