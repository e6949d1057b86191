/// A command APDU (ISO/IEC 7816-4, 5.1), parsed once; nobody after this initialiser looks at raw bytes.
///
/// | case | bytes                              | carries            |
/// |------|------------------------------------|--------------------|
/// | 1    | header                             | nothing            |
/// | 2S   | header Le                          | Le 1…256           |
/// | 3S   | header Lc data                     | data 1…255         |
/// | 4S   | header Lc data Le                  | both               |
/// | 2E   | header 00 Le Le                    | Le 1…65536         |
/// | 3E   | header 00 Lc Lc data               | data 1…65535       |
/// | 4E   | header 00 Lc Lc data Le Le         | both               |
public struct CommandAPDU: Hashable, Sendable {
  /// The class byte.
  public var cla: UInt8
  /// The instruction byte.
  public var ins: UInt8
  /// The first parameter byte.
  public var p1: UInt8
  /// The second parameter byte.
  public var p2: UInt8
  /// The command data field; empty in cases 1 and 2.
  public var data: [UInt8]
  /// Ne, the most bytes that the sender expects back (1…65536), or `nil` where there is no Le field.
  public var expectedLength: Int?
  /// Whether the length fields have the extended form.
  public var isExtended: Bool

  /// The longest command that any encoding can carry: header, three bytes of Lc, 65 535 of data, two of Le.
  public static let maximumLength = 4 + 3 + 65_535 + 2

  /// A command from its parts.
  public init(
    cla: UInt8, ins: UInt8, p1: UInt8, p2: UInt8, data: [UInt8] = [], expectedLength: Int? = nil,
    isExtended: Bool = false
  ) {
    self.cla = cla
    self.ins = ins
    self.p1 = p1
    self.p2 = p2
    self.data = data
    self.expectedLength = expectedLength
    self.isExtended = isExtended
  }

  /// Why a byte string is no command APDU.
  public enum ParseError: Error, Hashable, Sendable {
    /// Fewer than the four header bytes.
    case headerIncomplete(length: Int)
    /// More than any encoding can carry.
    case tooLong(length: Int)
    /// An extended length field that is cut off after one byte.
    case extendedLengthIncomplete
    /// An extended Lc of zero.
    case emptyExtendedData
    /// Lc does not fit the bytes that follow.
    case lengthMismatch(announced: Int, present: Int)
  }

  /// Parses one of the seven encodings.
  /// - Parameter bytes: the whole command, any length.
  /// - Throws: the precise reason, for any other byte string.
  public init(parsing bytes: [UInt8]) throws(ParseError) {
    guard bytes.count >= 4 else { throw .headerIncomplete(length: bytes.count) }
    guard bytes.count <= Self.maximumLength else { throw .tooLong(length: bytes.count) }
    self.init(cla: bytes[0], ins: bytes[1], p1: bytes[2], p2: bytes[3])
    guard bytes.count > 4 else { return }
    let first = Int(bytes[4])
    if bytes.count == 5 {
      expectedLength = first == 0 ? 256 : first
    } else if first != 0 {
      try parseBody(bytes, from: 5, announced: first, lengthOfLe: 1, wholeRange: 256)
    } else {
      guard bytes.count >= 7 else { throw .extendedLengthIncomplete }
      isExtended = true
      let second = Int(bytes[5]) << 8 | Int(bytes[6])
      if bytes.count == 7 {
        expectedLength = second == 0 ? 65_536 : second
      } else {
        guard second != 0 else { throw .emptyExtendedData }
        try parseBody(bytes, from: 7, announced: second, lengthOfLe: 2, wholeRange: 65_536)
      }
    }
  }

  private mutating func parseBody(
    _ bytes: [UInt8], from start: Int, announced: Int, lengthOfLe: Int, wholeRange: Int
  ) throws(ParseError) {
    let present = bytes.count - start
    guard present == announced || present == announced + lengthOfLe else {
      throw .lengthMismatch(announced: announced, present: present)
    }
    data = Array(bytes[start..<start + announced])
    guard present > announced else { return }
    let le = bytes[(start + announced)...].reduce(0) { $0 << 8 | Int($1) }
    expectedLength = le == 0 ? wholeRange : le
  }

  /// The command as it goes over the wire. Lengths beyond the short form force the extended one.
  public var bytes: [UInt8] {
    var result = [cla, ins, p1, p2]
    let needsExtended = isExtended || data.count > 255 || (expectedLength ?? 0) > 256
    if needsExtended && (!data.isEmpty || expectedLength != nil) { result.append(0) }
    if !data.isEmpty {
      if needsExtended { result.append(UInt8(truncatingIfNeeded: data.count >> 8)) }
      result.append(UInt8(truncatingIfNeeded: data.count))
      result += data
    }
    if let expectedLength {
      // 256 and 65536 are written as zero, which truncation gives.
      if needsExtended { result.append(UInt8(truncatingIfNeeded: expectedLength >> 8)) }
      result.append(UInt8(truncatingIfNeeded: expectedLength))
    }
    return result
  }
}
