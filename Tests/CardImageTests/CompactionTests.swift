import CardKernel
import Foundation
import Testing

@testable import CardImage

/// When the older half of a history is forgotten, everything else is as it was, and the journal loads.
@Suite("Forgetting the oldest events")
struct CompactionTests {
  private static let card = "0123ABCD"

  @Test("Snapshots alone, under one name or many: the state loads", arguments: [1, 7, StateHistory.mostSnapshots])
  func snapshotsAlone(names: Int) throws {
    let folder = try TemporaryFolder()
    var journal: StateJournal? = try StateJournal(folder: folder.url, card: Self.card)
    try journal?.append(cause: "operator:move:1", [.triesLeft(Sample.authPIN, 1)])
    for number in 0..<(StateHistory.mostEvents + 10) {
      try journal?.append(cause: "snapshot=s\(number % names)@1", [.triesLeft(Sample.authPIN, 1)])
    }
    let history = try #require(journal?.history)
    journal = nil
    let again = try StateJournal(folder: folder.url, card: Self.card).history
    #expect(again == history)
    #expect(again.changes(upTo: again.last) == [.triesLeft(Sample.authPIN, 1)])
    #expect(again.snapshots.count == names)
    #expect(again.position == 1)
    #expect(again.record(at: 1) == 1)
  }

  @Test("Any kinds of events: what is forgotten changes nothing else, and what was written loads", arguments: 1...4)
  func property(seed: Int) throws {
    print("compaction: seed \(seed)")
    var walk = Walk(seed: UInt64(seed))
    let folder = try TemporaryFolder()
    var journal: StateJournal? = try StateJournal(folder: folder.url, card: Self.card)
    var compactions = 0
    for _ in 0..<(5 * StateHistory.mostEvents / 2) {
      guard let event = journal.map({ walk.next(in: $0.history) }) else { break }
      guard journal?.events.count == StateHistory.mostEvents - 1, var whole = journal?.history else {
        try journal?.append(cause: event.cause, event.changes)
        continue
      }
      whole.record(event)
      try journal?.append(cause: event.cause, event.changes)
      let shorter = try #require(journal?.history)
      compactions += 1
      expectSame(shorter, whole, "seed \(seed), event \(event.number)")
      journal = nil
      journal = try StateJournal(folder: folder.url, card: Self.card)
      #expect(journal?.history == shorter, "seed \(seed), event \(event.number)")
    }
    #expect(compactions > 0)
  }

  private func expectSame(_ shorter: StateHistory, _ whole: StateHistory, _ place: String) {
    #expect(shorter.events.count < StateHistory.mostEvents, "\(place)")
    #expect(shorter.last == whole.last, "\(place)")
    #expect(shorter.snapshots.keys == whole.snapshots.keys, "\(place)")
    for (name, snapshot) in whole.snapshots {
      let kept = shorter.snapshots[name]
      #expect(kept?.position == snapshot.position && kept?.changes == snapshot.changes, "\(place), \(name)")
      #expect(kept?.record == snapshot.record, "\(place), \(name)")
    }
    let isKept = whole.position == 0 || whole.position >= shorter.forgotten
    #expect(!isKept || shorter.position == whole.position, "\(place)")
    let pairs = shorter.events.filter { $0.role != .compaction && $0.number > shorter.forgotten }.suffix(40).map(
      \.number)
    for (number, same) in [(shorter.position, whole.position)] + pairs.map({ ($0, $0) }) {
      #expect(shorter.changes(upTo: number) == whole.changes(upTo: same), "\(place), state after \(same)")
      #expect(shorter.record(at: number) == whole.record(at: same), "\(place), record after \(same)")
    }
  }

  /// Events of all kinds, in runs of one kind: long ones too.
  private struct Walk {
    private var random: SplitMix
    private var kind = 0
    private var rest = 0
    private var names = 1
    private var nextRecord = 1

    init(seed: UInt64) { random = SplitMix(state: seed) }

    private mutating func below(_ bound: Int) -> Int { Int(random.next() % UInt64(max(1, bound))) }

    mutating func next(in history: StateHistory) -> StateEvent {
      guard history.last > 0 else { return history.next(cause: "set", Self.all([])) }
      if rest == 0 {
        kind = below(6)
        rest = 1 + below([3, 30, 300, 2_500][below(4)])
        names = 1 + below(StateHistory.mostSnapshots)
      }
      rest -= 1
      switch kind == 5 ? below(5) : kind {
      case 0: return history.next(cause: "VERIFY", [.triesLeft(Sample.authPIN, below(4))])
      case 1:
        return history.next(cause: "set", [.pin(Sample.signPIN, value: [UInt8(below(256))], triesLeft: below(6))])
      case 2:
        return history.next(cause: "snapshot=s\(below(names))@\(history.position)", history.changes(upTo: history.last))
      case 3:
        if below(3) == 0, let name = history.snapshots.keys.sorted().first, let snapshot = history.snapshots[name] {
          let move = history.next(cause: "restore@\(snapshot.position)", Self.all(snapshot.changes))
          return move.naming(record: snapshot.record)
        }
        let aims = [0] + history.events.suffix(1 + below(1_500)).map(\.number)
        guard let target = try? history.target(goingTo: aims[below(aims.count)]) else { fallthrough }
        return history.next(cause: "goto@\(target)", Self.all(history.changes(upTo: target)))
      default:
        nextRecord += 1
        return history.next(
          cause: "operator:move:\(nextRecord)", [.contents(Sample.path("jpki/000A"), [UInt8(below(256))])])
      }
    }

    /// The changes of a move say all that a state is, the image's part of it too.
    private static func all(_ changes: [CardChange]) -> [CardChange] {
      let image: [CardChange] = [
        .pin(Sample.authPIN, value: [0x31], triesLeft: 3), .pin(Sample.signPIN, value: [0x41], triesLeft: 5),
        .contents(Sample.path("jpki/000A"), []),
      ]
      return StateHistory.merged(
        [image, changes].enumerated().map { StateEvent(number: $0 + 1, time: 0, cause: "x", changes: $1) })
    }
  }
}

/// SplitMix64.
private struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
    return value ^ value >> 31
  }
}
