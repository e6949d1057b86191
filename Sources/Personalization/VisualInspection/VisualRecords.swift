import Authority
import CardRules
import Cryptography
import ISO7816

/// The records of 券面事項確認AP, each from its parts. `issuer` is the key certified in EF 0004, `key` the public half of the
/// card's own key 001A. Layouts: `Docs/CardContents.md`, "Visual application".
enum VisualRecords {
  /// EF 0001, 547 bytes: `FF10 82 021E { DF11 birth date, DF12 key, DF13 signature over both objects }`.
  static func age(
    birth: String, key: RSAPublicKey, issuer: RSAPrivateKey
  ) throws(CryptographyError) -> [UInt8] {
    let signed = [BERTLV(tag: 0xDF11, value: Array(birth.utf8)), key.object(tag: 0xDF12)]
    let signature = try issuer.signPKCS1SHA256(signed.flatMap(\.encoded))
    return BERTLV(tag: 0xFF10, children: signed + [BERTLV(tag: 0xDF13, value: signature)]).encoded
  }

  /// What stands on the front of a card.
  struct Face {
    var birth: String
    var sex: String
    var end: String
    var pictures: FacePictures
  }

  /// EF 0002: offset table, DF22 birth date, DF23 sex, DF24 key, DF25 name, DF26 address, DF27 photograph, DF28 signature,
  /// DF29 last day of the card, DF2A security code. The last two are not signed.
  static func face(_ face: Face, key: RSAPublicKey, issuer: RSAPrivateKey) throws -> [UInt8] {
    let facts = [
      BERTLV(tag: 0xDF22, value: Array(face.birth.utf8)), BERTLV(tag: 0xDF23, value: Array(face.sex.utf8)),
      key.object(tag: 0xDF24),
    ]
    let texts = [
      BERTLV(tag: 0xDF25, value: face.pictures.name), BERTLV(tag: 0xDF26, value: face.pictures.address),
    ]
    let photograph = [BERTLV(tag: 0xDF27, value: face.pictures.photograph)]
    let hashes = [facts, texts, photograph].map { SHA256.digest($0.flatMap(\.encoded)) }
    let signature = try issuer.signPKCS1(FaceDigestInfo.encoded(hashes))
    let unsigned = [
      BERTLV(tag: 0xDF28, value: signature), BERTLV(tag: 0xDF29, value: Array(face.end.utf8)),
      BERTLV(tag: 0xDF2A, value: face.pictures.securityCode),
    ]
    guard let record = OffsetTable.record(tag: 0xFF20, objects: facts + texts + photograph + unsigned) else {
      throw ContentFault(
        "the pictures of name and address are too large for the card", key: "address", fix: "shorten the address")
    }
    return record
  }

  /// EF 0003, 320 bytes: `FF30 82 013B { DF31 06 03 0E 01, DF32 key identifier, DF33 00, DF34 municipality, DF35 16 + 256
  /// bytes }`. The key of DF32 is not the one of EF 0004 (measured). DF35 names the key 5900025 on the test card; what its 256
  /// bytes hold nobody has published, and ours come from the seed.
  static func basicInformation(municipality: String, key: KeyIdentifier, seed: UInt64) throws -> [UInt8] {
    var random = SeededRandom(label: "visual inspection basic information", seed: seed)
    var opaque = random.bytes(256)
    // As a number it stays below any modulus, as a cryptogram of RSA would.
    opaque[0] &= 0x7F
    return BERTLV(
      tag: 0xFF30,
      children: [
        BERTLV(tag: 0xDF31, value: [0x06, 0x03, 0x0E, 0x01]), BERTLV(tag: 0xDF32, value: key.bytes),
        BERTLV(tag: 0xDF33, value: [0x00]), BERTLV(tag: 0xDF34, value: Array(municipality.utf8)),
        BERTLV(tag: 0xDF35, value: try KeyIdentifier(number: "5900025").bytes + opaque),
      ]
    ).encoded
  }

  /// EF 0005: `FF40 82 hhll { DF41 PNG, DF42 key, DF43 signature over both objects }`.
  static func number(
    picture: [UInt8], key: RSAPublicKey, issuer: RSAPrivateKey
  ) throws(CryptographyError) -> [UInt8] {
    let signed = [BERTLV(tag: 0xDF41, value: picture), key.object(tag: 0xDF42)]
    let signature = try issuer.signPKCS1SHA256(signed.flatMap(\.encoded))
    return BERTLV(tag: 0xFF40, children: signed + [BERTLV(tag: 0xDF43, value: signature)]).encoded
  }
}

/// The DigestInfo under the signature of the card face: it says SHA-256, and holds three such hashes one after another, 96 bytes
/// (measured).
enum FaceDigestInfo {
  private static let header: [UInt8] = [
    0x30, 0x71, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x60,
  ]

  static func encoded(_ hashes: [[UInt8]]) -> [UInt8] { header + hashes.flatMap { $0 } }
}
