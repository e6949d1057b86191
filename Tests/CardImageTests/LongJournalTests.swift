import CardKernel
import Foundation
import Testing

@testable import CardImage

/// A journal of few events that are long, and one in which events are missing.
@Suite("Long journals, and journals with holes", .serialized)
struct LongJournalTests {
  private static let card = "0123ABCD"

  /// A hundredth of what a journal may have, so that the tests are quick.
  private static let mostBytes = 160 << 10

  private func open(_ folder: TemporaryFolder) throws -> StateJournal {
    try StateJournal(folder: folder.url, card: Self.card, durability: .process, mostBytes: Self.mostBytes)
  }

  private func file(_ folder: TemporaryFolder) -> URL { folder.file(StateJournal.fileName) }

  private func size(_ folder: TemporaryFolder) throws -> Int {
    try #require(FileManager.default.attributesOfItem(atPath: file(folder).path)[.size] as? Int)
  }

  /// A picture, and a try beside it.
  private func changes(_ number: Int) -> [CardChange] {
    [
      .contents(Sample.path("jpki/000A"), [UInt8](repeating: UInt8(number & 0xFF), count: 2_000)),
      .triesLeft(Sample.signPIN, number % 5),
    ]
  }

  @Test("Events of many bytes: the journal is shortened by its length, says the same, and loads")
  func longEvents() throws {
    let folder = try TemporaryFolder()
    var journal: StateJournal? = try open(folder)
    try journal?.append(cause: "set", [.pin(Sample.authPIN, value: [0x31], triesLeft: 2)])
    try journal?.append(cause: "snapshot=early@1", [.pin(Sample.authPIN, value: [0x31], triesLeft: 2)])
    for number in 0..<60 {
      try journal?.append(cause: "operator", changes(number))
      #expect(try size(folder) < Self.mostBytes)
    }
    let history = try #require(journal?.history)
    #expect(history.forgotten > 0)
    #expect(history.last == 62 && history.position == 62)
    #expect(history.snapshots["early"]?.position == 1)
    #expect(
      history.changes(upTo: 62) == [.pin(Sample.authPIN, value: [0x31], triesLeft: 2)] + [
        changes(59)[1], changes(59)[0],
      ])
    journal = nil
    #expect(try open(folder).history == history)
  }

  @Test("A journal that an older release let grow is read, and short afterwards", arguments: [1, 2])
  func grown(format: Int) throws {
    let folder = try TemporaryFolder()
    var text = "vmyna-state \(format) card=\(Self.card)\n"
    for number in 1...45 {
      text += StateEvent(number: number, time: 0, cause: "goto@0", changes: changes(number)).line + "\n"
    }
    try Data(text.utf8).write(to: file(folder))
    #expect(try size(folder) > Self.mostBytes)
    let history = try open(folder).history
    #expect(history.changes(upTo: 45) == [changes(45)[1], changes(45)[0]])
    #expect(try size(folder) <= Self.mostBytes / 2 + 10_000)
  }

  @Test("A journal that its snapshots keep long is not rewritten each time")
  func longSnapshots() throws {
    let folder = try TemporaryFolder()
    let journal = try open(folder)
    try journal.append(cause: "set", changes(1))
    for number in 0..<45 { try journal.append(cause: "snapshot=s\(number)@1", changes(1)) }
    #expect(journal.history.snapshots.count == 45)
    func node() throws -> Int {
      try #require(FileManager.default.attributesOfItem(atPath: file(folder).path)[.systemFileNumber] as? Int)
    }
    let before = try node()
    for _ in 0..<5 { try journal.append(cause: "VERIFY", [.triesLeft(Sample.signPIN, 3)]) }
    #expect(try node() == before)
  }

  private func write(_ numbers: [Int], snapshots: Set<Int> = [], compaction: Int? = nil, to folder: TemporaryFolder)
    throws
  {
    var text = "vmyna-state \(StateJournal.format) card=\(Self.card)\n"
    for number in numbers {
      let cause = number == compaction ? "compaction" : snapshots.contains(number) ? "snapshot=s\(number)@1" : "VERIFY"
      let event = StateEvent(number: number, time: 0, cause: cause, changes: [.triesLeft(Sample.signPIN, 3)])
      text += event.line + "\n"
    }
    try Data(text.utf8).write(to: file(folder))
  }

  static let holes: [(numbers: [Int], snapshots: Set<Int>, compaction: Int?, line: Int?)] = [
    ([1, 2, 3, 4, 5], [], nil, nil), ([1, 2, 3, 5], [], nil, 5), ([1, 4, 5], [], nil, 3), ([2, 3], [], nil, 2),
    ([1, 2, 2], [], nil, 4), ([1, 2, 1], [], nil, 4), ([0, 1], [], nil, 2),
    // A snapshot in front allows nothing by itself.
    ([1, 4], [1], nil, 3), ([3, 4], [3], nil, 2),
    // Forgotten events leave holes in front of the one that stands for them, and around their snapshots.
    ([40, 41, 42], [], 40, nil), ([7, 20, 40, 41], [7, 20], 40, nil), ([7, 30, 40, 41], [7, 40], 30, nil),
    ([7, 30, 40, 51, 52], [7, 40], 30, nil),
    // But nowhere else.
    ([7, 40, 41, 43], [7], 40, 5), ([7, 8, 40, 41], [7], 40, 2), ([40, 41, 45, 46], [45], 40, 4),
  ]

  @Test("Events that are missing are damage, but for those that were forgotten", arguments: holes)
  func missing(numbers: [Int], snapshots: Set<Int>, compaction: Int?, line: Int?) throws {
    let folder = try TemporaryFolder()
    try write(numbers, snapshots: snapshots, compaction: compaction, to: folder)
    guard let line else {
      #expect(try open(folder).events.map(\.number) == numbers)
      return
    }
    let fault = #expect(throws: ImageFault.self) { try open(folder) }
    #expect(fault?.problem == "the state is damaged")
    #expect(fault?.location.hasSuffix(":\(line)") == true, "\(fault?.location ?? "")")
  }

  @Test("Any event or run of events that is taken out of the middle is noticed, whatever they were")
  func anyHole() throws {
    let folder = try TemporaryFolder()
    var journal: StateJournal? = try open(folder)
    for number in 0..<3 { try journal?.append(cause: "VERIFY", [.triesLeft(Sample.signPIN, number)]) }
    try journal?.append(cause: "snapshot=a@3", [.triesLeft(Sample.signPIN, 2)])
    try journal?.append(cause: "undo@2", [.triesLeft(Sample.signPIN, 1)])
    try journal?.append(cause: "VERIFY", [.triesLeft(Sample.signPIN, 0)])
    journal = nil
    let lines = try String(contentsOf: file(folder), encoding: .utf8).split(separator: "\n").map { $0 + "\n" }
    for first in 1..<(lines.count - 1) {
      for last in first..<(lines.count - 1) {
        let text = (lines[..<first] + lines[(last + 1)...]).joined()
        try Data(text.utf8).write(to: file(folder))
        let fault = #expect(throws: ImageFault.self, "without \(first)...\(last)") { try open(folder) }
        #expect(fault?.location.hasSuffix(":\(first + 1)") == true)
      }
    }
  }
}
