import CardKernel
import ISO7816
import MyNumberCard

/// Gathers what a program meets, slot by slot.
public struct CoverageCollector: Sendable {
  /// What has been met until now.
  public private(set) var record = CoverageRecord()

  private struct Slot {
    var card: CoverageCard?
    var wasSpokenTo = false
  }

  private var slots: [Int: Slot] = [:]
  private var isRunning = false

  /// Nothing has been met.
  public init() {}

  /// From now on the program runs: a card that comes is one that comes later.
  public mutating func begin() { isRunning = true }

  /// A card came.
  public mutating func inserted(_ card: CoverageCard, slot: Int) {
    slots[slot] = Slot(card: card)
    record.add(card)
    if isRunning { record.meet(.inserted) }
  }

  /// The card went.
  public mutating func removed(slot: Int) {
    if slots[slot]?.wasSpokenTo == true { record.meet(.removed) }
    slots[slot] = nil
  }

  /// A command and its answer; an empty one is none.
  public mutating func exchanged(
    command: [UInt8], response: [UInt8], application: ApplicationName, file: FileID?, microseconds: Int, slot: Int
  ) {
    slots[slot, default: Slot()].wasSpokenTo = true
    if microseconds >= Situation.slowMicroseconds { record.meet(.slow) }
    guard let answer = ResponseAPDU(parsing: response) else { return record.meet(.noAnswer) }
    record.meet(answer.status)
    guard let apdu = try? CommandAPDU(parsing: command) else { return }
    record.meetInstruction(of: apdu)
    let place = Place(application: application, file: file, card: slots[slot]?.card)
    switch apdu.ins {
    case 0xA4: meetSelection(apdu, answer, place)
    case 0x20: meetVerification(apdu, answer, place)
    case 0x24, 0x32: if answer.status.isSuccess { record.meet(.changed, place.reference(apdu.p2)) }
    case 0xB0: meetReading(apdu.p1 & 0x80 != 0 ? FileID(shortIdentifier: apdu.p1 & 0x1F) : file, answer, place)
    case 0xB2: meetReading(apdu.p2 >> 3 == 0 ? file : FileID(shortIdentifier: apdu.p2 >> 3), answer, place)
    case 0x2A, 0x88: meetUse(of: place.key(apdu.p2), answer)
    case 0xCA where answer.status.isSuccess && application == .cardManager:
      record.meet(application.rawValue, ItemName.dataObject)
    default: break
    }
    if answer.status == .securityStatusNotSatisfied { record.meet(.notVerified) }
  }

  /// Where a command came to.
  private struct Place {
    let application: ApplicationName
    let file: FileID?
    let card: CoverageCard?

    var definition: ApplicationDefinition? {
      (card.flatMap { CardGeneration.named($0.generation) } ?? .licence).application(application)
    }

    /// The file that P2 of VERIFY and its like means.
    func reference(_ p2: UInt8) -> FilePath? {
      let id = p2 & 0x1F == 0 ? file : FileID(shortIdentifier: p2 & 0x1F)
      return id.map { FilePath(application, $0) }
    }

    /// The key that P2 of a signature means.
    func key(_ p2: UInt8) -> FilePath? {
      guard p2 == 0x00 else { return reference(p2) }
      return definition?.defaultKey.map { FilePath(application, $0) } ?? reference(p2)
    }
  }

  private mutating func meetSelection(_ apdu: CommandAPDU, _ answer: ResponseAPDU, _ place: Place) {
    guard answer.status.isSuccess, apdu.p1 == 0x04 else { return }
    let generation = place.card.flatMap { CardGeneration.named($0.generation) } ?? .licence
    guard let selected = generation.applications.first(where: { $0.id.hasPrefix(apdu.data.hexString) }),
      !selected.isCardManager
    else { return }
    record.meet(selected.name.rawValue, ItemName.selected)
    guard selected.name == .jpki, let card = place.card else { return }
    if card.auth == .absent { record.meet(.noAuth) }
    if card.sign == .absent { record.meet(.noSign) }
  }

  private mutating func meetVerification(_ apdu: CommandAPDU, _ answer: ResponseAPDU, _ place: Place) {
    let path = place.reference(apdu.p2)
    let isQuestion = apdu.data.isEmpty
    if isQuestion && (answer.status.triesLeft != nil || answer.status.isSuccess) { record.meet(.asked, path) }
    if !isQuestion && answer.status.isSuccess { record.meet(.right, path) }
    if answer.status.triesLeft == 1 { record.meet(.lastTry) }
    switch (answer.status, isQuestion) {
    case (.triesLeft(0), true), (.referencedKeyBlocked, _), (.authenticationMethodBlocked, _):
      record.meet(.locked, path)
      record.meet(.locked)
    case (.triesLeft(0), false):
      record.meet(.wrong, path)
      record.meet(.locked, path)
      record.meet(.locking)
    case (let status, false) where status.triesLeft != nil:
      record.meet(.wrong, path)
      record.meet(.wrongPIN)
    default: break
    }
  }

  private mutating func meetReading(_ file: FileID?, _ answer: ResponseAPDU, _ place: Place) {
    guard answer.status.isSuccess, !answer.data.isEmpty, let file else { return }
    record.meet(.read, FilePath(place.application, file))
    guard place.application == .jpki, let card = place.card else { return }
    switch (file, card.auth, card.sign) {
    case (JPKIApplication.authCertificate, .expired, _): record.meet(.expiredAuth)
    case (JPKIApplication.authCertificate, .revoked, _): record.meet(.revokedAuth)
    case (JPKIApplication.signCertificate, _, .expired): record.meet(.expiredSign)
    case (JPKIApplication.signCertificate, _, .revoked): record.meet(.revokedSign)
    default: break
    }
  }

  private mutating func meetUse(of key: FilePath?, _ answer: ResponseAPDU) {
    if answer.status.isSuccess { record.meet(.used, key) }
  }
}
