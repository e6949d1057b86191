import ISO7816

/// GET CHALLENGE (`00 84 00 00 Le`): exactly Le random bytes, 1…256. An extended Le is answered 6985 (measured).
struct GetChallenge: CardCommand {
  private let length: Int

  init(_ apdu: CommandAPDU) throws(StatusWord) {
    guard apdu.p1 == 0, apdu.p2 == 0 else { throw .incorrectParameters }
    guard apdu.data.isEmpty, let expected = apdu.expectedLength else { throw .wrongLength }
    guard !apdu.isExtended else { throw .conditionsOfUseNotSatisfied }
    length = expected
  }

  func run(on card: inout Card, with effects: inout some CardEffects) throws(StatusWord) -> ResponseAPDU {
    do throws(EffectFailure) {
      let challenge = try effects.randomBytes(length)
      card.session.challenge = challenge
      return ResponseAPDU(data: challenge)
    } catch {
      throw .noPreciseDiagnosis
    }
  }
}
