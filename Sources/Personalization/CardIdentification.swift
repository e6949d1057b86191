import Authority
import CardImage
import CardKernel
import Cryptography
import ISO7816
import MyNumberCard

/// What names the card itself: the records of the common and resident-record applications, and the card manager's data objects.
struct CardIdentification {
  private let resident: Resident
  private let serial: String
  private let keys: KeySource

  init(resident: Resident, keys: KeySource, random: inout SeededRandom) {
    self.resident = resident
    self.keys = keys
    // Fifteen digits; real ones begin with 4 as well. Drawn in any case, so that what is drawn later stays the same.
    let made = "4" + (0..<14).map { _ in String(random.number(below: 10)) }.joined()
    serial = resident.card.options.serial ?? made
  }

  func fill(_ image: inout CardImage) throws {
    // The leading 6 is the test hierarchy's (`Docs/CardModel.md`, "Key identifiers").
    let reference = try KeyIdentifier(number: "6000020").bytes
    let code = resident.holder.municipality.code
    let end = resident.card.end.compact
    let generation = CardGeneration.named(resident.card.generation) ?? .plastic
    if generation.application(.common) != nil {
      image.records[FilePath(.common, 0x0001)] = [[0x01, 0x1C] + Array((serial + code + end).utf8)]
      image.records[FilePath(.common, 0x0002)] = [[0x01, 0x10] + reference]
      image.keys[FilePath(.common, CommonApplication.authenticationKey)] =
        try keys.key("common internal authentication").pkcs8DER
    }
    if generation.application(.residentRecord) != nil {
      image.records[FilePath(.residentRecord, 0x0002)] = [[0x01, 0x10] + reference]
    }
    let terminal = FilePath(.jpki, JPKIApplication.terminalAuthority)
    image.manifest.terminalAuthorities[terminal.description] =
      try RecordChains.terminal.issuerKey.publicKey.modulus.hexString
    // A phone has none of a plastic card's identity (our choice: nothing of it is published).
    guard !resident.card.carrier.isPhone else { return }
    image.manifest.dataObjects = try dataObjects(in: generation, code: code, end: end)
  }

  /// Data objects by application. Facts: `Docs/CardContents.md`, "Card manager".
  private func dataObjects(
    in generation: CardGeneration, code: String, end: String
  ) throws -> [String: [String: String]] {
    let options = resident.card.options
    let chain = try RecordChains.cardManager
    var manager: [String: [UInt8]] = [
      "0042": chain.root.bytes,
      "0045": Array(serial.utf8),
      "0066": Self.recognitionData,
      "00F0": Array(code.utf8),
      "00F2": Array(end.utf8),
      "00F7": chain.upper.subject.bytes,
      "00F8": chain.upper.inside,
    ]
    if !options.isOlderGeneration { manager["7F21"] = chain.lower.inside }
    var objects: [String: [String: String]] = [:]
    for application in generation.applications {
      var own = application.isCardManager ? manager : [:]
      let place: CardOptions.AnswerToResetPlace = application.isCardManager ? .cardManager : .applications
      if options.answerToResetPlace == .everywhere || options.answerToResetPlace == place {
        own["5F51"] = contactAnswerToReset
      }
      if !own.isEmpty { objects[application.name.rawValue] = own.mapValues(\.hexString) }
    }
    return objects
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
