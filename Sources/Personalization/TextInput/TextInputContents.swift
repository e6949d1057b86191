import Authority
import CardImage
import CardKernel
import Cryptography
import ISO7816
import MyNumberCard

/// Fills 券面事項入力補助AP. Layouts: `Docs/CardContents.md`, "Text application".
struct TextInputContents {
  let resident: Resident
  let numberA: String
  let keys: KeySource

  func fill(_ image: inout CardImage) throws {
    let chain = try RecordChains.textInput
    let issuer = try RecordIssuer(chain, municipality: resident.holder.municipality.code)
    let holder = resident.holder
    let number = MyNumberFile.encoded(numberA)
    let attributes = try AttributesRecord(
      name: holder.name, address: holder.address, birth: resident.birthOnFace, sex: resident.sexOnFace)
    let signing = try keys.key("text input signing")
    let session = try keys.key("text input session")

    image.data[path(0x0001)] = number
    image.data[path(0x0002)] = attributes.encoded
    image.data[path(0x0003)] = try IntegrityRecord.encoded(
      number: number, attributes: attributes, signedWith: issuer.key)
    image.data[path(0x0004)] = issuer.certificate.bytes
    image.data[path(0x0005)] = Self.basicInformation(key: chain.subject)
    image.data[path(TextInputApplication.sessionPublicKey)] = session.publicKey.object(tag: 0xA1).encoded
    image.data[path(0x0007)] = try Self.signedKey(signing.publicKey, by: issuer.key)
    image.data[path(0x0008)] = [UInt8](repeating: 0xFF, count: 16)
    image.keys[path(TextInputApplication.sessionPublicKey)] = try session.pkcs8DER
    image.keys[path(TextInputApplication.signingKey)] = try signing.pkcs8DER
  }

  private func path(_ file: FileID) -> FilePath { FilePath(.textInput, file) }

  /// EF 0005, 164 bytes: `FF40 82 009F { DF41 01 03 0E 01, DF42 key identifier, DF43 32 bytes and 96 FF }`. The key is
  /// not the one of EF 0004 (measured). What the 32 bytes are nobody has published; SHA-256 over the two objects before them is
  /// our choice.
  static func basicInformation(key: KeyIdentifier) -> [UInt8] {
    let facts = [
      // Version of the specification, extended Lc and Le, vendor, option (measured).
      BERTLV(tag: 0xDF41, value: [0x01, 0x03, 0x0E, 0x01]), BERTLV(tag: 0xDF42, value: key.bytes),
    ]
    let opaque = SHA256.digest(facts.flatMap(\.encoded)) + [UInt8](repeating: 0xFF, count: 96)
    return BERTLV(tag: 0xFF40, children: facts + [BERTLV(tag: 0xDF43, value: opaque)]).encoded
  }

  /// EF 0007, 536 bytes: `FF50 82 0213 { DF51 key, DF52 signature }`; the signature is over object DF51.
  static func signedKey(_ key: RSAPublicKey, by signer: RSAPrivateKey) throws(CryptographyError) -> [UInt8] {
    let object = key.object(tag: 0xDF51)
    let signature = try signer.signPKCS1SHA256(object.encoded)
    return BERTLV(tag: 0xFF50, children: [object, BERTLV(tag: 0xDF52, value: signature)]).encoded
  }
}
