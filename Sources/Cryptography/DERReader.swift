/// One element of DER, read without trusting a length.
public struct DERElement: Sendable, Equatable {
  /// The tag byte. Tags of more than one byte do not occur in certificates and are refused.
  public let tag: UInt8
  /// What stands inside.
  public let content: [UInt8]
  /// The whole element.
  public let bytes: [UInt8]

  /// The element that fills `bytes` exactly.
  public init(_ bytes: [UInt8]) throws(CryptographyError) {
    var rest = bytes[...]
    self = try Self.read(&rest)
    guard rest.isEmpty else { throw .malformed("DER element (bytes follow it)") }
  }

  /// The element at the beginning of `bytes`; what follows it, such as the filler of a card's file, is left alone.
  public init(prefixOf bytes: [UInt8]) throws(CryptographyError) {
    var rest = bytes[...]
    self = try Self.read(&rest)
  }

  private init(tag: UInt8, content: [UInt8], bytes: [UInt8]) {
    self.tag = tag
    self.content = content
    self.bytes = bytes
  }

  /// The elements inside a constructed one.
  public var children: [DERElement] {
    get throws(CryptographyError) {
      var rest = content[...]
      var children: [DERElement] = []
      while !rest.isEmpty { children.append(try Self.read(&rest)) }
      return children
    }
  }

  /// The content as an object identifier, when it is one.
  public var objectIdentifier: ObjectIdentifier? { tag == 0x06 ? ObjectIdentifier(content: content) : nil }

  private static func read(_ rest: inout ArraySlice<UInt8>) throws(CryptographyError) -> DERElement {
    let whole = rest
    guard let tag = rest.popFirst(), tag & 0x1F != 0x1F, let first = rest.popFirst() else {
      throw .malformed("DER element")
    }
    var length = Int(first)
    if first >= 0x80 {
      let count = Int(first & 0x7F)
      guard (1...4).contains(count), rest.count >= count else { throw .malformed("DER length") }
      length = rest.prefix(count).reduce(0) { $0 << 8 | Int($1) }
      rest = rest.dropFirst(count)
      let shortest = length < 0x80 ? 0 : (64 - length.leadingZeroBitCount + 7) / 8
      guard count == shortest else { throw .malformed("DER length") }
    }
    guard rest.count >= length else { throw .malformed("DER element (it is cut off)") }
    let content = Array(rest.prefix(length))
    rest = rest.dropFirst(length)
    return DERElement(tag: tag, content: content, bytes: Array(whole.prefix(whole.count - rest.count)))
  }
}
