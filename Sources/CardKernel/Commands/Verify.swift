import ISO7816

/// VERIFY (INS 20): present a PIN, or ask for its counter. Facts: `Docs/CardModel.md`, "VERIFY".
///
/// | data          | tries left | answer    | then                           |
/// |---------------|------------|-----------|--------------------------------|
/// | absent        | any        | 63Cx      | nothing changes                |
/// | right         | 1 or more  | 9000      | counter refilled, PIN granted  |
/// | wrong         | x > 0      | 63C(x-1)  | counter spent, PIN revoked     |
/// | any           | 0          | 6984      | nothing changes                |
/// | over 16 bytes | any        | 6700      | nothing changes                |
/// | any           | disk full  | 6581      | counter spent, PIN as it was   |
///
/// The question is the four bytes `00 20 00 P2`; with an Le (`00 20 00 80 00`) it is a wrong length (measured).
struct Verify: CardCommand {
  private let reference: FileReference
  /// `nil` asks for the counter without spending a try.
  private let candidate: [UInt8]?

  init(_ apdu: CommandAPDU) throws(StatusWord) {
    guard apdu.p1 == 0x00 else { throw .incorrectParameters }
    reference = try FileReference(p2: apdu.p2)
    guard apdu.data.count <= PIN.longestCandidate else { throw .wrongLength }
    guard !apdu.data.isEmpty || apdu.expectedLength == nil else { throw .wrongLength }
    candidate = apdu.data.isEmpty ? nil : apdu.data
  }

  func run(on card: inout Card, with effects: inout some CardEffects) throws(StatusWord) -> ResponseAPDU {
    let index = try card.select(reference)
    var pin = try card.requirePIN(at: index)
    guard let candidate else { return .status(answerToQuery(of: pin, at: index, on: card)) }
    if !card.choices.wrongLengthSpendsTry && !pin.format.lengths.contains(candidate.count) { throw .wrongLength }
    guard pin.triesLeft > 0 else { throw card.choices.blockedAnswer }

    // Paid for, and stored, before the guess is looked at: a card pulled out of the reader half-way, a killed process
    // or a full disk must never hand the try back.
    pin.triesLeft -= 1
    let spent = pin.triesLeft
    try card.store(pin, at: index, as: { .triesLeft($0, spent) }, with: &effects)

    let id = card.file(at: index).id
    guard pin.matches(candidate) else {
      if card.choices.wrongGuessRevokes { card.session.verified.revoke(id) }
      return .status(.triesLeft(spent))
    }
    let paid = pin
    pin.triesLeft = pin.triesMax
    do throws(StatusWord) {
      try card.store(pin, at: index, as: { .triesLeft($0, pin.triesMax) }, with: &effects)
    } catch {
      // The refilled counter is not on disk, so it must not be here either.
      card.applications[card.session.application].files[index].content = .pin(paid)
      throw error
    }
    card.session.verified.grant(id)
    return .success
  }

  /// `63Cx`, also for a verified and for a blocked PIN (measured): OpenSC refuses a card that answers anything else.
  private func answerToQuery(of pin: PIN, at index: Int, on card: Card) -> StatusWord {
    if card.choices.blockedQueryIsError && pin.triesLeft == 0 { return card.choices.blockedAnswer }
    if card.choices.verifiedQueryIsSuccess && card.session.verified.contains(card.file(at: index).id) {
      return .success
    }
    return .triesLeft(pin.triesLeft)
  }
}
