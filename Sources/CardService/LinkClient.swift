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
  /// Whether an answer came too late. It may still come, to the wrong request, so this client asks no more.
  private(set) var isOutOfStep = false

  private static let helloMilliseconds = 2_000
  private let limits: Limits

  /// How long an answer is waited for, in milliseconds.
  struct Limits {
    /// When the service does not ask for more time.
    var answer = 5_000
    /// Of what it asks for, so much counts at once.
    var longestExtension = 30_000
    /// All together.
    var exchange = 120_000
  }

  /// Connects to the service at `path`.
  init(path: String, slot: UInt8, limits: Limits = Limits()) throws(ServiceFault) {
    self.slot = slot
    self.limits = limits
    commands = try Self.open(path, .commands, slot)
    events = try Self.open(path, .events, slot)
    guard let first = events.receive(limit: LinkFrame.longestMessage),
      let event = LinkFrame.decodeEvent(first, slot: slot)
    else { throw Self.refused(path, slot) }
    isCardPresent = event.isInserted
    counter = event.counter
  }

  /// Ends both connections, so that the next reader finds the slot free.
  func close() {
    commands.shut()
    events.shut()
  }

  private static func open(
    _ path: String, _ role: LinkFrame.Role, _ slot: UInt8
  ) throws(ServiceFault) -> PacketSocket {
    let socket = try PacketSocket.connect(to: path)
    try socket.requireTrustedPeer(at: path)
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
    /// No answer came in time.
    case timedOut
    /// The service has gone, or broke the protocol.
    case lost
  }

  func powerOn() -> Outcome { ask(.powerOn) }
  func reset() -> Outcome { ask(.reset) }
  func powerOff() -> Outcome { ask(.powerOff) }
  func transmit(_ command: [UInt8]) -> Outcome { ask(.transmit, command) }

  private func ask(_ kind: LinkFrame.Kind, _ payload: [UInt8] = []) -> Outcome {
    guard !isOutOfStep else { return .timedOut }
    sequence &+= 1
    guard commands.send(LinkFrame.request(kind, sequence: sequence, payload: payload)) else { return .lost }
    let end = ContinuousClock.now + .milliseconds(limits.exchange)
    var deadline = min(end, .now + .milliseconds(limits.answer))
    while end > .now, commands.waitsForMessage(until: deadline) {
      guard let message = commands.receive(limit: LinkFrame.longestMessage) else { return .lost }
      switch LinkFrame.decodeReply(message, to: kind, sequence: sequence) {
      case .moreTime(let milliseconds):
        deadline = min(end, .now + .milliseconds(min(Int(milliseconds), limits.longestExtension)))
      case .final(.done, let data): return .done(data)
      case .final(.noCard, _): return .noCard
      case .final(.mute, _): return .mute
      case .final(.badRequest, _), .violation: return .lost
      }
    }
    isOutOfStep = true
    return .timedOut
  }
}
