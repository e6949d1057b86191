import ISO7816

/// `FF CA 00 00 Le`, PC/SC's request to a contactless reader for the card's identifier. A real reader answers it itself;
/// a virtual one hands it on, so the card answers: the PUPI of Type B, four bytes, new at every power-up (our choice,
/// as real cards draw theirs). At contacts the class FF is unknown like any other.
struct ReaderIdentifier: CardCommand {
  private static let length = 4

  init(_ apdu: CommandAPDU) throws(StatusWord) {
    guard apdu.ins == 0xCA, apdu.p1 == 0, apdu.p2 == 0 else { throw .classNotSupported }
    guard apdu.data.isEmpty, let expected = apdu.expectedLength, expected >= Self.length else { throw .wrongLength }
  }

  func run(on card: inout Card, with effects: inout some CardEffects) throws(StatusWord) -> ResponseAPDU {
    if let known = card.session.readerIdentifier { return ResponseAPDU(data: known) }
    do throws(EffectFailure) {
      let drawn = try effects.randomBytes(Self.length)
      card.session.readerIdentifier = drawn
      return ResponseAPDU(data: drawn)
    } catch {
      throw .noPreciseDiagnosis
    }
  }
}
