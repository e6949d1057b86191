import ISO7816

/// Bytes of a trace, some of which may be masked. A masked byte keeps its place, so lengths can be read all the same.
public struct TraceBytes: Hashable, Sendable, CustomStringConvertible {
  /// The bytes; `nil` where one is masked.
  public let bytes: [UInt8?]

  /// What stands for a masked byte.
  public static let mask = "··"

  /// Nothing masked.
  public init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Masked in the places of `hidden`.
  public init(_ bytes: [UInt8], masking hidden: Range<Int>) {
    self.bytes = bytes.enumerated().map { hidden.contains($0.offset) ? nil : $0.element }
  }

  /// From hexadecimal digits and `··`, as ``description`` gives them; `nil` for anything else.
  public init?(_ text: some StringProtocol) {
    var bytes: [UInt8?] = []
    var rest = text[...]
    while !rest.isEmpty {
      let pair = rest.prefix(2)
      if pair == Self.mask {
        bytes.append(nil)
      } else if let byte = [UInt8](hex: pair), byte.count == 1 {
        bytes.append(byte[0])
      } else {
        return nil
      }
      rest = rest.dropFirst(2)
    }
    self.bytes = bytes
  }

  /// Whether anything is masked.
  public var isMasked: Bool { bytes.contains(nil) }

  /// All bytes; `nil` when any is masked.
  public var unmasked: [UInt8]? { isMasked ? nil : bytes.compactMap { $0 } }

  /// Upper-case hexadecimal digits, `··` for each masked byte.
  public var description: String { bytes.map { $0.map { [$0].hexString } ?? Self.mask }.joined() }
}
