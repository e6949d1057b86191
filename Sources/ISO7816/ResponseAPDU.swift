/// A response APDU: data field and status word (ISO/IEC 7816-4, 5.1).
public struct ResponseAPDU: Hashable, Sendable {
  /// The response data field, 0…65 536 bytes.
  public var data: [UInt8]
  /// SW1-SW2.
  public var status: StatusWord

  /// An answer from its parts.
  public init(data: [UInt8] = [], status: StatusWord = .success) {
    self.data = data
    self.status = status
  }

  /// Parses what a card answered; `nil` when there are not even two bytes.
  public init?(parsing bytes: [UInt8]) {
    guard let sw2 = bytes.last, bytes.count >= 2 else { return nil }
    let sw1 = bytes[bytes.count - 2]
    self.init(data: Array(bytes.dropLast(2)), status: StatusWord(rawValue: UInt16(sw1) << 8 | UInt16(sw2)))
  }

  /// `9000` with no data.
  public static let success = ResponseAPDU()

  /// A bare status word.
  public static func status(_ status: StatusWord) -> ResponseAPDU { ResponseAPDU(status: status) }

  /// The answer as it goes over the wire.
  public var bytes: [UInt8] {
    var result = data
    result.reserveCapacity(data.count + 2)
    result.append(UInt8(truncatingIfNeeded: status.rawValue >> 8))
    result.append(UInt8(truncatingIfNeeded: status.rawValue))
    return result
  }
}
