import Foundation

#if canImport(Glibc)
  import Glibc
#endif

/// Carries the card of one slot to a vpcd driver, wherever that runs: connected is inserted, closed is removed. A client
/// of the card service like the reader driver, and of vpcd.
///
/// The peer is not trusted: nothing here waits for it without end, and nothing that it sends takes more memory than one
/// message.
public final class VPCDBridge {
  private let socketPath: String
  private let slot: UInt8
  private let addresses: [SocketAddress]
  private let report: (Event) -> Void
  /// How long the card is waited for, as the driver does.
  var limits = LinkClient.Limits()

  /// What happens on the way.
  public enum Event: Sendable, Equatable {
    /// Nobody listens there yet.
    case waiting
    /// The card is in vpcd's reader.
    case connected
    /// It no longer is.
    case disconnected(Reason)
  }

  /// Why a connection has ended.
  public enum Reason: String, Sendable {
    /// vpcd closed it.
    case peerClosed = "vpcd closed the connection"
    /// vpcd did not keep to the protocol.
    case violation = "vpcd does not keep to its protocol"
    /// A message that began did not end.
    case silence = "vpcd stopped in the middle of a message"
    /// vpcd takes no answers.
    case notTaken = "vpcd takes no answers"
    /// The card was taken out.
    case removed = "the card was taken out"
    /// The card gave no answer, which vpcd's protocol cannot say.
    case mute = "the card gave no answer"
    /// The card service has ended.
    case serviceGone = "the card service has ended"
  }

  private static let retryMilliseconds: Int32 = 250
  /// How long the rest of a message may take.
  private static let messageMilliseconds: Int32 = 10_000
  private static let receiveBytes = 65_536
  /// How long the slot may take to become free, and how often it is tried.
  private static let patience = Duration.seconds(10)
  private static let pauseMicroseconds: UInt32 = 20_000

  /// A bridge.
  /// - Parameters:
  ///   - socketPath: the card service's socket.
  ///   - slot: the slot there.
  ///   - address: where vpcd listens.
  ///   - allowsOtherHosts: whether that may be another machine.
  ///   - report: hears what happens.
  public init(
    socketPath: String, slot: UInt8 = 0, address: VPCDAddress, allowsOtherHosts: Bool = false,
    report: @escaping (Event) -> Void
  ) throws(ServiceFault) {
    self.socketPath = socketPath
    self.slot = slot
    addresses = try address.resolve(allowsOthers: allowsOtherHosts)
    self.report = report
  }

  /// Runs until the card service ends, which is its error.
  public func run() throws(ServiceFault) -> Never {
    var card = try LinkClient(path: socketPath, slot: slot, limits: limits)
    var isWaiting = false
    while true {
      guard card.isCardPresent else {
        guard wait(for: card, milliseconds: -1) else { throw gone }
        continue
      }
      guard let connection = TCPConnection.connect(to: addresses) else {
        if !isWaiting { report(.waiting) }
        isWaiting = true
        guard wait(for: card, milliseconds: Self.retryMilliseconds) else { throw gone }
        continue
      }
      isWaiting = false
      report(.connected)
      let reason = serve(connection, card)
      _ = card.powerOff()
      report(.disconnected(reason))
      if reason == .serviceGone { throw gone }
      if card.isOutOfStep { card = try anotherClient(after: card) }
      // vpcd notices the end at its next poll; a peer that closes at once must not make this a busy loop.
      guard reason == .removed || wait(for: card, milliseconds: Self.retryMilliseconds) else { throw gone }
    }
  }

  /// A late answer belongs to the connections that have waited for it in vain, so they end and others begin.
  private func anotherClient(after card: LinkClient) throws(ServiceFault) -> LinkClient {
    card.close()
    let deadline = ContinuousClock.now + Self.patience
    while true {
      do throws(ServiceFault) {
        return try LinkClient(path: socketPath, slot: slot, limits: limits)
      } catch {
        // The service may still be about to notice the end.
        guard ContinuousClock.now < deadline else { throw error }
        usleep(Self.pauseMicroseconds)
      }
    }
  }

  private var gone: ServiceFault {
    ServiceFault("the card service went away", at: socketPath, fix: "look at what it printed, and start it again")
  }

  /// Waits for an event of the slot, or until the time is over.
  /// - Returns: `false` when the service has gone.
  private func wait(for card: LinkClient, milliseconds: Int32) -> Bool {
    var item = pollfd(fd: card.eventDescriptor, events: Int16(POLLIN), revents: 0)
    let count = poll(&item, 1, milliseconds)
    return count > 0 ? card.takeEvent() : count == 0 || errno == EINTR
  }

  private func serve(_ connection: TCPConnection, _ card: LinkClient) -> Reason {
    // vpcd asks for the ATR to see whether there is a card, long before it gives it power.
    let first = card.powerOn()
    guard case .done(var answerToReset) = first, case .done = card.powerOff() else {
      return first == .noCard ? .removed : first == .mute || first == .timedOut ? .mute : .serviceGone
    }
    var decoder = VPCDDecoder()
    while true {
      var items = [
        pollfd(fd: connection.pollDescriptor, events: Int16(POLLIN), revents: 0),
        pollfd(fd: card.eventDescriptor, events: Int16(POLLIN), revents: 0),
      ]
      let count = poll(&items, nfds_t(items.count), decoder.isInside ? Self.messageMilliseconds : -1)
      if count == 0 { return .silence }
      if count < 0 && errno != EINTR { return .peerClosed }
      if items[1].revents != 0 {
        guard card.takeEvent() else { return .serviceGone }
        if !card.isCardPresent { return .removed }
      }
      guard count > 0, items[0].revents != 0 else { continue }
      guard let bytes = connection.receive(limit: Self.receiveBytes) else { return .peerClosed }
      decoder.feed(bytes)
      while let message = decoder.next() {
        if let reason = answer(message, &answerToReset, connection, card) { return reason }
      }
    }
  }

  /// - Returns: why the connection ends, when it does.
  private func answer(
    _ message: VPCDMessage, _ answerToReset: inout [UInt8], _ connection: TCPConnection, _ card: LinkClient
  ) -> Reason? {
    let outcome: LinkClient.Outcome
    switch message {
    case .nothing: return nil
    case .unknown: return .violation
    case .answerToReset: return send(answerToReset, to: connection)
    case .powerOff: outcome = card.powerOff()
    case .powerOn: outcome = card.powerOn()
    case .reset: outcome = card.reset()
    case .command(let command): outcome = card.transmit(command)
    }
    switch outcome {
    case .noCard: return .removed
    case .mute, .timedOut: return .mute
    case .lost: return .serviceGone
    case .done(let data):
      switch message {
      case .powerOn, .reset: answerToReset = data
      case .command: return send(data, to: connection)
      default: break
      }
      return nil
    }
  }

  private func send(_ payload: [UInt8], to connection: TCPConnection) -> Reason? {
    // An answer of 65 536 bytes and its status word is more than the length can tell.
    guard let bytes = VPCDMessage.encode(payload) ?? VPCDMessage.encode([0x67, 0x00]) else { return .violation }
    return connection.send(bytes) ? nil : .notTaken
  }
}
