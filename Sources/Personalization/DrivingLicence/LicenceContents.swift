import Authority
import CardImage
import CardKernel
import CardRules
import Cryptography
import ISO7816
import MyNumberCard

/// Fills 運転免許AP as far as one public client tells of it: whether a PIN is set, and until when the licence is good.
/// Layout: `Docs/CardContents.md`, "Driving licence".
struct LicenceContents {
  let resident: Resident
  let licence: CardOptions.Licence
  let keys: KeySource

  func fill(_ image: inout CardImage) throws {
    let isSet: UInt8 = licence.pin == nil ? 0x00 : 0x01
    image.data[path(DrivingLicenceApplication.pinSetting)] = BERTLV(tag: 0xC1, value: [isSet]).encoded
    let record = Self.record(end: licence.end)
    image.data[path(DrivingLicenceApplication.licence)] = record
    // Who signs licences, and in which form, is not public; a signature of our own is the choice.
    let signer = try keys.key("driving licence issuer")
    image.data[path(DrivingLicenceApplication.signature)] =
      BERTLV(tag: 0xC6, value: try signer.signPKCS1SHA256(record)).encoded
    if let pin = licence.pin {
      image.manifest.pins[path(DrivingLicenceApplication.pin).description] = .init(value: pin)
    }
  }

  private func path(_ file: FileID) -> FilePath { FilePath(.drivingLicence, file) }

  /// EF 001B: C2 and C3 take four bytes together, then C5: the era's number and YYMMDD of the era in digits.
  static func record(end: CalendarDay) -> [UInt8] {
    let era = UInt8(clamping: JapaneseEra(of: end)?.digit ?? 0)
    let objects = [
      BERTLV(tag: 0xC2, value: []), BERTLV(tag: 0xC3, value: []),
      BERTLV(tag: 0xC5, value: [era] + Array((end.eraYearMonthDay ?? "000000").utf8)),
    ]
    return objects.flatMap(\.encoded)
  }
}
