import CardHost
import Foundation
import Synchronization

#if canImport(Glibc)
  import Glibc
#endif

/// The service that owns the cards: slots, the socket for the reader driver, and the control connection.
public final class CardService: Sendable {
  /// The slots, as many as there are readers.
  public let slots: [Slot]
  /// What has happened in the slots lately.
  public let recorder: TraceRecorder
  /// Where it listens.
  public let path: String
  /// The ward office, with its records of the cards and the registry that it tells.
  public let office: CardOffice

  private let listener: PacketSocket
  private let cardSource: CardSource
  private let readerName: @Sendable (Int) -> String
  /// Who may connect as the driver besides root and this user; `nil` leaves it to the socket's mode.
  private let driverUsers: Set<uid_t>?

  /// Turns the name or path of a card into a card; the state folders are those of the cards that are in slots.
  public typealias CardSource = @Sendable (String, Set<URL>) throws(ServiceFault) -> CardHost

  /// One card comes at a time, so that two of the same name find a state folder each.
  private let insertion = Mutex<Void>(())
  private let guests = Mutex(Guests())

  /// The most slots that a reader driver can have before pcscd 2.5.
  public static let mostSlots = 16
  private static let helloMilliseconds = 2_000
  /// Each connection has a thread. The drivers' are two a slot; the others have places of their own, so that whoever holds
  /// them keeps no driver out.
  static let mostControls = 128
  /// A client says hello at once: in a flood of those that do not, the one that has been silent longest goes.
  static let mostGreetings = 96

  /// Who is connected, but for the drivers.
  private struct Guests {
    /// Those that have not said hello yet, oldest first.
    var greeting: [PacketSocket] = []
    var controls = 0
  }
  /// As much as a main thread has: a resident file may nest as deep as YAML allows. Untouched pages cost nothing.
  private static let threadStack = 8 << 20

  /// Begins to listen.
  /// - Parameters:
  ///   - path: of the socket.
  ///   - slots: how many, 1…16.
  ///   - readerName: a slot's name in PC/SC, for `status`.
  ///   - office: keeps the cards' records and tells the registry.
  ///   - driverUsers: users besides root and this one that pcscd may run as. A pcscd without rights of its own can
  ///     connect only if the socket is open to all, so with this the service looks at who comes (SO_PEERCRED).
  ///   - cardSource: asked for every card that is inserted.
  public init(
    path: String, slots: Int, readerName: @escaping @Sendable (Int) -> String, office: CardOffice = CardOffice(),
    driverUsers: Set<uid_t>? = nil, cardSource: @escaping CardSource
  ) throws(ServiceFault) {
    guard (1...Self.mostSlots).contains(slots) else {
      throw ServiceFault(
        "\(slots) readers are asked for, and 1 to \(Self.mostSlots) are possible", at: "--readers, --card",
        fix: "name fewer cards or readers", exitCode: 2)
    }
    self.path = path
    self.office = office
    self.readerName = readerName
    self.driverUsers = driverUsers
    self.cardSource = cardSource
    self.slots = (0..<slots).map { Slot(number: $0) }
    recorder = TraceRecorder()
    for slot in self.slots { slot.record(with: recorder) }
    listener = try PacketSocket.listen(at: path, isOpen: driverUsers != nil)
  }

  /// Answers clients on threads of their own, and returns at once.
  public func start() {
    Self.detach { [self] in
      while let client = listener.accept() {
        // Before anything is kept for it: who may not be here takes no place.
        guard mayConnect(client) else { continue }
        let silent = guests.withLock { guests in
          guests.greeting.append(client)
          return guests.greeting.count > Self.mostGreetings ? guests.greeting.removeFirst() : nil
        }
        silent?.shut()
        Self.detach { [self] in serve(client) }
      }
    }
  }

  /// Stops listening, and takes the socket away.
  public func stop() {
    listener.shut()
    unlink(path)
  }

  private static func detach(_ body: @escaping @Sendable () -> Void) {
    let thread = Thread(block: body)
    thread.stackSize = threadStack
    thread.start()
  }

  private func serve(_ socket: PacketSocket) {
    socket.setReceiveLimit(milliseconds: Self.helloMilliseconds)
    let message = socket.receive(limit: LinkFrame.longestMessage)
    guests.withLock { $0.greeting.removeAll { $0 === socket } }
    guard let message, let hello = LinkFrame.Hello(message) else { return }
    socket.setReceiveLimit(milliseconds: 0)
    guard hello.speaksOurVersion, let role = LinkFrame.Role(rawValue: hello.role) else {
      socket.send(LinkFrame.helloAnswer(.noCommonVersion), waits: false)
      return
    }
    if role == .control { return serveControl(socket) }
    guard slots.indices.contains(Int(hello.slot)) else {
      socket.send(LinkFrame.helloAnswer(.noSuchSlot), waits: false)
      return
    }
    serve(socket, as: role, slot: slots[Int(hello.slot)])
  }

  private func serveControl(_ socket: PacketSocket) {
    // The socket's mode keeps others out; this holds even where somebody has loosened it for pcscd's own user.
    guard let user = socket.peerUser, user == getuid() || user == 0 else { return }
    let hasPlace = guests.withLock { guests in
      guard guests.controls < Self.mostControls else { return false }
      guests.controls += 1
      return true
    }
    guard hasPlace else {
      socket.send(LinkFrame.helloAnswer(.busy), waits: false)
      return
    }
    defer { guests.withLock { $0.controls -= 1 } }
    socket.send(LinkFrame.helloAnswer(.accepted), waits: false)
    ControlConnection(socket: socket, service: self).serve()
  }

  /// Where pcscd's users are named the socket is open to all, and this is what keeps the others out.
  private func mayConnect(_ socket: PacketSocket) -> Bool {
    guard let driverUsers else { return true }
    guard let user = socket.peerUser else { return false }
    return user == getuid() || user == 0 || driverUsers.contains(user)
  }

  private func serve(_ socket: PacketSocket, as role: LinkFrame.Role, slot: Slot) {
    if role == .events {
      guard slot.claimEvents(socket) else {
        socket.send(LinkFrame.helloAnswer(.busy), waits: false)
        return
      }
      // The client says nothing more: whatever comes, its end included, ends the connection.
      _ = socket.receive(limit: LinkFrame.longestMessage)
      slot.releaseEvents(socket)
    } else {
      guard slot.claimCommands() else {
        socket.send(LinkFrame.helloAnswer(.busy), waits: false)
        return
      }
      if socket.send(LinkFrame.helloAnswer(.accepted), waits: false) {
        CommandConnection(socket: socket, slot: slot).serve()
      }
      slot.releaseCommands()
    }
  }

  /// Puts a card into a slot.
  /// - Parameters:
  ///   - card: a name or a path.
  ///   - slot: the first empty one when `nil`.
  public func insert(_ card: String, slot: Int? = nil) throws(ServiceFault) {
    try insertion.withLock { _ throws(ServiceFault) in try insertAlone(card, slot: slot) }
  }

  private func insertAlone(_ card: String, slot: Int?) throws(ServiceFault) {
    let target: Slot
    if let slot { target = try find(slot) } else { target = try place(for: card) }
    guard target.card == nil else {
      throw ServiceFault(
        "there is a card in slot \(target.number)", at: path, fix: "take it out with 'vmyna eject' first", exitCode: 1)
    }
    if let away = target.away {
      guard Self.isSame(away.name, card) else {
        let seconds = max(1, Int((away.comesBack - .now).components.seconds) + 1)
        throw ServiceFault(
          "the card of slot \(target.number) is away, and comes back by itself in \(seconds) s", at: path,
          fix: "wait, or give it up with 'vmyna eject --slot \(target.number)' first", exitCode: 1)
      }
      // It is in the slot then: by this hand, or by itself in this instant.
      if target.comeBack(away) || target.card === away.card { return }
    }
    let host = try cardSource(card, Set(slots.compactMap { ($0.card ?? $0.away?.card)?.stateFolder }))
    // Whatever the registry missed, should an earlier process have been killed, it learns now.
    try office.register(host)
    guard target.insert(host, name: card, ownFaults: try Self.ownFaults(of: host)) else {
      throw ServiceFault(
        "another card came into slot \(target.number) first", at: path, fix: "take it out with 'vmyna eject' first",
        exitCode: 1)
    }
  }

  /// The slot that the card is away from, or the first empty one.
  private func place(for card: String) throws(ServiceFault) -> Slot {
    if let own = slots.first(where: { slot in slot.away.map { Self.isSame($0.name, card) } ?? false }) { return own }
    if let empty = slots.first(where: { $0.card == nil && $0.away == nil }) { return empty }
    if let waiting = slots.first(where: { $0.card == nil }) { return waiting }
    throw ServiceFault(
      "every slot has a card", at: path, fix: "take one out with 'vmyna eject --slot N' first", exitCode: 1)
  }

  /// Whether two words, names or paths, name the same card.
  private static func isSame(_ name: String?, _ other: String) -> Bool {
    name.map { URL(fileURLWithPath: $0).standardizedFileURL == URL(fileURLWithPath: other).standardizedFileURL }
      ?? false
  }

  func find(_ number: Int?) throws(ServiceFault) -> Slot {
    let number = number ?? 0
    guard slots.indices.contains(number) else {
      throw ServiceFault(
        "there is no slot \(number)", at: path,
        fix: slots.count == 1 ? "this service has slot 0 alone" : "name one from 0 to \(slots.count - 1) with --slot",
        exitCode: 2)
    }
    return slots[number]
  }

  /// Every slot, as `vmyna status` shows it.
  public var status: [SlotStatus] {
    slots.map { SlotStatus(slot: $0.number, reader: readerName($0.number), status: $0.card?.status) }
  }
}
