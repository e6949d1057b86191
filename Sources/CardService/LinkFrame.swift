/// The messages between reader driver and card service. The document is `Docs/Protocol.md`; the driver's side is
/// `Sources/CReaderDriver/frame.c`.
public enum LinkFrame {
  /// The version that this service speaks.
  public static let version: UInt8 = 1
  /// The longest message of any kind.
  public static let longestMessage = 65_556
  /// The longest command or response APDU.
  static let longestAPDU = 65_548
  static let headerLength = 4
  private static let magic: [UInt8] = Array("VMYN".utf8)
  private static let helloLength = 8

  /// What a connection is for.
  public enum Role: UInt8, Sendable {
    /// One request, one answer.
    case commands = 0
    /// Insertion and removal.
    case events = 1
    /// JSON from the command line.
    case control = 2
  }

  /// A client's first message.
  struct Hello: Equatable {
    var lowestVersion: UInt8
    var highestVersion: UInt8
    var role: UInt8
    var slot: UInt8

    init?(_ message: [UInt8]) {
      guard message.count == helloLength, message.starts(with: magic), message[4] <= message[5] else { return nil }
      (lowestVersion, highestVersion, role, slot) = (message[4], message[5], message[6], message[7])
    }

    var speaksOurVersion: Bool { (lowestVersion...highestVersion).contains(version) }
  }

  /// How a hello is answered.
  enum HelloStatus: UInt8 {
    case accepted = 0
    case noCommonVersion = 1
    case noSuchSlot = 2
    case busy = 3
  }

  static func helloAnswer(_ status: HelloStatus) -> [UInt8] {
    magic + [status == .noCommonVersion ? 0 : version, status.rawValue, 0, 0]
  }

  /// The hello of a control client.
  static var controlHello: [UInt8] { magic + [version, version, Role.control.rawValue, 0] }

  static func accepts(_ answer: [UInt8]?) -> Bool {
    answer == helloAnswer(.accepted)
  }

  /// The kinds of requests.
  package enum Kind: UInt8 {
    case presence = 1, powerOn, reset, powerOff, transmit, control
  }

  /// How a request is answered.
  package enum Status: UInt8 {
    case done = 0, noCard, mute, badRequest
  }

  /// The message that gives the driver more time.
  static let moreTimeKind: UInt8 = 0xFF

  static func moreTime(sequence: UInt8, milliseconds: UInt32) -> [UInt8] {
    [moreTimeKind, sequence, 0, 0] + [24, 16, 8, 0].map { UInt8(milliseconds >> $0 & 0xFF) }
  }

  static func answer(kind: UInt8, sequence: UInt8, status: Status, payload: [UInt8] = []) -> [UInt8] {
    var message: [UInt8] = []
    message.reserveCapacity(headerLength + payload.count)
    message.append(kind | 0x80)
    message.append(sequence)
    message.append(status.rawValue)
    message.append(0)
    message += payload
    return message
  }

  static func event(inserted: Bool, slot: Int, counter: UInt32) -> [UInt8] {
    [inserted ? 1 : 2, UInt8(truncatingIfNeeded: slot), 0, 0] + [24, 16, 8, 0].map { UInt8(counter >> $0 & 0xFF) }
  }
}
