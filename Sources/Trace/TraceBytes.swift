import ISO7816

/// Bytes of a trace, some of which may be masked. A masked byte keeps its place, so lengths can be read all the same.
public struct TraceBytes: Hashable, Sendable, CustomStringConvertible {
  /// The bytes; `nil` where one is masked.
  public let bytes: [UInt8?]

  /// What stands for a masked byte.
  public static let mask = "··"

  /// Nothing masked.
  public init(_ bytes: [UInt8]) {
    // Not the conversion that the language makes by itself: it casts byte by byte.
    self.bytes = bytes.map { .some($0) }
  }

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
  public var description: String {
    var text: [UInt8] = []
    write(to: &text)
    return String(decoding: text, as: UTF8.self)
  }

  /// The description in UTF-8; a trace that follows a fast program is written byte by byte.
  func write(to text: inout [UInt8]) {
    text.reserveCapacity(text.count + bytes.count * 4)
    for byte in bytes {
      guard let byte else {
        text.append(contentsOf: Self.maskCode)
        continue
      }
      text.append(Self.digits[Int(byte >> 4)])
      text.append(Self.digits[Int(byte & 0x0F)])
    }
  }

  private static let maskCode = Array(mask.utf8)
  private static let digits = Array("0123456789ABCDEF".utf8)
}
