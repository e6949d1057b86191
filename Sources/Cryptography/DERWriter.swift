/// Distinguished encoding of ASN.1, as far as certificates need it. Every function gives the bytes of one whole element.
public enum DER {
  /// Any element: tag byte, length, content.
  public static func element(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
    var bytes = [tag]
    if content.count < 0x80 {
      bytes.append(UInt8(content.count))
    } else {
      var length: [UInt8] = []
      var rest = content.count
      while rest > 0 {
        length.insert(UInt8(truncatingIfNeeded: rest), at: 0)
        rest >>= 8
      }
      bytes.append(0x80 | UInt8(length.count))
      bytes += length
    }
    return bytes + content
  }

  /// SEQUENCE of the elements given.
  public static func sequence(_ elements: [UInt8]...) -> [UInt8] { element(0x30, elements.flatMap(\.self)) }

  /// SEQUENCE of the elements given.
  public static func sequence(_ elements: [[UInt8]]) -> [UInt8] { element(0x30, elements.flatMap(\.self)) }

  /// SET of one element.
  public static func set(_ element: [UInt8]) -> [UInt8] { self.element(0x31, element) }

  /// `[number]` constructed: EXPLICIT around an element, or IMPLICIT in place of a SEQUENCE tag.
  public static func constructed(_ number: UInt8, _ content: [UInt8]) -> [UInt8] { element(0xA0 | number, content) }

  /// `[number]` primitive: IMPLICIT in place of a primitive tag.
  public static func primitive(_ number: UInt8, _ content: [UInt8]) -> [UInt8] { element(0x80 | number, content) }

  /// BOOLEAN.
  public static func boolean(_ value: Bool) -> [UInt8] { element(0x01, [value ? 0xFF : 0x00]) }

  /// NULL.
  public static let null: [UInt8] = [0x05, 0x00]

  /// INTEGER from a magnitude, highest byte first: leading zeros go, one comes back when the top bit is set.
  public static func unsignedInteger(_ magnitude: [UInt8]) -> [UInt8] { element(0x02, integerContent(magnitude)) }

  /// The content bytes of such an INTEGER, for IMPLICIT tags.
  public static func integerContent(_ magnitude: [UInt8]) -> [UInt8] {
    let digits = magnitude.drop { $0 == 0 }
    guard let first = digits.first else { return [0] }
    return (first & 0x80 != 0 ? [0] : []) + digits
  }

  /// ENUMERATED below 128.
  public static func enumerated(_ value: UInt8) -> [UInt8] { element(0x0A, integerContent([value])) }

  /// OCTET STRING.
  public static func octetString(_ content: [UInt8]) -> [UInt8] { element(0x04, content) }

  /// BIT STRING with the given number of unused bits at its end.
  public static func bitString(_ content: [UInt8], unusedBits: UInt8 = 0) -> [UInt8] {
    element(0x03, [unusedBits] + content)
  }

  /// UTF8String.
  public static func utf8String(_ text: String) -> [UInt8] { element(0x0C, [UInt8](text.utf8)) }

  /// PrintableString; the caller keeps to its alphabet.
  public static func printableString(_ text: String) -> [UInt8] { element(0x13, [UInt8](text.utf8)) }

  /// IA5String; the caller keeps to ASCII.
  public static func ia5String(_ text: String) -> [UInt8] { element(0x16, [UInt8](text.utf8)) }
}

/// An object identifier.
public struct ObjectIdentifier: Sendable, Hashable, CustomStringConvertible {
  /// The whole element: tag, length, arcs.
  public let der: [UInt8]

  /// From arcs; the first is 0…2 and the second below 40 (all that X.509 here uses).
  public init(_ first: UInt64, _ second: UInt64, _ rest: UInt64...) {
    der = DER.element(0x06, ([first &* 40 &+ second] + rest).flatMap(Self.base128))
  }

  /// From the content bytes of an element.
  init(content: [UInt8]) { der = DER.element(0x06, content) }

  /// Dotted decimal form.
  public var description: String {
    var arcs: [UInt64] = []
    var value: UInt64 = 0
    for byte in der.dropFirst(2) {
      value = value << 7 | UInt64(byte & 0x7F)
      if byte & 0x80 == 0 {
        if arcs.isEmpty {
          let first = min(2, value / 40)
          arcs = [first, value - first * 40]
        } else {
          arcs.append(value)
        }
        value = 0
      }
    }
    return arcs.map(String.init).joined(separator: ".")
  }

  private static func base128(_ value: UInt64) -> [UInt8] {
    var bytes = [UInt8(value & 0x7F)]
    var rest = value >> 7
    while rest > 0 {
      bytes.insert(UInt8(rest & 0x7F) | 0x80, at: 0)
      rest >>= 7
    }
    return bytes
  }
}
