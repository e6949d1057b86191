import ISO7816

/// READ RECORD(S) (INS B2). Facts: `Docs/CardModel.md`, "READ RECORD".
///
/// | P2           | meaning                                        |
/// |--------------|------------------------------------------------|
/// | sssss100     | record P1 of file s (0: the current one)       |
/// | sssss101     | records P1 to the last                         |
/// | other        | 6A86                                           |
///
/// A record that is not there, and P1=00: 6A83.
struct ReadRecords: CardCommand {
  private let reference: FileReference
  private let number: Int
  private let readsToEnd: Bool
  private let length: Int

  init(_ apdu: CommandAPDU) throws(StatusWord) {
    switch apdu.p2 & 0x07 {
    case 0x04: readsToEnd = false
    case 0x05: readsToEnd = true
    default: throw .incorrectParameters
    }
    let identifier = apdu.p2 >> 3
    reference = identifier == 0 ? .current : .short(identifier)
    number = Int(apdu.p1)
    guard apdu.data.isEmpty, let expected = apdu.expectedLength else { throw .wrongLength }
    length = expected
  }

  func run(on card: inout Card, with effects: inout some CardEffects) throws(StatusWord) -> ResponseAPDU {
    let file = card.file(at: try card.select(reference))
    guard case .records(let records) = file.content else { throw .incompatibleFileStructure }
    guard card.permits(file.readRule) else { throw .securityStatusNotSatisfied }
    guard (1...255).contains(number), number <= records.count else { throw .recordNotFound }
    let wanted = readsToEnd ? records[(number - 1)...] : records[(number - 1)..<number]
    return ResponseAPDU(data: Array(wanted.joined().prefix(length)))
  }
}
