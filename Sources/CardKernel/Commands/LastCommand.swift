import ISO7816

/// `80 FC 00 00`: the plastic card answers 6700 (measured). An iPhone's card understands it as "last command".
struct LastCommand: CardCommand {
  private let isWellFormed: Bool

  init(_ apdu: CommandAPDU) throws(StatusWord) {
    isWellFormed = apdu.p1 == 0 && apdu.p2 == 0 && apdu.data.isEmpty
  }

  func run(on card: inout Card, with effects: inout some CardEffects) throws(StatusWord) -> ResponseAPDU {
    guard card.choices.knowsLastCommand && isWellFormed else { throw .wrongLength }
    return .success
  }
}
