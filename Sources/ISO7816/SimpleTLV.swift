/// A SIMPLE-TLV data object (ISO/IEC 7816-4, 5.2.1): one tag byte (01…FE), a length of one byte or `FF hh ll`.
public struct SimpleTLV: Hashable, Sendable {
  /// The tag.
  public var tag: UInt8
  /// The value field, at most 65 535 bytes.
  public var value: [UInt8]

  /// An object from its parts; `nil` for the tags 00 and FF and for a value that no length field can announce.
  public init?(tag: UInt8, value: [UInt8]) {
    guard tag != 0x00, tag != 0xFF, value.count <= 0xFFFF else { return nil }
    self.tag = tag
    self.value = value
  }

  /// Tag, length and value.
  public var encoded: [UInt8] {
    if value.count < 0xFF { return [tag, UInt8(value.count)] + value }
    return [tag, 0xFF, UInt8(value.count >> 8), UInt8(value.count & 0xFF)] + value
  }

  /// Reads the object that begins at `offset` and moves `offset` behind it; `nil`, with `offset` unmoved, when there is none.
  public init?(parsing bytes: [UInt8], at offset: inout Int) {
    guard offset >= 0, bytes.count - offset >= 2 else { return nil }
    var position = offset + 2
    var length = Int(bytes[offset + 1])
    if length == 0xFF {
      guard bytes.count - offset >= 4 else { return nil }
      length = Int(bytes[offset + 2]) << 8 | Int(bytes[offset + 3])
      position = offset + 4
    }
    guard length <= bytes.count - position else { return nil }
    self.init(tag: bytes[offset], value: Array(bytes[position..<position + length]))
    offset = position + length
  }
}
