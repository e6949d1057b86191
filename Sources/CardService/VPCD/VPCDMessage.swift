/// A message of the vpcd protocol: a big-endian 16-bit length, and that many bytes. vpcd always begins; only the ATR
/// request and commands are answered. Docs: `Docs/Connect.md`.
package enum VPCDMessage: Equatable, Sendable {
  /// One byte, 00: the card loses its power.
  case powerOff
  /// One byte, 01: a cold reset.
  case powerOn
  /// One byte, 02: a warm reset.
  case reset
  /// One byte, 04: the answer to reset is wanted; asked several times a second to see whether the card is still there.
  case answerToReset
  /// A command APDU.
  case command([UInt8])
  /// No byte at all, which nobody may answer.
  case nothing
  /// One byte that the protocol does not know.
  case unknown(UInt8)

  init(payload: ArraySlice<UInt8>) {
    guard let first = payload.first else {
      self = .nothing
      return
    }
    guard payload.count == 1 else {
      self = .command(Array(payload))
      return
    }
    switch first {
    case 0x00: self = .powerOff
    case 0x01: self = .powerOn
    case 0x02: self = .reset
    case 0x04: self = .answerToReset
    default: self = .unknown(first)
    }
  }

  /// The longest payload that the length can tell.
  package static let longestPayload = 0xFFFF

  /// Length and payload in one piece: two small writes would wait for each other's acknowledgement (44 ms an APDU).
  /// - Returns: `nil` for a payload that the protocol cannot carry.
  package static func encode(_ payload: [UInt8]) -> [UInt8]? {
    guard let length = UInt16(exactly: payload.count) else { return nil }
    return [UInt8(length >> 8), UInt8(length & 0xFF)] + payload
  }
}

/// Cuts a stream of bytes into messages. Holds one incomplete message at most, whatever comes.
package struct VPCDDecoder: Sendable {
  private var bytes: [UInt8] = []
  private var start = 0

  package init() {}

  /// Takes what came.
  package mutating func feed(_ more: some Sequence<UInt8>) {
    if start > 0 {
      bytes.removeFirst(start)
      start = 0
    }
    bytes += more
  }

  /// The next whole message.
  package mutating func next() -> VPCDMessage? {
    guard bytes.count - start >= 2 else { return nil }
    let length = Int(bytes[start]) << 8 | Int(bytes[start + 1])
    guard bytes.count - start - 2 >= length else { return nil }
    defer { start += 2 + length }
    return VPCDMessage(payload: bytes[(start + 2)..<(start + 2 + length)])
  }

  /// Whether a message has begun and not ended.
  package var isInside: Bool { start < bytes.count }
}
