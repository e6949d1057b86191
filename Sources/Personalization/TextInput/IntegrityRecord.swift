import Cryptography
import ISO7816

/// EF 0003 of the text application: what ties number and attributes to the issuer's signature.
///
/// ```
/// FF30 82 014B
///   DF31 20        SHA-256 of EF 0001, all 17 bytes with filler
///   DF32 20        SHA-256 of EF 0002 from DF22 to the end of DF25
///   DF33 82 0100   RSASSA-PKCS1-v1_5 with SHA-256 over the two objects, by the key certified in EF 0004
/// ```
enum IntegrityRecord {
  static func encoded(
    number: [UInt8], attributes: AttributesRecord, signedWith key: RSAPrivateKey
  ) throws(CryptographyError) -> [UInt8] {
    let hashes = [
      BERTLV(tag: 0xDF31, value: SHA256.digest(number)), BERTLV(tag: 0xDF32, value: SHA256.digest(attributes.hashed)),
    ]
    let signature = try key.signPKCS1SHA256(hashes.flatMap(\.encoded))
    return BERTLV(tag: 0xFF30, children: hashes + [BERTLV(tag: 0xDF33, value: signature)]).encoded
  }
}
