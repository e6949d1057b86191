import ISO7816

/// Bytes of a trace, some of which may be masked. A masked byte keeps its place, so lengths can be read all the same.
public struct TraceBytes: Hashable, Sendable, CustomStringConvertible {
  /// The bytes, 0 where one is masked.
  private let shown: [UInt8]
  /// Where bytes are masked, in ascending order; no two ranges touch.
  private let hidden: [Range<Int>]

  /// What stands for a masked byte.
  public static let mask = "··"

  /// Nothing masked.
  public init(_ bytes: [UInt8]) {
    shown = bytes
    hidden = []
  }

  /// Masked in the places of `hidden`.
  public init(_ bytes: [UInt8], masking hidden: Range<Int>) {
    let range = hidden.clamped(to: bytes.indices)
    var shown = bytes
    for place in range { shown[place] = 0 }
    self.shown = shown
    self.hidden = range.isEmpty ? [] : [range]
  }

  /// From hexadecimal digits and `··`, as ``description`` gives them; `nil` for anything else.
  public init?(_ text: some StringProtocol) {
    guard let bytes = Array(text.utf8).withUnsafeBytes({ TraceBytes(utf8: $0) }) else { return nil }
    self = bytes
  }

  /// The same from UTF-8.
  init?(utf8 text: UnsafeRawBufferPointer) {
    var hidden: [Range<Int>] = []
    var place = 0
    shown = [UInt8](unsafeUninitializedCapacity: text.count / 2) { bytes, count in
      Self.values.withUnsafeBufferPointer { values in
        while place + 1 < text.count {
          let (high, low) = (values[Int(text[place])], values[Int(text[place + 1])])
          if high | low < 16 {
            bytes[count] = high << 4 | low
            place += 2
          } else {
            guard text[place...].starts(with: Self.maskCode) else { break }
            if let last = hidden.last, last.upperBound == count {
              hidden[hidden.count - 1] = last.lowerBound..<count + 1
            } else {
              hidden.append(count..<count + 1)
            }
            bytes[count] = 0
            place += Self.maskCode.count
          }
          count += 1
        }
      }
    }
    let isWellFormed = place == text.count
    guard isWellFormed else { return nil }
    self.hidden = hidden
  }

  /// The bytes; `nil` where one is masked.
  public var bytes: [UInt8?] {
    var bytes = shown.map { UInt8?.some($0) }
    for range in hidden {
      for place in range { bytes[place] = nil }
    }
    return bytes
  }

  /// How many there are.
  public var count: Int { shown.count }

  /// Whether anything is masked.
  public var isMasked: Bool { !hidden.isEmpty }

  /// All bytes; `nil` when any is masked.
  public var unmasked: [UInt8]? { isMasked ? nil : shown }

  /// Upper-case hexadecimal digits, `··` for each masked byte.
  public var description: String {
    var text: [UInt8] = []
    write(shown.indices, to: &text)
    return String(decoding: text, as: UTF8.self)
  }

  /// The description of some of the bytes in UTF-8. A trace that follows a fast program is written byte by byte.
  public func write(_ range: Range<Int>, to text: inout [UInt8]) {
    let range = range.clamped(to: shown.indices)
    var place = range.lowerBound
    for masked in hidden where masked.overlaps(range) {
      let masked = masked.clamped(to: range)
      Self.write(shown[place..<masked.lowerBound], to: &text)
      for _ in masked { text.append(contentsOf: Self.maskCode) }
      place = masked.upperBound
    }
    Self.write(shown[place..<range.upperBound], to: &text)
  }

  private static func write(_ bytes: ArraySlice<UInt8>, to text: inout [UInt8]) {
    let start = text.count
    text.append(contentsOf: repeatElement(0, count: bytes.count * 2))
    text.withUnsafeMutableBytes { text in
      var place = start
      bytes.withUnsafeBufferPointer { bytes in
        pairs.withUnsafeBufferPointer { pairs in
          for byte in bytes {
            text.storeBytes(of: pairs[Int(byte)], toByteOffset: place, as: UInt16.self)
            place += 2
          }
        }
      }
    }
  }

  /// The two digits of each byte, as they follow each other in memory.
  private static let pairs: [UInt16] = (0...UInt8.max).map { byte in
    let (high, low) = (digit(byte >> 4), digit(byte & 0x0F))
    return UInt16(littleEndian: UInt16(low) << 8 | UInt16(high))
  }

  private static let maskCode = Array(mask.utf8)

  private static func digit(_ nibble: UInt8) -> UInt8 { nibble &+ (nibble < 10 ? 0x30 : 0x37) }

  /// The value of each digit; 255 for what is none.
  private static let values: [UInt8] = (0...UInt8.max).map { digit in
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    default: 255
    }
  }
}
