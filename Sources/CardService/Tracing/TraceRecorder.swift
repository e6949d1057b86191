import CardHost
import CardImage
import Synchronization
import Trace

#if canImport(Glibc)
  import Glibc
#endif

/// Keeps the last events of a service's slots, and tells those who listen of every new one.
///
/// The card's thread copies bytes that it has anyway; what costs (masking, text) is done by whoever reads.
public final class TraceRecorder: Sendable {
  /// So many events are kept.
  public static let mostEvents = 2_000
  /// So many bytes of commands and answers are kept.
  public static let mostBytes = 4 << 20
  /// Whoever listens and takes nothing for so long loses events, and is told how many.
  static let mostWaitingEvents = 200_000
  static let mostWaitingBytes = 64 << 20

  struct State {
    var ring = TraceRing(
      kept: TraceRing.Limits(events: mostEvents, bytes: mostBytes),
      waiting: TraceRing.Limits(events: mostWaitingEvents, bytes: mostWaitingBytes))
    var listeners: [TraceListener.Place] = []

    /// What nobody waits for any more may go.
    mutating func look() { ring.wanted = listeners.map(\.next).min() ?? Int.max }

    func wake() {
      for listener in listeners { listener.bell.ring() }
    }
  }

  let state = Mutex(State())

  init() {}

  /// Keeps an exchange.
  /// - Parameters:
  ///   - time: when the answer came, by ``TraceClock``.
  ///   - microseconds: how long the card took.
  func add(_ command: [UInt8], _ exchange: CardHost.Exchange, slot: Int, time: Int64, microseconds: Int) {
    state.withLock { state in
      state.ring.append(command: command, exchange, slot: slot, time: time, microseconds: microseconds)
      state.wake()
    }
  }

  /// Keeps anything else that happens in a slot.
  /// - Parameter card: the card that is in the slot.
  func add(_ activity: SlotActivity, slot: Int, card: CardHost?) {
    switch activity {
    case .changed(let cause): add(.changed(cause: cause, tries: card?.tries ?? [:]), slot)
    case .inserted(let card):
      add(.inserted, slot)
      add(.card(card.traceCard), slot)
    case .exchange(let command, let exchange, let microseconds):
      add(command, exchange, slot: slot, time: TraceClock.now, microseconds: microseconds)
    case .removed, .powerOn, .warmReset, .powerOff: add(.activity(activity), slot)
    }
  }

  private func add(_ matter: TraceRing.Matter, _ slot: Int) {
    state.withLock { state in
      state.ring.append(matter, slot: slot, time: TraceClock.now)
      state.wake()
    }
  }

  /// The last events, oldest first, unmasked.
  public func recent(slot: Int? = nil) -> [TraceEvent] {
    let records = state.withLock { state in
      state.ring.taken(from: max(state.ring.first, state.ring.next - Self.mostEvents), slot: slot).records
    }
    let offset = TraceClock.offset
    return records.map { $0.event(offset: offset) }
  }

  /// Somebody who hears of every event from now on, and first of the last ones.
  public func listen(slot: Int? = nil) throws(ServiceFault) -> TraceListener {
    let bell = try Bell()
    return state.withLock { state in
      let place = TraceListener.Place(bell: bell, next: max(state.ring.first, state.ring.next - Self.mostEvents))
      state.listeners.append(place)
      state.look()
      if place.next < state.ring.next { bell.ring() }
      return TraceListener(self, bell, slot)
    }
  }

  /// The listener hears no more.
  public func end(_ listener: TraceListener) {
    state.withLock { state in
      state.listeners.removeAll { $0.bell === listener.bell }
      state.look()
    }
  }
}

/// Somebody who listens: what happened waits in the ring until it is taken.
public final class TraceListener: Sendable {
  /// Rings when there is something to take.
  let bell: Bell
  private let recorder: TraceRecorder
  private let slot: Int?

  /// What a listener will take next.
  struct Place {
    let bell: Bell
    var next: Int
  }

  init(_ recorder: TraceRecorder, _ bell: Bell, _ slot: Int?) {
    self.recorder = recorder
    self.bell = bell
    self.slot = slot
  }

  /// Takes what has happened, unmasked, and how many events were lost. It may be a part; then the bell rings on.
  public func take() -> (events: [TraceEvent], lost: Int) {
    bell.silence()
    let (records, lost) = recorder.state.withLock { state -> ([TraceRing.Record], Int) in
      guard let index = state.listeners.firstIndex(where: { $0.bell === bell }) else { return ([], 0) }
      let taken = state.ring.taken(from: state.listeners[index].next, slot: slot)
      state.listeners[index].next = taken.next
      state.look()
      if taken.next < state.ring.next { bell.ring() }
      return (taken.records, taken.lost)
    }
    let offset = TraceClock.offset
    return (records.map { $0.event(offset: offset) }, lost)
  }

  /// Waits until there is something to take, or the time is over.
  /// - Returns: whether there is.
  @discardableResult
  public func wait(milliseconds: Int32) -> Bool {
    var descriptor = pollfd(fd: bell.descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&descriptor, 1, milliseconds) > 0
  }
}

extension CardHost {
  /// The tries left, by the names of the PINs.
  public var tries: [String: Int] {
    Dictionary(status.pins.map { ($0.name.rawValue, $0.status.triesLeft) }, uniquingKeysWith: { first, _ in first })
  }

  /// What the card is, for a trace.
  var traceCard: TraceEvent.Card {
    let minted = image.manifest.minted
    return TraceEvent.Card(
      name: name, minted: minted.at, seed: minted.seed, keys: minted.keys,
      fingerprint: StateJournal.fingerprint(of: image), tries: tries)
  }
}
