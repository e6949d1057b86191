import ISO7816

/// CHANGE REFERENCE DATA (`00 24 01 80`): the holder sets a new PIN on the current, verified PIN file.
/// Facts: `Docs/CardModel.md`, "CHANGE REFERENCE DATA".
struct ChangeReferenceData: CardCommand {
  private let change: PINReplacement

  init(_ apdu: CommandAPDU) throws(StatusWord) {
    guard apdu.p1 == 0x01, apdu.p2 == 0x80 else { throw .incorrectParameters }
    change = try PINReplacement(apdu, by: .changeReferenceData)
  }

  func run(on card: inout Card, with effects: inout some CardEffects) throws(StatusWord) -> ResponseAPDU {
    try change.run(on: &card, with: &effects)
  }
}

/// CHANGE KEY (`80 32 00 80`): the same for the PINs of the common and the resident-record application.
struct ChangeKey: CardCommand {
  private let change: PINReplacement

  init(_ apdu: CommandAPDU) throws(StatusWord) {
    guard apdu.p1 == 0x00, apdu.p2 == 0x80 else { throw .incorrectParameters }
    change = try PINReplacement(apdu, by: .changeKey)
  }

  func run(on card: inout Card, with effects: inout some CardEffects) throws(StatusWord) -> ResponseAPDU {
    try change.run(on: &card, with: &effects)
  }
}

/// What the two commands share.
///
/// | case                                   | answer                                          |
/// |----------------------------------------|-------------------------------------------------|
/// | no data, or more than 16 bytes          | 6700                                            |
/// | no current EF / not a PIN               | 6986 / 6981, 6985                               |
/// | a PIN that this command does not change | 6985                                            |
/// | a length that the PIN cannot have       | 6700                                            |
/// | blocked                                 | 6984                                            |
/// | not verified                            | 6982                                            |
/// | forbidden characters                    | 6A80                                            |
/// | else                                    | 9000: counter at its maximum, still verified    |
private struct PINReplacement {
  private let value: [UInt8]
  private let command: PINChange

  init(_ apdu: CommandAPDU, by command: PINChange) throws(StatusWord) {
    guard (1...PIN.longestCandidate).contains(apdu.data.count) else { throw .wrongLength }
    value = apdu.data
    self.command = command
  }

  func run(on card: inout Card, with effects: inout some CardEffects) throws(StatusWord) -> ResponseAPDU {
    let index = try card.select(.current)
    var pin = try card.requirePIN(at: index)
    guard pin.changedBy == command else { throw .conditionsOfUseNotSatisfied }
    guard pin.format.lengths.contains(value.count) else { throw .wrongLength }
    guard pin.triesLeft > 0 else { throw card.choices.blockedAnswer }
    let id = card.file(at: index).id
    guard card.session.verified.contains(id) else { throw .securityStatusNotSatisfied }
    guard pin.format.acceptsCharacters(of: value) else { throw .incorrectData }

    let before = pin
    pin.value = value
    pin.triesLeft = pin.triesMax
    do throws(StatusWord) {
      try card.store(pin, at: index, as: { .pin($0, value: value, triesLeft: pin.triesMax) }, with: &effects)
    } catch {
      // The old PIN stands on disk, so it must stand here too.
      card.applications[card.session.application].files[index].content = .pin(before)
      throw error
    }
    if !card.choices.changeKeepsVerified { card.session.verified.revoke(id) }
    return .success
  }
}
