/// The name (AID) of an application, 5…16 bytes (ISO/IEC 7816-5).
public struct ApplicationID: Hashable, Sendable, CustomStringConvertible {
  /// The bytes of the name.
  public let bytes: [UInt8]

  /// The lengths that ISO/IEC 7816-5 allows.
  public static let lengths = 5...16

  /// A name; `nil` when its length is not allowed.
  public init?(_ bytes: [UInt8]) {
    guard Self.lengths.contains(bytes.count) else { return nil }
    self.bytes = bytes
  }

  /// Whether a (possibly partial) name of SELECT means this application.
  public func begins(with name: [UInt8]) -> Bool { bytes.starts(with: name) }

  /// Hexadecimal digits.
  public var description: String { bytes.hexString }
}
