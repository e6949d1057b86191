/// An answer to reset (ISO/IEC 7816-3, 8.2), checked: structure, length and check byte.
public struct AnswerToReset: Hashable, Sendable, CustomStringConvertible {
  /// All bytes, TS and TCK included.
  public let bytes: [UInt8]
  /// The historical bytes, 0…15 of them.
  public let historicalBytes: [UInt8]
  /// The protocols that the TD bytes offer, in order, without repetition; T=0 alone when there is no TD byte.
  public let protocols: [UInt8]

  /// The interface bytes of one round: TA, TB and TC, each where present.
  public struct InterfaceBytes: Hashable, Sendable {
    var ta: UInt8?
    var tb: UInt8?
    var tc: UInt8?

    /// One round of interface bytes.
    public init(ta: UInt8? = nil, tb: UInt8? = nil, tc: UInt8? = nil) {
      self.ta = ta
      self.tb = tb
      self.tc = tc
    }

    var presence: UInt8 { (ta == nil ? 0 : 0x10) | (tb == nil ? 0 : 0x20) | (tc == nil ? 0 : 0x40) }
    var bytes: [UInt8] { [ta, tb, tc].compactMap { $0 } }
  }

  /// Why bytes are no answer to reset.
  public enum ParseError: Error, Hashable, Sendable {
    /// TS is neither 3B nor 3F.
    case initialCharacter(UInt8?)
    /// The bytes end before what T0 and the TD bytes announce, or go on behind it.
    case length(announced: Int, present: Int)
    /// The check byte is not the exclusive or of the bytes from T0 on.
    case checkByte(expected: UInt8, found: UInt8)
  }

  /// The most bytes that ISO/IEC 7816-3 allows behind TS, and TS.
  public static let maximumLength = 33

  /// Checks the bytes of an answer to reset.
  public init(_ bytes: [UInt8]) throws(ParseError) {
    guard let ts = bytes.first, ts == 0x3B || ts == 0x3F else { throw .initialCharacter(bytes.first) }
    guard bytes.count >= 2, bytes.count <= Self.maximumLength else {
      throw .length(announced: 2, present: bytes.count)
    }
    var position = 2
    var presence = bytes[1] & 0xF0
    var protocols: [UInt8] = []
    while true {
      position += (presence & 0x70).nonzeroBitCount
      guard presence & 0x80 != 0 else { break }
      guard position < bytes.count else { throw .length(announced: position + 1, present: bytes.count) }
      presence = bytes[position] & 0xF0
      // T=15 qualifies global interface bytes; it is no protocol.
      let offered = bytes[position] & 0x0F
      if offered != 15 && !protocols.contains(offered) { protocols.append(offered) }
      position += 1
    }
    let historicalCount = Int(bytes[1] & 0x0F)
    // TCK is there unless T=0 is all that is offered.
    let needsCheck = protocols.contains { $0 != 0 }
    let announced = position + historicalCount + (needsCheck ? 1 : 0)
    guard bytes.count == announced else { throw .length(announced: announced, present: bytes.count) }
    if needsCheck, let found = bytes.last {
      let expected = bytes[1..<bytes.count - 1].reduce(0, ^)
      guard expected == found else { throw .checkByte(expected: expected, found: found) }
    }
    self.bytes = bytes
    self.protocols = protocols.isEmpty ? [0] : protocols
    historicalBytes = Array(bytes[position..<position + historicalCount])
  }

  /// Builds an answer to reset; the check byte is computed.
  /// - Parameters:
  ///   - first: TA1, TB1, TC1.
  ///   - rounds: what follows each TD byte: its protocol number (0…15) and interface bytes.
  ///   - historicalBytes: at most 15.
  public init(
    first: InterfaceBytes, rounds: [(protocol: UInt8, bytes: InterfaceBytes)], historicalBytes: [UInt8]
  ) throws(ParseError) {
    var bytes: [UInt8] = [0x3B]
    bytes.append(
      first.presence | (rounds.isEmpty ? 0 : 0x80) | UInt8(truncatingIfNeeded: min(historicalBytes.count, 15)))
    bytes += first.bytes
    for (index, round) in rounds.enumerated() {
      let more: UInt8 = index + 1 < rounds.count ? 0x80 : 0
      bytes.append(round.bytes.presence | more | round.protocol & 0x0F)
      bytes += round.bytes.bytes
    }
    bytes += historicalBytes
    if rounds.contains(where: { $0.protocol != 0 && $0.protocol != 15 }) {
      bytes.append(bytes.dropFirst().reduce(0, ^))
    }
    try self.init(bytes)
  }

  /// Hexadecimal digits.
  public var description: String { bytes.hexString }
}
