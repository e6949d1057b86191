import ISO7816

/// A command of the card: parsed by `init`, which alone looks at bytes, then run.
protocol CardCommand {
  /// Parses P1, P2 and the length fields, in that order, or refuses.
  init(_ apdu: CommandAPDU) throws(StatusWord)
  /// Does it.
  func run(on card: inout Card, with effects: inout some CardEffects) throws(StatusWord) -> ResponseAPDU
}
