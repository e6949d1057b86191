/// A reader's end of the driver protocol (`Docs/Protocol.md`), for readers that are not the C driver: both connections of
/// one slot.
final class LinkClient {
  private let commands: PacketSocket
  private let events: PacketSocket
  private let slot: UInt8
  private var sequence: UInt8 = 0
  private var counter: UInt32
  /// Whether there is a card, as far as the events have told.
  private(set) var isCardPresent: Bool

  private static let helloMilliseconds = 2_000
  private static let answerMilliseconds = 5_000
  private static let longestExtension: UInt32 = 30_000

  /// Connects to the service at `path`.
  init(path: String, slot: UInt8) throws(ServiceFault) {
    self.slot = slot
    commands = try Self.open(path, .commands, slot)
    events = try Self.open(path, .events, slot)
    guard let first = events.receive(limit: LinkFrame.longestMessage),
      let event = LinkFrame.decodeEvent(first, slot: slot)
    else { throw Self.refused(path, slot) }
    isCardPresent = event.isInserted
    counter = event.counter
    commands.setReceiveLimit(milliseconds: Self.answerMilliseconds)
  }

  private static func open(
    _ path: String, _ role: LinkFrame.Role, _ slot: UInt8
  ) throws(ServiceFault) -> PacketSocket {
    let socket = try PacketSocket.connect(to: path)
    socket.setReceiveLimit(milliseconds: helloMilliseconds)
    guard socket.send(LinkFrame.hello(role, slot: slot)),
      LinkFrame.accepts(socket.receive(limit: LinkFrame.longestMessage))
    else { throw refused(path, slot) }
    return socket
  }

  private static func refused(_ path: String, _ slot: UInt8) -> ServiceFault {
    ServiceFault(
      "the card service does not give slot \(slot)", at: path,
      fix: "check that the slot exists and that no other reader has it")
  }

  /// Readable when an event waits.
  var eventDescriptor: Int32 { events.pollDescriptor }

  /// Takes one event.
  /// - Returns: `false` when the service has gone, or broke the protocol.
  func takeEvent() -> Bool {
    guard let message = events.receive(limit: LinkFrame.longestMessage),
      let event = LinkFrame.decodeEvent(message, slot: slot), event.isInserted != isCardPresent,
      event.counter == counter &+ 1
    else { return false }
    isCardPresent = event.isInserted
    counter = event.counter
    return true
  }

  /// What came of a request.
  enum Outcome: Equatable {
    /// Done; the data.
    case done([UInt8])
    /// There is no card.
    case noCard
    /// The card gave no answer.
    case mute
    /// The service has gone, or broke the protocol.
    case lost
  }

  func powerOn() -> Outcome { ask(.powerOn) }
  func reset() -> Outcome { ask(.reset) }
  func powerOff() -> Outcome { ask(.powerOff) }
  func transmit(_ command: [UInt8]) -> Outcome { ask(.transmit, command) }

  private func ask(_ kind: LinkFrame.Kind, _ payload: [UInt8] = []) -> Outcome {
    sequence &+= 1
    guard commands.send(LinkFrame.request(kind, sequence: sequence, payload: payload)) else { return .lost }
    defer { commands.setReceiveLimit(milliseconds: Self.answerMilliseconds) }
    while let message = commands.receive(limit: LinkFrame.longestMessage) {
      switch LinkFrame.decodeReply(message, to: kind, sequence: sequence) {
      case .moreTime(let milliseconds):
        commands.setReceiveLimit(milliseconds: Int(max(1, min(milliseconds, Self.longestExtension))))
      case .final(.done, let data): return .done(data)
      case .final(.noCard, _): return .noCard
      case .final(.mute, _): return .mute
      case .final(.badRequest, _), .violation: return .lost
      }
    }
    return .lost
  }
}
