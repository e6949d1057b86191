import CardHost
import Dispatch
import Scenario
import Synchronization

/// What happens in a slot, for whoever traces.
public enum SlotActivity: Sendable {
  /// A card came.
  case inserted(CardHost)
  /// The card went.
  case removed
  /// Power or a cold reset; the answer to reset.
  case powerOn([UInt8])
  /// A warm reset; the answer to reset.
  case warmReset([UInt8])
  /// The power went.
  case powerOff
  /// The card's state was changed from outside: `set`, `operator`, `undo`.
  case changed(cause: String)
  /// A command and its answer, and how long the card took.
  case exchange(command: [UInt8], CardHost.Exchange, microseconds: Int)
}

/// One slot of the virtual reader: a card or none, and the driver's event connection.
public final class Slot: Sendable {
  /// Its number, from 0.
  public let number: Int

  private struct State {
    var card: CardHost?
    /// By which words the card was put in.
    var name: String?
    var away: Away?
    var counter: UInt32 = 0
    var events: PacketSocket?
    var hasCommandConnection = false
    var recorder: TraceRecorder?
    var observers: [(number: Int, body: Observer)] = []
    var nextObserver = 1
    var faults = FaultPlan()
    var pinPad: (any PINPad)?
  }

  /// A card that has left the slot and comes back by itself. Until then nothing else can be put in.
  final class Away: Sendable {
    let card: CardHost
    /// By which words it was put in.
    let name: String?
    let ownFaults: [Fault]
    let comesBack: ContinuousClock.Instant

    fileprivate init(_ card: CardHost, name: String?, ownFaults: [Fault], comesBack: ContinuousClock.Instant) {
      self.card = card
      self.name = name
      self.ownFaults = ownFaults
      self.comesBack = comesBack
    }
  }

  /// Hears of what happens in a slot.
  public typealias Observer = @Sendable (SlotActivity) -> Void

  private let state = Mutex(State())

  init(number: Int) { self.number = number }

  /// The keypad of the reader, if it has one.
  public var pinPad: (any PINPad)? { state.withLock { $0.pinPad } }

  /// Gives the reader a keypad, or takes it away. Programs that have asked for the reader's features already do not hear
  /// of it.
  public func attach(_ pinPad: (any PINPad)?) { state.withLock { $0.pinPad = pinPad } }

  /// The card in the slot.
  public var card: CardHost? { state.withLock { $0.card } }

  /// Keeps what happens in the slot from now on.
  func record(with recorder: TraceRecorder) { state.withLock { $0.recorder = recorder } }

  /// Lets somebody hear of everything that happens in the slot; an observer must not ask the slot back.
  /// - Returns: the number by which ``removeObserver(_:)`` knows the observer.
  public func addObserver(_ observer: @escaping Observer) -> Int {
    state.withLock { state in
      let number = state.nextObserver
      state.nextObserver += 1
      state.observers.append((number, observer))
      return number
    }
  }

  /// The observer hears no more, but for what is being told at this moment.
  public func removeObserver(_ number: Int) {
    state.withLock { $0.observers.removeAll { $0.number == number } }
  }

  /// The card that has left and comes back by itself.
  var away: Away? { state.withLock { $0.away } }

  /// Puts a card in.
  /// - Parameters:
  ///   - name: the words by which it is known to whoever puts it in.
  ///   - ownFaults: those that the card is born with.
  /// - Returns: `false` when there is one already, or one that comes back.
  func insert(_ card: CardHost, name: String? = nil, ownFaults: [Fault] = []) -> Bool {
    state.withLock { state in
      guard state.card == nil, state.away == nil else { return false }
      put(card, name: name, ownFaults: ownFaults, into: &state)
      return true
    }
  }

  /// The card that is away comes back, by itself or by a hand.
  /// - Returns: `false` when it is not away any more.
  @discardableResult
  func comeBack(_ away: Away) -> Bool {
    state.withLock { state in
      guard state.away === away, state.card == nil else { return false }
      put(away.card, name: away.name, ownFaults: away.ownFaults, into: &state)
      return true
    }
  }

  private func put(_ card: CardHost, name: String?, ownFaults: [Fault], into state: inout State) {
    state.card = card
    state.name = name
    state.away = nil
    state.faults.cardInserted()
    for fault in ownFaults { state.faults.add(fault, isOfCard: true) }
    // Before the driver knows: nothing that it does with the card may be told first.
    tell(.inserted(card), of: state)
    Self.announce(&state, slot: number)
  }

  /// Takes the card out; one that is away does not come back.
  /// - Returns: the card, without power; `nil` when the slot was empty.
  func eject() -> CardHost? {
    let card: CardHost? = state.withLock { state in
      if let away = state.away {
        state.away = nil
        return away.card
      }
      guard let card = state.card else { return nil }
      take(from: &state)
      return card
    }
    card?.powerOff()
    return card
  }

  /// The card leaves by itself, if it is still the one in the slot.
  /// - Parameter milliseconds: when it comes back; `nil` for never.
  func leave(_ card: CardHost, backAfter milliseconds: Int?) {
    let (hasLeft, away): (Bool, Away?) = state.withLock { state in
      guard state.card === card else { return (false, nil) }
      let away = milliseconds.map { milliseconds in
        Away(
          card, name: state.name, ownFaults: state.faults.faultsOfCard,
          comesBack: .now.advanced(by: .milliseconds(milliseconds)))
      }
      take(from: &state)
      state.away = away
      return (true, away)
    }
    guard hasLeft else { return }
    card.powerOff()
    guard let away, let milliseconds else { return }
    DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(milliseconds)) { [self] in comeBack(away) }
  }

  private func take(from state: inout State) {
    state.card = nil
    state.name = nil
    state.faults.cardEjected()
    tell(.removed, of: state)
    Self.announce(&state, slot: number)
  }

  /// The slot has changed already; a client that does not keep up loses its connection, and sees a removal by that.
  private static func announce(_ state: inout State, slot: Int) {
    state.counter &+= 1
    let event = LinkFrame.event(inserted: state.card != nil, slot: slot, counter: state.counter)
    if let events = state.events, !events.send(event, waits: false) {
      events.shut()
      state.events = nil
    }
  }

  /// The faults that wait.
  var faults: FaultPlan { state.withLock { $0.faults } }

  /// Whether there is a card that answers when power comes, as far as faults have not been ordered against it.
  public var answersToPower: Bool {
    state.withLock { state in
      state.card != nil
        && !state.faults.faults.contains { fault in
          if case .named(_, .powerOn) = fault.trigger { return true }
          return false
        }
    }
  }

  /// Changes the faults that wait.
  func changeFaults<Value>(_ body: (inout FaultPlan) -> Value) -> Value { state.withLock { body(&$0.faults) } }

  /// The card, and what is to be done with a request; no order when no fault waits.
  func cardAndOrder(for request: FaultPlan.Request) -> (card: CardHost?, order: FaultPlan.Order?) {
    state.withLock { state in
      guard !state.faults.isEmpty, let card = state.card else { return (state.card, nil) }
      return (card, state.faults.order(for: request))
    }
  }

  /// Tells what has happened.
  func report(_ activity: SlotActivity) {
    let (recorder, card, observers) = state.withLock { ($0.recorder, $0.card, $0.observers) }
    recorder?.add(activity, slot: number, card: card)
    for observer in observers { observer.body(activity) }
  }

  private func tell(_ activity: SlotActivity, of state: borrowing State) {
    state.recorder?.add(activity, slot: number, card: state.card)
    for observer in state.observers { observer.body(activity) }
  }

  /// Tells of an exchange: nearly everything that happens is one, so the slot is locked once for all that there is to do.
  /// - Returns: whether the card is still in the slot.
  func report(_ command: [UInt8], _ exchange: CardHost.Exchange, of card: CardHost, since start: Int64) -> Bool {
    let now = TraceClock.now
    let microseconds = Int((now - start) / 1000)
    let (isThere, observers) = state.withLock { state in
      state.recorder?.add(command, exchange, slot: number, time: now, microseconds: microseconds)
      return (state.card === card, state.observers)
    }
    for observer in observers {
      observer.body(.exchange(command: command, exchange, microseconds: microseconds))
    }
    return isThere
  }

  /// Takes the slot's command connection; `false` when another client has it.
  func claimCommands() -> Bool {
    state.withLock { state in
      defer { state.hasCommandConnection = true }
      return !state.hasCommandConnection
    }
  }

  /// The driver went away, and the power with it. The power goes first: the next client may be here already, and what
  /// it powers on must stay on.
  func releaseCommands() {
    card?.powerOff()
    state.withLock { $0.hasCommandConnection = false }
  }

  /// Takes the slot's event connection, accepts it and tells the present state; `false` when another client has it.
  func claimEvents(_ socket: PacketSocket) -> Bool {
    state.withLock { state in
      guard state.events == nil else { return false }
      state.events = socket
      socket.send(LinkFrame.helloAnswer(.accepted), waits: false)
      socket.send(
        LinkFrame.event(inserted: state.card != nil, slot: number, counter: state.counter), waits: false)
      return true
    }
  }

  func releaseEvents(_ socket: PacketSocket) {
    state.withLock { state in
      if state.events === socket { state.events = nil }
    }
  }
}
