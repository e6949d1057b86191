import CardKernel
import CardModel
import Foundation
import MyNumberCard
import Testing

/// Every row of `Docs/CardModel.md` that tells a story, played.
@Suite struct StoryTests {
  static let rows: [ModelRow] = (try? TheModel.shared.get().stories) ?? []

  @Test(arguments: rows) func row(_ row: ModelRow) throws {
    #expect(row.fault.isEmpty, "line \(row.line): \(row.fault)")
    let story = try ModelStory(row.story)
    var player = try StoryPlayer(story)
    try player.play(story)
  }

  @Test func thereAreRows() throws {
    _ = try TheModel.shared.get()
    #expect(Self.rows.count >= 400)
    let identifiers = Dictionary(grouping: Self.rows, by: \.id)
    for (id, rows) in identifiers { #expect(rows.count == 1, "\(id) stands \(rows.count) times") }
  }

  /// A mark is measured, clients, inferred or a choice that stands in "Our choices"; a source is one of the keys.
  @Test func marksAndSources() throws {
    let document = try TheModel.shared.get()
    let choices = Set(try #require(document.table("Our choices", "name")).rows.map { $0["name"] })
    let keys = Set(try #require(document.table("Sources", "key")).rows.map { $0["key"] })
    var used: Set<String> = []
    for table in document.tables where table.columns.contains("mark") && table.columns.contains("source") {
      for row in table.rows {
        let mark = row["mark"]
        if mark.hasPrefix("choice ") {
          used.insert(String(mark.dropFirst(7)))
        } else {
          #expect(["measured", "clients", "inferred"].contains(mark), "line \(row.line): mark \(mark)")
        }
        for source in row["source"].components(separatedBy: "; ")[0].components(separatedBy: ", ") {
          let key = source.components(separatedBy: " ")[0]
          #expect(
            keys.contains(key) || source == "all clients" || source == "no client",
            "line \(row.line): source \(source)")
        }
      }
    }
    #expect(used.subtracting(choices).isEmpty, "marks without a row in Our choices")
    let text = try String(contentsOf: TheModel.path, encoding: .utf8)
    for choice in choices.subtracting(used) {
      #expect(text.contains("choice \(choice)"), "Our choices has \(choice), which no row uses")
    }
  }

  /// The switches of the code and of the document are the same, in the same order, with the same defaults and values; a
  /// story throws each of them.
  @Test func switches() throws {
    let table = try #require(TheModel.shared.get().table("Our choices", "name"))
    let documented = table.rows.filter { $0["switch"].contains("` of `") }
    #expect(documented.map { $0["name"] } == CardChoices.switches.map(\.name))
    for (row, entry) in zip(documented, CardChoices.switches) {
      #expect(row["switch"] == "`\(entry.value(in: CardChoices()))` of `\(entry.values)`", "\(entry.name)")
      #expect(Self.rows.contains { $0.story.contains("choose(\(entry.name),") }, "no story throws \(entry.name)")
      #expect(!entry.japanese.isEmpty && !entry.english.isEmpty)
    }
  }

  @Test func switchesRefuse() throws {
    var choices = CardChoices()
    #expect(throws: CardChoices.SwitchFault.unknownName("x")) { try choices.setSwitch("x", to: "true") }
    for entry in CardChoices.switches {
      #expect(throws: CardChoices.SwitchFault.self) { try choices.setSwitch(entry.name, to: "perhaps") }
      try choices.setSwitch(entry.name, to: entry.value(in: choices))
    }
    #expect(choices == CardChoices())
  }
}

/// The notation itself: what cannot be read is refused.
@Suite struct NotationTests {
  @Test(arguments: [
    "", "S(jpki)", "→ 9000", "S(jpki) →", "S(jpki) → 900", "S(jpki) → 90", "E(18) → 9000", "X(1) → 9000",
    "00A → 9000", "00a4 → 9000", "S(jpki) choose(a,b) → 9000", "D(00,80) → 9000", "R(0,00) → 9000", "<0> → 9000",
    "<x> → 9000", "sha256(00 → 9000", "Q(8) → 9000", "00 → <5", "sm() → 9000",
  ])
  func refused(_ text: String) {
    #expect(throws: (any Error).self) { try ModelStory(text) }
  }
}
