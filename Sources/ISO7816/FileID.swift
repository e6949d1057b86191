/// The two-byte identifier of an elementary file (ISO/IEC 7816-4, 7.3.1).
public struct FileID: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// The identifier.
  public let rawValue: UInt16

  /// Any identifier.
  public init(_ rawValue: UInt16) { self.rawValue = rawValue }

  /// An identifier from two bytes of a data field; `nil` for any other length.
  public init?(bytes: [UInt8]) {
    guard bytes.count == 2 else { return nil }
    rawValue = UInt16(bytes[0]) << 8 | UInt16(bytes[1])
  }

  /// An identifier from four hexadecimal digits.
  public init?(hex: some StringProtocol) {
    guard let bytes = [UInt8](hex: hex) else { return nil }
    self.init(bytes: bytes)
  }

  /// The file with this short identifier. On this card the two are equal; 0 and 31 name no file.
  public init?(shortIdentifier: UInt8) {
    guard (1...30).contains(shortIdentifier) else { return nil }
    rawValue = UInt16(shortIdentifier)
  }

  /// Four hexadecimal digits.
  public var description: String { [UInt8(rawValue >> 8), UInt8(rawValue & 0xFF)].hexString }

  /// By number.
  public static func < (left: FileID, right: FileID) -> Bool { left.rawValue < right.rawValue }
}

extension FileID: ExpressibleByIntegerLiteral {
  /// `0x0018` reads as in the field's documents.
  public init(integerLiteral value: UInt16) { self.init(value) }
}
