import CardImage
import CardKernel
import Cryptography
import ISO7816
import MyNumberCard

/// What names the card itself: the records of the common and resident-record applications, and the card manager's data objects.
struct CardIdentification {
  private let resident: Resident
  private let serial: String

  /// Key references name a test hierarchy by their leading 6 (`Docs/CardModel.md`, "Key identifiers").
  static func keyIdentifier(_ number: String, tail: [UInt8] = [0, 0, 0, 0]) -> [UInt8] {
    Array(number.utf8) + [0x08, 0x05] + Array("001".utf8) + tail
  }

  init(resident: Resident, random: inout SeededRandom) {
    self.resident = resident
    // Fifteen digits; real ones begin with 4 as well.
    serial = "4" + (0..<14).map { _ in String(random.number(below: 10)) }.joined()
  }

  func fill(_ image: inout CardImage) {
    let reference = Self.keyIdentifier("6000020")
    let code = resident.holder.municipality.code
    let end = resident.card.end.compact
    let generation = CardGeneration.named(resident.card.generation) ?? .plastic
    if generation.application(.common) != nil {
      image.records[FilePath(.common, 0x0001)] = [[0x01, 0x1C] + Array((serial + code + end).utf8)]
      image.records[FilePath(.common, 0x0002)] = [[0x01, 0x10] + reference]
    }
    if generation.application(.residentRecord) != nil {
      image.records[FilePath(.residentRecord, 0x0002)] = [[0x01, 0x10] + reference]
    }
    let issuer = Self.keyIdentifier("6000020", tail: [0, 0, 0, 0xA8])
    image.manifest.dataObjects[ApplicationName.cardManager.rawValue] = [
      "0042": issuer.hexString,
      "0045": Array(serial.utf8).hexString,
      "0066": Self.recognitionData.hexString,
      "00F0": Array(code.utf8).hexString,
      "00F2": Array(end.utf8).hexString,
      "00F7": issuer.hexString,
      "5F51": contactAnswerToReset.hexString,
    ]
  }

  /// GlobalPlatform card recognition data: object identifiers under 1.2.840.114283 (our choice; no client reads them).
  private static let recognitionData: [UInt8] = BERTLV(
    tag: 0x66,
    children: [
      BERTLV(
        tag: 0x73,
        children: [
          BERTLV(tag: 0x06, value: [0x2A, 0x86, 0x48, 0x86, 0xFC, 0x6B, 0x01]),
          BERTLV(
            tag: 0x60, children: [BERTLV(tag: 0x06, value: [0x2A, 0x86, 0x48, 0x86, 0xFC, 0x6B, 0x02, 0x02, 0x01])]),
        ])
    ]
  ).encoded

  /// The contact answer to reset without TS, also on a card that is met through the field.
  private var contactAnswerToReset: [UInt8] {
    let own = Personality.named(resident.card.personality)
    let contact = own?.interface == .contact ? own : Personality.named(Personality.defaultName)
    return Array((contact?.answerToReset.bytes ?? []).dropFirst())
  }
}
