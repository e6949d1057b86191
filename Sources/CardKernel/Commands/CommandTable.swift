import ISO7816

/// From class and instruction to the command. Facts: `Docs/CardModel.md`, "Classes" and "Instructions".
///
/// Checks are made in this order, as JICSAP cards do: class, channel, instruction, P1 and P2, length, file present,
/// file type, key state, security status, data.
///
/// | CLA        | meaning                                 | otherwise            |
/// |------------|-----------------------------------------|----------------------|
/// | 00         | plain                                   |                      |
/// | 10         | plain, more data follows (chaining)     | 6D00 for no INS of 00 |
/// | 80         | the card's own commands                 |                      |
/// | 90         | the card's own, more data follows       | 6D00 for no INS of 80 |
/// | 08         | secure messaging                        | see SecureMessaging  |
/// | 0C         | secure messaging with header            | 6987 / 6882 / 69FC   |
/// | 01…1F rest | another channel                         | 6881                 |
/// | any other  |                                         | 6E00                 |
enum CommandTable {
  static func run(
    _ apdu: CommandAPDU, on card: inout Card, with effects: inout some CardEffects
  ) throws(StatusWord) -> ResponseAPDU {
    // Whatever comes between its links, or refuses one, ends a chain unheard.
    let chain = card.session.chain
    card.session.chain = nil
    switch apdu.cla {
    case 0x10 where card.choices.acceptsChaining, 0x90 where card.choices.acceptsChaining:
      return try gather(apdu, behind: chain, on: &card)
    case 0x00, 0x80: return try runPlain(try join(apdu, to: chain), on: &card, with: &effects)
    case 0x08, 0x0C: return try SecureMessaging.run(apdu, on: &card, with: &effects)
    case 0xFF where card.choices.answersReaderIdentifier:
      return try ReaderIdentifier(apdu).run(on: &card, with: &effects)
    case 0x01...0x1F where apdu.cla & 0x03 != 0: throw .logicalChannelNotSupported
    default: throw .classNotSupported
    }
  }

  /// A command without secure messaging and with all its data.
  static func runPlain(
    _ apdu: CommandAPDU, on card: inout Card, with effects: inout some CardEffects
  ) throws(StatusWord) -> ResponseAPDU {
    switch (apdu.cla, apdu.ins) {
    case (0x00, 0x20): try Verify(apdu).run(on: &card, with: &effects)
    case (0x00, 0x24): try ChangeReferenceData(apdu).run(on: &card, with: &effects)
    case (0x00, 0x82): try ExternalAuthenticate(apdu).run(on: &card, with: &effects)
    case (0x00, 0x84): try GetChallenge(apdu).run(on: &card, with: &effects)
    case (0x00, 0x88): try InternalAuthenticate(apdu).run(on: &card, with: &effects)
    case (0x00, 0xA4): try SelectFile(apdu).run(on: &card, with: &effects)
    case (0x00, 0xB0): try ReadBinary(apdu).run(on: &card, with: &effects)
    case (0x00, 0xB2): try ReadRecords(apdu).run(on: &card, with: &effects)
    case (0x00, 0xCA): try GetData(apdu).run(on: &card, with: &effects)
    case (0x00, 0xD6), (0x00, 0xDC), (0x80, 0x06), (0x80, 0x50), (0x80, 0x52), (0x80, 0x54), (0x80, 0x8A):
      try IssuerCommand(apdu).run(on: &card, with: &effects)
    case (0x80, 0x2A): try ComputeDigitalSignature(apdu).run(on: &card, with: &effects)
    case (0x80, 0x32): try ChangeKey(apdu).run(on: &card, with: &effects)
    case (0x80, 0xA2): try SetPublicICKey(apdu).run(on: &card, with: &effects)
    case (0x80, 0xAE): try SetSessionKey(apdu).run(on: &card, with: &effects)
    case (0x80, 0xFC): try LastCommand(apdu).run(on: &card, with: &effects)
    default: throw .instructionNotSupported
    }
  }

  /// The instructions of ``runPlain(_:on:with:)``, by which the first link of a chain is refused.
  private static let instructions: [UInt8: Set<UInt8>] = [
    0x00: [0x20, 0x24, 0x82, 0x84, 0x88, 0xA4, 0xB0, 0xB2, 0xCA, 0xD6, 0xDC],
    0x80: [0x06, 0x2A, 0x32, 0x50, 0x52, 0x54, 0x8A, 0xA2, 0xAE, 0xFC],
  ]

  /// One link of a chain: its data is kept, and the next link must have the same header.
  private static func gather(
    _ apdu: CommandAPDU, behind begun: CommandChain?, on card: inout Card
  ) throws(StatusWord) -> ResponseAPDU {
    let cla = apdu.cla & ~CommandChain.bit
    guard instructions[cla]?.contains(apdu.ins) == true else { throw .instructionNotSupported }
    var chain = CommandChain(cla: cla, ins: apdu.ins, p1: apdu.p1, p2: apdu.p2, data: [])
    if let begun, begun.belongs(to: apdu) { chain = begun }
    guard chain.data.count + apdu.data.count <= CommandChain.longestData else { throw .wrongLength }
    chain.data += apdu.data
    card.session.chain = chain
    return .success
  }

  /// The last command of a chain with all the data; a command of another kind ends the chain unheard.
  private static func join(_ apdu: CommandAPDU, to chain: CommandChain?) throws(StatusWord) -> CommandAPDU {
    guard let chain, chain.belongs(to: apdu) else { return apdu }
    guard chain.data.count + apdu.data.count <= CommandChain.longestData else { throw .wrongLength }
    var whole = apdu
    whole.data = chain.data + apdu.data
    return whole
  }
}

extension CommandChain {
  func belongs(to apdu: CommandAPDU) -> Bool {
    cla == apdu.cla & ~Self.bit && ins == apdu.ins && p1 == apdu.p1 && p2 == apdu.p2
  }
}
