import CardHost
import CardImage
import Foundation
import Synchronization
import Trace

/// Keeps the last events of a service's slots, and tells those who listen of every new one.
///
/// The card's thread hands over bytes that it has anyway; what costs (masking, text) is done by whoever reads.
public final class TraceRecorder: Sendable {
  /// So many events are kept.
  public static let mostEvents = 2_000
  /// So many bytes of commands and answers are kept.
  public static let mostBytes = 4 << 20

  /// An event as it was handed over.
  struct Record: Sendable {
    var sequence: Int
    /// Nanoseconds since 1970.
    var time: Int64
    var slot: Int
    var content: Content

    enum Content: Sendable {
      case activity(SlotActivity)
      /// The card itself is not kept: it holds the lock on its state, and must go when it is taken out.
      case inserted
      case card(TraceEvent.Card)
      case changed(cause: String, tries: [String: Int])
    }

    var size: Int {
      if case .activity(.exchange(let command, let exchange, _)) = content {
        return command.count + exchange.response.count
      }
      return 0
    }
  }

  private struct State {
    var records: [Record] = []
    /// Where the oldest record stands, once the ring is full.
    var start = 0
    var bytes = 0
    var sequence = 0
    var listeners: [TraceListener] = []
  }

  private let state = Mutex(State())

  /// Begins to record what happens in slots.
  init(_ slots: [Slot]) {
    for slot in slots {
      // The slot lives as long as the service, and so does the recorder.
      _ = slot.addObserver { [unowned slot, weak self] activity in self?.record(activity, of: slot) }
    }
  }

  private func record(_ activity: SlotActivity, of slot: Slot) {
    switch activity {
    case .changed(let cause):
      add(.changed(cause: cause, tries: slot.card?.tries ?? [:]), slot.number)
    case .inserted(let card):
      add(.inserted, slot.number)
      add(.card(card.traceCard), slot.number)
    default: add(.activity(activity), slot.number)
    }
  }

  private func add(_ content: Record.Content, _ slot: Int) {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    let time = Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec)
    state.withLock { state in
      state.sequence += 1
      let record = Record(sequence: state.sequence, time: time, slot: slot, content: content)
      Self.keep(record, in: &state)
      for listener in state.listeners { listener.hear(record) }
    }
  }

  private static func keep(_ record: Record, in state: inout State) {
    state.bytes += record.size
    if state.records.count < mostEvents {
      state.records.append(record)
    } else {
      state.bytes -= state.records[state.start].size
      state.records[state.start] = record
      state.start = (state.start + 1) % mostEvents
    }
    guard state.bytes > mostBytes else { return }
    // Long answers: half of what is kept goes, so that this is rare.
    let ordered = state.records[state.start...] + state.records[..<state.start]
    state.records = Array(ordered.suffix(max(1, ordered.count / 2)))
    state.start = 0
    state.bytes = state.records.reduce(0) { $0 + $1.size }
  }

  /// The last events, oldest first, unmasked.
  public func recent(slot: Int? = nil) -> [TraceEvent] {
    let records = state.withLock { state in Array(state.records[state.start...] + state.records[..<state.start]) }
    return records.filter { slot == nil || $0.slot == slot }.map(\.event)
  }

  /// Somebody who hears of every event from now on, and first of the last ones.
  public func listen(slot: Int? = nil) throws(ServiceFault) -> TraceListener {
    let listener = try TraceListener(slot: slot)
    state.withLock { state in
      for record in state.records[state.start...] { listener.hear(record) }
      for record in state.records[..<state.start] { listener.hear(record) }
      state.listeners.append(listener)
    }
    return listener
  }

  /// The listener hears no more.
  public func end(_ listener: TraceListener) {
    state.withLock { $0.listeners.removeAll { $0 === listener } }
  }
}

/// Somebody who listens: what has been heard waits here until it is taken.
public final class TraceListener: Sendable {
  /// Rings when there is something to take.
  let bell: Bell
  private let slot: Int?

  private struct State {
    var records: [TraceRecorder.Record] = []
    var bytes = 0
    var lost = 0
  }

  private let state = Mutex(State())
  /// Whoever takes nothing for so long loses events, and is told how many.
  private static let mostRecords = 200_000
  private static let mostBytes = 64 << 20

  init(slot: Int?) throws(ServiceFault) {
    self.slot = slot
    bell = try Bell()
  }

  func hear(_ record: TraceRecorder.Record) {
    guard slot == nil || record.slot == slot else { return }
    let isFirst = state.withLock { state in
      guard state.records.count < Self.mostRecords, state.bytes < Self.mostBytes else {
        state.lost += 1
        return false
      }
      state.records.append(record)
      state.bytes += record.size
      return state.records.count == 1
    }
    if isFirst { bell.ring() }
  }

  /// Takes what has been heard, unmasked, and how many events were lost.
  public func take() -> (events: [TraceEvent], lost: Int) {
    bell.silence()
    let taken = state.withLock { state in
      defer { state = State() }
      return state
    }
    return (taken.records.map(\.event), taken.lost)
  }

  /// Waits until there is something to take, or the time is over.
  public func wait(milliseconds: Int32) {
    var descriptor = pollfd(fd: bell.descriptor, events: Int16(POLLIN), revents: 0)
    _ = poll(&descriptor, 1, milliseconds)
  }
}

extension TraceRecorder.Record {
  var event: TraceEvent {
    let kind: TraceEvent.Kind =
      switch content {
      case .card(let card): .card(card)
      case .changed(let cause, let tries): .changed(cause: cause, tries: tries)
      case .inserted, .activity(.inserted): .inserted
      case .activity(.removed): .removed
      case .activity(.powerOn(let atr)): .powerOn(atr: atr)
      case .activity(.warmReset): .warmReset
      case .activity(.powerOff): .powerOff
      case .activity(.changed(let cause)): .changed(cause: cause, tries: [:])
      case .activity(.exchange(let command, let exchange, let microseconds)):
        .exchange(
          TraceEvent.Exchange(
            command: command, response: exchange.response, application: exchange.application, file: exchange.file,
            microseconds: microseconds))
      }
    return TraceEvent(sequence: sequence, time: time / 1_000_000, slot: slot, kind: kind)
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
