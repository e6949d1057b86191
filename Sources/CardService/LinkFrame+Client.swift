/// The client's half of the messages.
extension LinkFrame {
  static func hello(_ role: Role, slot: UInt8) -> [UInt8] { controlHello.prefix(6) + [role.rawValue, slot] }

  static func request(_ kind: Kind, sequence: UInt8, payload: [UInt8] = []) -> [UInt8] {
    [kind.rawValue, sequence, 0, 0] + payload
  }

  /// What a message to a waiting client is.
  package enum Reply: Equatable {
    /// The answer.
    case final(Status, [UInt8])
    /// The service needs so many milliseconds more.
    case moreTime(UInt32)
    /// Neither.
    case violation
  }

  package static func decodeReply(_ message: [UInt8], to kind: Kind, sequence: UInt8) -> Reply {
    guard message.count >= headerLength, message[1] == sequence, message[3] == 0 else { return .violation }
    if message[0] == moreTimeKind, message[2] == 0, message.count == headerLength + 4 {
      return .moreTime(number(message[headerLength...]))
    }
    guard message[0] == kind.rawValue | 0x80, let status = Status(rawValue: message[2]) else { return .violation }
    return .final(status, Array(message[headerLength...]))
  }

  /// An event of a slot; `nil` when the message is none.
  package static func decodeEvent(_ message: [UInt8], slot: UInt8) -> (isInserted: Bool, counter: UInt32)? {
    guard message.count == headerLength + 4, (1...2).contains(message[0]), message[1] == slot, message[2] == 0,
      message[3] == 0
    else { return nil }
    return (message[0] == 1, number(message[headerLength...]))
  }

  private static func number(_ bytes: some Sequence<UInt8>) -> UInt32 { bytes.reduce(0) { $0 << 8 | UInt32($1) } }
}
