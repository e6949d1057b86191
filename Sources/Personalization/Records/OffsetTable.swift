import ISO7816

/// A record that begins with a table of where its objects stand: big-endian 16-bit numbers from the first byte of the
/// file to the tag of each object that follows (`Docs/CardContents.md`, "Offset tables").
struct OffsetTable {
  /// The tag of the table itself.
  static let tag: UInt32 = 0xDF21
  /// Offsets have 15 bits in READ BINARY.
  static let longestRecord = 0x7FFF

  /// The whole record: `tag LL { DF21 offsets, objects }`.
  /// - Returns: `nil` when it would be longer than offsets reach.
  static func record(tag: UInt32, objects: [BERTLV]) -> [UInt8]? {
    let encoded = objects.map(\.encoded)
    let tableLength = BERTLV(tag: Self.tag, value: [UInt8](repeating: 0, count: 2 * objects.count)).encoded.count
    let length = tableLength + encoded.reduce(0) { $0 + $1.count }
    guard length <= longestRecord - 8 else { return nil }
    // The table has a fixed length, so the length of the record's own header is known before the offsets are.
    let header = BERTLV(tag: tag, value: [UInt8](repeating: 0, count: length)).header
    var offset = header.count + tableLength
    var offsets: [UInt8] = []
    for object in encoded {
      offsets += [UInt8(offset >> 8 & 0xFF), UInt8(offset & 0xFF)]
      offset += object.count
    }
    return header + BERTLV(tag: Self.tag, value: offsets).encoded + encoded.flatMap { $0 }
  }
}
