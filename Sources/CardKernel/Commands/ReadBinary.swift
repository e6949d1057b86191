import ISO7816

/// READ BINARY (INS B0). Facts: `Docs/CardModel.md`, "READ BINARY".
///
/// | P1              | P2          | file                                              |
/// |-----------------|-------------|---------------------------------------------------|
/// | 0hhhhhhh        | llllllll    | the current one, from the 15-bit offset hl         |
/// | 100sssss        | llllllll    | the one with short identifier s, from offset l     |
/// | 101…, 11…       |             | 6A86                                               |
///
/// | case                                | answer                                       |
/// |-------------------------------------|----------------------------------------------|
/// | no current EF                       | 6986                                         |
/// | internal or record file             | 6981                                         |
/// | condition not fulfilled             | 6982 (checked here, never at SELECT)         |
/// | offset at or behind the end         | 6B00                                         |
/// | Le beyond the end                   | the bytes that are left, 9000                |
struct ReadBinary: CardCommand {
  private let reference: FileReference
  private let offset: Int
  private let length: Int

  init(_ apdu: CommandAPDU) throws(StatusWord) {
    switch apdu.p1 & 0xE0 {
    case 0x00, 0x20, 0x40, 0x60: (reference, offset) = (.current, Int(apdu.p1) << 8 | Int(apdu.p2))
    case 0x80: (reference, offset) = (.short(apdu.p1 & 0x1F), Int(apdu.p2))
    default: throw .incorrectParameters
    }
    guard apdu.data.isEmpty, let expected = apdu.expectedLength else { throw .wrongLength }
    length = expected
  }

  func run(on card: inout Card, with effects: inout some CardEffects) throws(StatusWord) -> ResponseAPDU {
    let file = card.file(at: try card.select(reference))
    guard case .transparent(let bytes) = file.content else { throw .incompatibleFileStructure }
    guard card.permits(file.readRule) else { throw .securityStatusNotSatisfied }
    guard offset < bytes.count else { throw .wrongOffset }
    let end = min(bytes.count, offset + length)
    // "As many as there are" is what Le=00 and the longest extended Le mean, so only a number can be too large.
    let isShort = offset + length > bytes.count && length != 256 && length != 65_536
    return ResponseAPDU(
      data: Array(bytes[offset..<end]),
      status: isShort && card.choices.shortReadWarns ? .endOfFileReached : .success)
  }
}
