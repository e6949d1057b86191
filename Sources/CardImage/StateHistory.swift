import CardKernel
import Foundation

/// The history of a card's state: a tree of events, the event at which the card stands, and named snapshots.
///
/// A command or a hand from outside adds an event behind the one at which the card stands; what it committed together
/// is one step. A move (`undo`, `goto`, `restore`) is an event too: it carries the changes that lead to the state
/// of another event, and the card stands there afterwards. Going on from there begins a branch, and the old one stays
/// reachable by its numbers. All changes are absolute, so the state after any event is what the events up to it say, in
/// the order of their numbers. The page: `Docs/State.md`.
public struct StateHistory: Sendable, Equatable {
  /// So many events are kept; then the older half is forgotten, but not what it says.
  public static let mostEvents = 2_000
  /// So many snapshots are kept.
  public static let mostSnapshots = 100
  static let keptEvents = mostEvents / 2

  /// The events, oldest first.
  public private(set) var events: [StateEvent] = []
  /// For each event, the one at which the card stood before it.
  private var parents: [Int] = []
  /// For each event, the number of the ward office's record that holds after it; `nil` where the journal of an older
  /// release has forgotten it.
  private var records: [Int?] = []
  /// The number of the event at which the card stands; 0 is the image.
  public private(set) var position = 0
  /// The events up to this number are forgotten; 0 when all are kept.
  public private(set) var forgotten = 0
  /// The snapshots by name.
  public private(set) var snapshots: [String: Snapshot] = [:]

  /// A named state. It keeps what it says even when its event is forgotten.
  public struct Snapshot: Sendable, Equatable {
    /// The event at which the card stood.
    public var position: Int
    /// When it was taken, milliseconds since 1970.
    public var time: Int64
    /// From the image to it.
    public var changes: [CardChange]
    /// The number of the ward office's record that held; `nil` when it is not known.
    public var record: Int?
    /// The number of the event that took it.
    var number: Int
  }

  /// A history in which nothing has happened.
  public init() {}

  /// The number of the newest event.
  public var last: Int { events.last?.number ?? 0 }

  /// Whether it is time to forget the oldest events.
  var isFull: Bool { events.count >= Self.mostEvents }

  /// The event that comes next, with the time of now.
  func next(cause: String, _ changes: [CardChange]) -> StateEvent {
    StateEvent(number: last &+ 1, time: Int64(Date().timeIntervalSince1970 * 1000), cause: cause, changes: changes)
  }

  /// Adds an event that has happened.
  mutating func record(_ event: StateEvent) {
    let before = position
    var record = event.record
    switch event.role {
    case .change:
      record = record ?? self.record(at: before)
      position = event.number
    case .compaction:
      forgotten = event.number
      position = event.number
    case .move(_, let target):
      record = record ?? self.record(at: target)
      position = isReachable(target) ? target : event.number
    case .snapshot(let name, let target):
      record = record ?? self.record(at: target)
      snapshots[name] = Snapshot(
        position: target, time: event.time, changes: event.changes, record: record, number: event.number)
    }
    parents.append(before)
    records.append(record)
    events.append(event)
  }

  /// The number of the ward office's record that holds after an event; 0 is that of the image, `nil` that it is not known.
  public func record(at number: Int) -> Int? { number == 0 ? 0 : index(of: number).flatMap { records[$0] } }

  /// Every record that holds after some event that is kept; `nil` is among them when one is not known.
  public var recordsThatHold: Set<Int?> { Set(records) }

  /// The history without its older half: what that half says stands in one event, and its snapshots stay.
  var compacted: StateHistory { isFull ? compacted(keeping: Self.keptEvents) : self }

  /// The history without its oldest events: what they say stands in one event, and their snapshots stay.
  func compacted(keeping kept: Int) -> StateHistory {
    let old = events.dropLast(kept)
    // The one event takes the number of the last of them that is no snapshot, for that one does not stay: numbers grow,
    // also where snapshots alone have been taken for long.
    let end = old.last { !$0.role.isSnapshot }
    let numbers = Set(snapshots.values.map(\.number))
    var shorter = StateHistory()
    for event in old {
      if event.number == end?.number {
        let all = StateEvent(
          number: event.number, time: event.time, cause: StateEvent.Role.compaction.cause, changes: Self.merged(old))
        shorter.record(all.naming(record: record(at: event.number)))
      } else if numbers.contains(event.number) {
        shorter.record(event.naming(record: record(at: event.number)))
      }
    }
    for event in events.suffix(kept) {
      // Where a move leads and a snapshot was taken may be forgotten now, and with it the record that held there.
      shorter.record(event.role.isChange ? event : event.naming(record: record(at: event.number)))
    }
    return shorter
  }

  /// Where the event with this number stands.
  private func index(of number: Int) -> Int? {
    var (low, high) = (0, events.count)
    while low < high {
      let middle = (low + high) / 2
      if events[middle].number < number { low = middle + 1 } else { high = middle }
    }
    return low < events.count && events[low].number == number ? low : nil
  }

  /// The event with this number.
  public func event(_ number: Int) -> StateEvent? { index(of: number).map { events[$0] } }

  /// The event at which the card stood before this one.
  public func parent(of number: Int) -> Int? { index(of: number).map { parents[$0] } }

  /// Whether the card can go to the state of this event.
  private func isReachable(_ number: Int) -> Bool {
    number == 0 || number >= forgotten && index(of: number) != nil
  }

  /// The changes that lead from the image to the state after an event.
  public func changes(upTo number: Int) -> [CardChange] {
    Self.merged(events[..<(events.firstIndex { $0.number > number } ?? events.count)])
  }

  /// The first event of the step that the event belongs to.
  public func step(of number: Int) -> Int {
    var number = number
    while let index = index(of: number), events[index].isContinuation, self.index(of: parents[index]) != nil {
      number = parents[index]
    }
    return number
  }

  /// The numbers of the events that led to where the card stands.
  public var path: Set<Int> {
    var path: Set<Int> = []
    var number = position
    while number > 0, path.insert(number).inserted { number = parent(of: number) ?? 0 }
    return path
  }

  /// Where so many steps back lead.
  public func target(undoing steps: Int) throws(HistoryFault) -> Int {
    guard steps > 0 else {
      throw HistoryFault("'\(steps)' steps cannot be undone", fix: "name how many to undo, from 1")
    }
    var number = position
    for done in 0..<steps {
      guard number > 0 else { throw .beginning(of: steps, done: done) }
      let first = step(of: number)
      guard number > forgotten, let parent = parent(of: first), isReachable(parent) else {
        throw HistoryFault(
          "\(steps) steps back lead to events that are forgotten: the history begins after event \(forgotten)",
          fix: (done == 0 ? "no step back is left here;" : "undo at most \(done), or")
            + " go back to the image: vmyna restore image")
      }
      number = parent
    }
    return number
  }

  /// Where `goto` leads: for a move, to where it led.
  public func target(goingTo number: Int) throws(HistoryFault) -> Int {
    guard number > 0 else {
      guard number == 0 else { throw .noEvent(number, last: last) }
      return 0
    }
    guard number >= forgotten else {
      throw HistoryFault(
        "event \(number) is forgotten: the history begins after event \(forgotten)",
        fix: "see 'vmyna history' for what is kept, or go back to the image: vmyna restore image")
    }
    guard let event = event(number) else { throw .noEvent(number, last: last) }
    switch event.role {
    case .move(_, let target), .snapshot(_, let target): return isReachable(target) ? target : number
    case .change, .compaction: return number
    }
  }

  /// The snapshot of this name.
  public func snapshot(_ name: String) throws(HistoryFault) -> Snapshot {
    guard let snapshot = snapshots[name] else {
      let known = snapshots.keys.sorted()
      throw HistoryFault(
        "there is no snapshot '\(name)'",
        fix: known.isEmpty
          ? "take one with 'vmyna snapshot \(name)', or go back to the image: vmyna restore image"
          : "use one of: image, " + known.joined(separator: ", "))
    }
    return snapshot
  }

  /// Whether a snapshot may be taken under this name.
  func checkSnapshot(_ name: String) throws(HistoryFault) {
    guard StateEvent.Role.isName(name), name != StateHistory.imageName else {
      throw HistoryFault(
        "'\(name)' cannot be the name of a snapshot",
        fix: "use 1 to \(StateEvent.Role.longestName) letters, digits, '.', '_' and '-'; 'image' is taken")
    }
    guard snapshots[name] != nil || snapshots.count < Self.mostSnapshots else {
      throw HistoryFault(
        "there are \(Self.mostSnapshots) snapshots already", fix: "take it under a name that is in use; it is replaced")
    }
  }

  /// What `restore` calls the image.
  public static let imageName = "image"

  /// The last word on each file: as few changes as say the same.
  static func merged(_ events: some Sequence<StateEvent>) -> [CardChange] {
    var pins: [FilePath: CardChange] = [:]
    var tries: [FilePath: CardChange] = [:]
    var others: [FilePath: CardChange] = [:]
    for event in events where !event.isAside {
      for change in event.changes {
        switch change {
        case .pin:
          pins[change.path] = change
          tries[change.path] = nil
        case .triesLeft: tries[change.path] = change
        case .contents, .records, .key: others[change.path] = change
        }
      }
    }
    // A PIN's value goes before the count that came after it.
    return [pins, tries, others].flatMap { $0.values.sorted { "\($0.path)" < "\($1.path)" } }
  }
}

/// Why a move in the history is not possible: what is wrong, and what to do.
public struct HistoryFault: Error, Sendable, Equatable {
  /// What is wrong.
  public var problem: String
  /// What to do next.
  public var fix: String

  /// Both.
  public init(_ problem: String, fix: String) {
    self.problem = problem
    self.fix = fix
  }

  static func beginning(of steps: Int, done: Int) -> HistoryFault {
    HistoryFault(
      done == 0
        ? "there is nothing to undo: the card is as its image"
        : "\(steps) steps cannot be undone: the image is \(done) back",
      fix: done == 0 ? "see 'vmyna history'; 'vmyna goto N' goes to any event" : "undo at most \(done)")
  }

  static func noEvent(_ number: Int, last: Int) -> HistoryFault {
    HistoryFault("there is no event \(number)", fix: last == 0 ? "nothing has happened yet" : "use 0 to \(last)")
  }
}
