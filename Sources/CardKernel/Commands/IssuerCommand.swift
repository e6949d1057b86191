import ISO7816

/// The commands that an issued card keeps for its issuer and for municipal terminals: UPDATE BINARY, UPDATE RECORD,
/// ERASE ALL RECORDS, LOCK DF, UNLOCK DF, UNLOCK KEY and MANAGE ATTRIBUTES. They end at the security check, 6982.
/// MANAGE ATTRIBUTES gets that far with P1=22 or 24 only, else 6A86 (measured).
struct IssuerCommand: CardCommand {
  private let isUpdate: Bool

  init(_ apdu: CommandAPDU) throws(StatusWord) {
    isUpdate = apdu.ins == 0xD6 || apdu.ins == 0xDC
    let isManageAttributes = apdu.ins == 0x8A
    guard !isManageAttributes || apdu.p1 == 0x22 || apdu.p1 == 0x24 else { throw .incorrectParameters }
  }

  func run(on card: inout Card, with effects: inout some CardEffects) throws(StatusWord) -> ResponseAPDU {
    throw isUpdate ? card.choices.updateAnswer : .securityStatusNotSatisfied
  }
}
