import Authority
import CardImage
import CardKernel
import Cryptography
import ISO7816
import MyNumberCard

/// Fills 券面事項確認AP. Layouts: `Docs/CardContents.md`, "Visual application".
struct VisualContents {
  let resident: Resident
  let numberA: String
  let keys: KeySource
  /// `nil` for a card whose face is not drawn; its two files with pictures are empty then.
  let pictures: FacePictures?

  func fill(_ image: inout CardImage) throws {
    let chain = try RecordChains.visualInspection
    let signer = try RecordIssuer(chain, municipality: resident.holder.municipality.code)
    let issuer = signer.key
    let holder = resident.holder
    let own = try keys.key("visual inspection signing")
    let key = own.publicKey

    image.data[path(0x0001)] = try VisualRecords.age(birth: resident.birthOnFace, key: key, issuer: issuer)
    if let pictures {
      let face = VisualRecords.Face(
        birth: resident.birthOnFace, sex: resident.sexOnFace, end: resident.card.end.compact, pictures: pictures)
      image.data[path(0x0002)] = try VisualRecords.face(face, key: key, issuer: issuer)
      image.data[path(0x0005)] = try VisualRecords.number(picture: pictures.number, key: key, issuer: issuer)
    }
    image.data[path(0x0003)] = try VisualRecords.basicInformation(
      municipality: holder.municipality.code, key: chain.subject, seed: keys.seed)
    image.data[path(0x0004)] = signer.certificate.bytes
    image.data[path(0x0006)] = [UInt8](repeating: 0xFF, count: 16)
    image.keys[path(VisualInspectionApplication.signingKey)] = try own.pkcs8DER
  }

  private func path(_ file: FileID) -> FilePath { FilePath(.visualInspection, file) }
}
