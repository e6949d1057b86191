import ISO7816

/// GET DATA (`00 CA tag tag Le`). An object longer than Le: 6700, and the client asks again with an extended Le
/// (measured for the short form). No such object: 6A88.
struct GetData: CardCommand {
  private let tag: UInt16
  private let length: Int

  init(_ apdu: CommandAPDU) throws(StatusWord) {
    tag = UInt16(apdu.p1) << 8 | UInt16(apdu.p2)
    guard apdu.data.isEmpty, let expected = apdu.expectedLength else { throw .wrongLength }
    length = expected
  }

  func run(on card: inout Card, with effects: inout some CardEffects) throws(StatusWord) -> ResponseAPDU {
    guard let object = card.currentApplication.dataObjects[tag] else { throw .referencedDataNotFound }
    guard object.count <= length else { throw .wrongLength }
    return ResponseAPDU(data: object)
  }
}
