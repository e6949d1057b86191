import ISO7816

/// SELECT FILE (INS A4). Facts: `Docs/CardModel.md`, "SELECT".
///
/// | P1 | P2         | data        | answer                                             |
/// |----|------------|-------------|----------------------------------------------------|
/// | 04 | 00, 0C     | name        | first application whose name begins so, else 6A82  |
/// | 04 | 02         | name        | the next such application, else 6A82               |
/// | 02 | 0C         | identifier  | that EF of the current application, else 6A82      |
/// | 02 | 00         | identifier  | 6A86 (a choice)                                    |
/// | 00 | 00, 0C     | none        | 9000, nothing changes; 6A86 right after power-up   |
/// | 00 | 00, 0C     | identifier  | 6A82: the card has no master file                  |
/// | other         ||             | 6A86                                               |
///
/// What is verified stays verified when the same application is selected again, and is lost with another one.
struct SelectFile: CardCommand {
  private enum Target {
    case firstApplication(name: [UInt8], wantsFCI: Bool)
    case nextApplication(name: [UInt8], wantsFCI: Bool)
    case file(FileID, asksForFCI: Bool)
    case nothing
    case masterFile
  }

  private let target: Target

  init(_ apdu: CommandAPDU) throws(StatusWord) {
    switch (apdu.p1, apdu.p2) {
    case (0x04, 0x00), (0x04, 0x02), (0x04, 0x0C):
      guard (1...ApplicationID.lengths.upperBound).contains(apdu.data.count) else { throw .wrongLength }
      let wantsFCI = apdu.p2 != 0x0C && apdu.expectedLength != nil
      target =
        apdu.p2 == 0x02
        ? .nextApplication(name: apdu.data, wantsFCI: wantsFCI)
        : .firstApplication(name: apdu.data, wantsFCI: wantsFCI)
    case (0x02, 0x00), (0x02, 0x0C):
      // Whether P2=00 is a wrong parameter, the card's choices say; it would come before the length.
      guard let id = FileID(bytes: apdu.data) else {
        throw apdu.p2 == 0x0C ? .wrongLength : .incorrectParameters
      }
      target = .file(id, asksForFCI: apdu.p2 == 0x00)
    case (0x00, 0x00), (0x00, 0x0C):
      switch apdu.data.count {
      case 0: target = .nothing
      case 2: target = .masterFile
      default: throw .wrongLength
      }
    default:
      throw .incorrectParameters
    }
  }

  func run(on card: inout Card, with effects: inout some CardEffects) throws(StatusWord) -> ResponseAPDU {
    switch target {
    case .firstApplication(let name, let wantsFCI):
      return try select(name, among: card.applications.indices, on: &card, wantsFCI: wantsFCI)
    case .nextApplication(let name, let wantsFCI):
      let later = (card.session.application + 1)..<card.applications.count
      return try select(name, among: later, on: &card, wantsFCI: wantsFCI)
    case .file(let id, let asksForFCI):
      guard !asksForFCI || !card.choices.selectFileNeedsNoFCI else { throw .incorrectParameters }
      guard card.currentApplication.index(of: id) != nil else { throw .fileNotFound }
      card.session.file = id
      return .success
    case .nothing:
      guard !card.currentApplication.isCardManager else { throw .incorrectParameters }
      return .success
    case .masterFile:
      throw .fileNotFound
    }
  }

  private func select(
    _ name: [UInt8], among candidates: Range<Int>, on card: inout Card, wantsFCI: Bool
  ) throws(StatusWord) -> ResponseAPDU {
    guard let index = candidates.first(where: { card.applications[$0].id.begins(with: name) }) else {
      throw .fileNotFound
    }
    if card.choices.sameApplicationClears && index == card.session.application {
      card.session.verified = VerifiedKeys()
    }
    card.session.enter(application: index)
    guard wantsFCI && card.choices.selectReturnsFCI else { return .success }
    let template = BERTLV(tag: 0x6F, children: [BERTLV(tag: 0x84, value: card.currentApplication.id.bytes)])
    return ResponseAPDU(data: template.encoded)
  }
}
