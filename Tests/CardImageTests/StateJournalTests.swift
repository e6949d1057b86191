import CardKernel
import Foundation
import Testing

@testable import CardImage

@Suite("State journal")
struct StateJournalTests {
  private static let card = "0123ABCD"

  private func open(
    _ folder: TemporaryFolder, card: String = card, durability: StateDurability = .process
  ) throws -> StateJournal {
    try StateJournal(folder: folder.url, card: card, durability: durability)
  }

  private func journalFile(_ folder: TemporaryFolder) -> URL { folder.file(StateJournal.fileName) }

  private func changes(_ journal: StateJournal) -> [CardChange] { journal.events.flatMap(\.changes) }

  @Test("What is appended is there again, in order", arguments: [StateDurability.process, .machine])
  func roundTrip(durability: StateDurability) throws {
    let folder = try TemporaryFolder()
    var journal: StateJournal? = try open(folder, durability: durability)
    for left in [4, 3, 2] { try journal?.append(cause: "VERIFY", [.triesLeft(Sample.signPIN, left)]) }
    journal = nil
    let again = try open(folder)
    #expect(changes(again) == [4, 3, 2].map { .triesLeft(Sample.signPIN, $0) })
    #expect(again.events.map(\.number) == [1, 2, 3])
  }

  @Test("Files are for their owner alone")
  func modes() throws {
    let folder = try TemporaryFolder()
    let place = folder.file("state")
    _ = try StateJournal(folder: place, card: Self.card)
    for (url, mode) in [(place, 0o700), (place.appendingPathComponent(StateJournal.fileName), 0o600)] {
      let found = try FileManager.default.attributesOfItem(atPath: url.path)[.posixPermissions] as? Int
      #expect(found == mode)
    }
  }

  @Test("A second one on the same folder is refused while the first one lives, and names its process")
  func lock() throws {
    let folder = try TemporaryFolder()
    var first: StateJournal? = try open(folder)
    let fault = #expect(throws: ImageFault.self) { try open(folder) }
    #expect(fault?.problem.contains("\(getpid())") == true)
    #expect(fault?.fix.contains("--state") == true)
    _ = first?.events
    first = nil
    _ = try open(folder)
  }

  @Test("Cut off anywhere: the whole lines before the cut, or a fault; and it goes on")
  func tornTail() throws {
    let folder = try TemporaryFolder()
    var journal: StateJournal? = try open(folder)
    for left in [4, 3, 2, 1] { try journal?.append(cause: "VERIFY", [.triesLeft(Sample.signPIN, left)]) }
    journal = nil
    let whole = try Data(contentsOf: journalFile(folder))
    let lines = whole.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast()
    for length in 0...whole.count {
      try whole.prefix(length).write(to: journalFile(folder))
      var journal: StateJournal? = try open(folder)
      var kept = -1
      var end = 0
      for line in lines {
        end += line.count + 1
        if end <= length { kept += 1 }
      }
      let expected = (0..<max(0, kept)).map { CardChange.triesLeft(Sample.signPIN, 4 - $0) }
      #expect(journal.map(changes) == expected, "cut at \(length)")
      try journal?.append(cause: "VERIFY", [.triesLeft(Sample.signPIN, 0)])
      journal = nil
      #expect(try changes(open(folder)) == expected + [.triesLeft(Sample.signPIN, 0)], "after cut at \(length)")
    }
  }

  @Test("A byte changed anywhere: a fault with the file, or what a torn tail would leave")
  func damage() throws {
    let folder = try TemporaryFolder()
    var journal: StateJournal? = try open(folder)
    for left in [4, 3] { try journal?.append(cause: "VERIFY", [.triesLeft(Sample.signPIN, left)]) }
    journal = nil
    let whole = [UInt8](try Data(contentsOf: journalFile(folder)))
    for position in whole.indices {
      for bit in [0, 3, 7] {
        var bytes = whole
        bytes[position] ^= 1 << UInt8(bit)
        try Data(bytes).write(to: journalFile(folder))
        do {
          let read = try changes(open(folder))
          // One bit makes of the format's number that of an older one, which says the same of these events.
          if position == "vmyna-state ".utf8.count, read == [4, 3].map({ .triesLeft(Sample.signPIN, $0) }) { continue }
          #expect(position == whole.count - 1 && read == [.triesLeft(Sample.signPIN, 4)], "byte \(position)")
        } catch let error as ImageFault {
          #expect(error.location.contains(StateJournal.fileName))
          #expect(try Data(contentsOf: journalFile(folder)) == Data(bytes), "a damaged file stays as it is")
        }
      }
    }
  }

  @Test(
    "Somebody else's file is refused and stays",
    arguments: [
      "diary", "vmyna-state", "vmyna-state 1 card=FFFF", "\n", "a\nb\n", "vmyna-state 99 card=0123ABCD\n",
      "vmyna-state x card=0123ABCD\n",
    ])
  func foreign(text: String) throws {
    let folder = try TemporaryFolder()
    try Data(text.utf8).write(to: journalFile(folder))
    // The beginning of our own first line is what a kill at the first start leaves.
    if "vmyna-state 1 card=\(Self.card)\n".hasPrefix(text) {
      #expect(try open(folder).events.isEmpty)
      return
    }
    let fault = #expect(throws: ImageFault.self) { try open(folder) }
    #expect(fault?.fix.isEmpty == false)
    #expect(try Data(contentsOf: journalFile(folder)) == Data(text.utf8))
  }

  @Test("The state of another card is refused")
  func otherCard() throws {
    let folder = try TemporaryFolder()
    _ = try open(folder)
    let fault = #expect(throws: ImageFault.self) { try open(folder, card: "FFFFFFFF") }
    #expect(fault?.problem == "this state belongs to another card")
  }

  @Test("Numbers that do not grow are damage")
  func order() throws {
    let folder = try TemporaryFolder()
    var journal: StateJournal? = try open(folder)
    try journal?.append(cause: "VERIFY", [.triesLeft(Sample.signPIN, 4)])
    journal = nil
    let text = try String(contentsOf: journalFile(folder), encoding: .utf8)
    try Data((text + text.split(separator: "\n")[1] + "\n").utf8).write(to: journalFile(folder))
    let fault = #expect(throws: ImageFault.self) { try open(folder) }
    #expect(fault?.location.hasSuffix(":3") == true)
  }

  @Test("Twelve thousand events: the journal stays short, and says the same")
  func compaction() throws {
    let folder = try TemporaryFolder()
    var journal: StateJournal? = try open(folder)
    try journal?.append(cause: "set", [.pin(Sample.authPIN, value: Array("9876".utf8), triesLeft: 3)])
    for number in 0..<12_000 { try journal?.append(cause: "VERIFY", [.triesLeft(Sample.signPIN, number % 5)]) }
    let events = journal?.events ?? []
    journal = nil
    #expect(events.count <= 10_000)
    let again = try open(folder)
    #expect(again.events == events)
    var card = try Sample.image.makeCard(location: "sample")
    for change in changes(again) where !card.apply(change) { Issue.record("\(change) is refused") }
    #expect(card.pin(Sample.authPIN)?.value == Array("9876".utf8))
    #expect(card.pin(Sample.signPIN)?.triesLeft == 11_999 % 5)
  }

  @Test("The state of format 1 that is kept loads")
  func fixture() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.copyItem(
      at: Sample.fixtures.appendingPathComponent("state.journal"), to: journalFile(folder))
    let image = try CardImage.load(from: Sample.fixtures.appendingPathComponent("image"))
    let journal = try open(folder, card: StateJournal.fingerprint(of: image))
    var card = try image.makeCard(location: "fixture")
    for change in changes(journal) where !card.apply(change) { Issue.record("\(change) is refused") }
    #expect(card.pin(Sample.signPIN)?.triesLeft == 3)
    #expect(card.pin(Sample.authPIN)?.value == Array("5678".utf8))
    #expect(card.pin(Sample.path("textInput/0011"))?.triesLeft == 2)
    #expect(card.pin(Sample.path("textInput/0014"))?.triesLeft == 4)
    #expect(card.pin(Sample.path("common/001C"))?.value == Array("4321".utf8))
  }

  @Test("A folder that cannot be made is a fault")
  func noFolder() throws {
    let folder = try TemporaryFolder()
    try Data("x".utf8).write(to: folder.file("file"))
    for place in [folder.file("file"), folder.file("file/below")] {
      let fault = #expect(throws: ImageFault.self) { try StateJournal(folder: place, card: Self.card) }
      #expect(fault?.fix.contains("--state") == true)
    }
  }
}
