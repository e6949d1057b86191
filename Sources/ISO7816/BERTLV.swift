/// A BER-TLV data object (ISO/IEC 7816-4, 5.2.2): tags of one to three bytes, lengths of up to three bytes after the first.
public struct BERTLV: Hashable, Sendable {
  /// The tag, its bytes read as one number: `0x5F37`, `0xDF21`, `0x90`.
  public var tag: UInt32
  /// The value field.
  public var value: [UInt8]

  /// An object from its parts.
  public init(tag: UInt32, value: [UInt8]) {
    self.tag = tag
    self.value = value
  }

  /// A constructed object from its parts.
  public init(tag: UInt32, children: [BERTLV]) {
    self.init(tag: tag, value: children.flatMap(\.encoded))
  }

  /// Why bytes are no BER-TLV object.
  public enum ParseError: Error, Hashable, Sendable {
    /// The input ends inside a tag, a length or a value; `offset` is where the object began.
    case truncated(offset: Int)
    /// A tag of more than three bytes or a length of more than three bytes or the indefinite form.
    case unsupported(offset: Int)
  }

  /// Tag and length as this card writes them: one byte below 128, from 128 on always `82 hh ll`, even where `81`
  /// would do (measured: `FF40 82 009F`). Values beyond 65 535 bytes get the `83` form.
  public var header: [UInt8] {
    var result = [UInt8(tag >> 16 & 0xFF), UInt8(tag >> 8 & 0xFF), UInt8(tag & 0xFF)]
    result.removeFirst(tag > 0xFFFF ? 0 : tag > 0xFF ? 1 : 2)
    let length = value.count
    if length < 0x80 {
      result.append(UInt8(length))
    } else {
      let bytes = [UInt8(length >> 16 & 0xFF), UInt8(length >> 8 & 0xFF), UInt8(length & 0xFF)]
      result += length > 0xFFFF ? [0x83] + bytes : [0x82] + bytes.dropFirst()
    }
    return result
  }

  /// Tag, length and value.
  public var encoded: [UInt8] { header + value }

  /// Reads the object that begins at `offset`, and moves `offset` behind it.
  public init(parsing bytes: [UInt8], at offset: inout Int) throws(ParseError) {
    let start = offset
    var position = offset
    func next() throws(ParseError) -> UInt8 {
      guard bytes.indices.contains(position) else { throw .truncated(offset: start) }
      defer { position += 1 }
      return bytes[position]
    }
    var byte = try next()
    var tag = UInt32(byte)
    if byte & 0x1F == 0x1F {
      var count = 1
      repeat {
        guard count < 3 else { throw .unsupported(offset: start) }
        byte = try next()
        tag = tag << 8 | UInt32(byte)
        count += 1
      } while byte & 0x80 != 0
    }
    let first = try next()
    var length = Int(first)
    if first >= 0x80 {
      guard (0x81...0x83).contains(first) else { throw .unsupported(offset: start) }
      length = 0
      for _ in 0..<(first & 0x0F) { length = length << 8 | Int(try next()) }
    }
    guard length <= bytes.count - position else { throw .truncated(offset: start) }
    self.init(tag: tag, value: Array(bytes[position..<position + length]))
    offset = position + length
  }

  /// Reads one object that fills `bytes` from `start`; what follows it (filler) is left alone.
  public init(parsing bytes: [UInt8], from start: Int = 0) throws(ParseError) {
    var offset = start
    try self.init(parsing: bytes, at: &offset)
  }

  /// Reads objects one after another until the end of `bytes`.
  public static func sequence(parsing bytes: [UInt8]) throws(ParseError) -> [BERTLV] {
    var result: [BERTLV] = []
    var offset = 0
    while offset < bytes.count { result.append(try BERTLV(parsing: bytes, at: &offset)) }
    return result
  }

  /// The objects inside the value.
  public func children() throws(ParseError) -> [BERTLV] { try Self.sequence(parsing: value) }
}
