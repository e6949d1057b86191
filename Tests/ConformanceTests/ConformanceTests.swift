import CardModel
import CardTestSupport
import Conformance
import MyNumberCard
import Testing

/// The check of a card that matters to somebody.
@Suite struct ConformanceTests {
  private static let rightPINs = Dictionary(
    uniqueKeysWithValues: PINName.allCases.map { ($0.rawValue, SyntheticCard.value(of: $0)) })

  private func check(_ reader: EngineReader, pins: [String: [UInt8]] = [:]) throws -> ConformanceReport {
    try ConformanceCheck(TheModel.shared.get(), pins: pins).run(on: reader)
  }

  private func bad(_ report: ConformanceReport) -> [String] {
    report.rows.compactMap { row in
      switch row.outcome {
      case .different, .failed: "\(row.id) \(row.outcome)"
      case .equal, .leftOut: nil
      }
    }
  }

  @Test func withoutPINs() throws {
    let reader = try EngineReader()
    let before = reader.driver.counters
    let report = try check(reader)
    #expect(bad(report).isEmpty)
    #expect(report.counts.equal >= 250)
    #expect(report.rows.count == (try TheModel.shared.get().conformanceRows.count))
    // Nothing was written, and no try spent.
    #expect(reader.driver.effects.commitCount == 0)
    #expect(reader.driver.counters == before)
  }

  @Test func withPINs() throws {
    let reader = try EngineReader()
    let before = reader.driver.counters
    let report = try check(reader, pins: Self.rightPINs)
    #expect(bad(report).isEmpty)
    #expect(report.refusedPINs.isEmpty)
    #expect(report.counts.equal > (try check(EngineReader())).counts.equal + 50)
    #expect(reader.driver.counters == before)
  }

  /// A mistyped PIN costs one try of one PIN, whatever the number of rows that would use it.
  @Test(arguments: PINName.allCases) func wrongPIN(_ name: PINName) throws {
    let reader = try EngineReader()
    var pins = Self.rightPINs
    // The last character is another, and the form the same.
    pins[name.rawValue]?.removeLast()
    pins[name.rawValue]?.append(0x39)
    var expected = reader.driver.counters
    expected[name.path]? -= 1
    let report = try check(reader, pins: pins)
    #expect(report.refusedPINs == [name.rawValue])
    #expect(reader.driver.counters == expected)
    #expect(bad(report).isEmpty)
  }

  /// With a try spent already nothing is presented, not even the right PIN.
  @Test(arguments: PINName.allCases) func counterNotFull(_ name: PINName) throws {
    let reader = try EngineReader { $0.pins[name.path]?.triesLeft = 1 }
    let before = reader.driver.counters
    let report = try check(reader, pins: Self.rightPINs)
    #expect(report.refusedPINs == [name.rawValue])
    #expect(reader.driver.counters == before)
    #expect(bad(report).isEmpty)
  }

  @Test(arguments: ["", "123", "12345", "12a4", "１２３４"]) func formThatNoPINHas(_ typed: String) throws {
    let reader = try EngineReader()
    let before = reader.driver.counters
    let report = try check(reader, pins: ["auth": Array(typed.utf8)])
    #expect(report.refusedPINs == ["auth"])
    #expect(reader.driver.counters == before)
    #expect(reader.driver.effects.commitCount == 0)
  }

  @Test func aCardThatDiffersIsTold() throws {
    let reader = try EngineReader { try $0.choices.setSwitch("selectReturnsFCI", to: "false") }
    let report = try check(reader)
    let different = report.rows.filter { if case .different = $0.outcome { true } else { false } }
    #expect(Set(different.map(\.id)).isSuperset(of: ["SEL-07", "SEL-08", "ENC-06"]))
    #expect(different.count <= 6)
    guard case .different(let first)? = different.first(where: { $0.id == "SEL-07" })?.outcome else { return }
    #expect(first.wanted == "6F0C840AD392F0002601000000019000")
    #expect(first.answered == "9000")
  }

  /// Tries that somebody has spent are no difference of the card.
  @Test func spentTriesAreNoDifference() throws {
    let report = try check(EngineReader { $0.pins[PINName.auth.path]?.triesLeft = 1 })
    #expect(bad(report).isEmpty)
    let row = report.rows.first { $0.id == "VER-01" }
    #expect(row?.outcome == .equal(note: "1 of 3 tries left"))
  }

  @Test func aReaderThatFails() throws {
    struct Broken: Error {}
    final class Reader: ConformanceReader {
      let inner: EngineReader
      var count = 0
      init(_ inner: EngineReader) { self.inner = inner }
      var answerToReset: [UInt8] { inner.answerToReset }
      func transmit(_ command: [UInt8]) throws -> [UInt8] {
        count += 1
        guard count < 200 else { throw Broken() }
        return inner.transmit(command)
      }
      func reset() {}
      func power() { inner.power() }
    }
    let report = try ConformanceCheck(TheModel.shared.get()).run(on: Reader(EngineReader()))
    #expect(report.counts.failed > 100)
  }
}

/// What is played and what is not: default deny.
@Suite struct RowSafetyTests {
  @Test(
    arguments: [
      ("S(jpki) → 9000", nil), ("S(jpki) E(0018) Q → 63C3", nil), ("00A4040C02D392 → 9000", nil),
      ("0084000008 → <8>9000", nil), ("S(jpki) E(0017) D(00,80,<32>) → 6982", nil), ("reset 00B0000001 → 6986", nil),
      ("01B0000001 → 6881", nil), ("00200080 → 6986", nil), ("FFCA000000 → 6E00", nil),
      ("S(jpki) E(0018) V(auth) → 9000", .presentsPIN), ("S(jpki) E(0018) V(0000) → 63C2", .presentsPIN),
      ("0020008004text(1234) → 9000", .presentsPIN), ("0020008000 → 6700", .presentsPIN),
      ("00200080<4> → 6700", .presentsPIN), ("0820008004<4> → 69FC", .presentsPIN),
      ("10200080023132 → 9000", .presentsPIN), ("S(jpki) C(4321) → 6982", .changesCard),
      ("S(common) K(4321) → 6982", .changesCard), ("0024018004<4> → 6982", .changesCard),
      ("8032008004<4> → 6982", .changesCard), ("002C008004<4> → 6D00", .unlistedCommand),
      ("00D600000155 → 6982", .unlistedCommand), ("80500000 → 6982", .unlistedCommand),
      ("808A2200 → 6982", .unlistedCommand), ("00FF0000 → 6D00", .unlistedCommand), ("00 → 6700", .unlistedCommand),
      ("002000 → 6700", .unlistedCommand), ("<4> → 6700", .unlistedCommand), ("B0B0000001 → 6E00", .unlistedCommand),
      ("00820000 → 6982", .unlistedCommand), ("80A200C105<5> → 6A86", .unlistedCommand),
      ("80AE000005<5> → 6700", .unlistedCommand), ("begin → 6982", .secureMessaging),
      ("sm(E(0001)) → 69FC", .secureMessaging), ("80AE0000000100oaep(<36>) → 6982", .secureMessaging),
      ("80A206C101body(terminal) → 9000", .needsIssuersKeys), ("disk(full) S(jpki) → 9000", .needsFullMemory),
      ("atr(N1) S(jpki) → 9000", .otherCard), ("tries(auth,0) S(jpki) → 9000", .otherCard),
      ("S(jpki) → text(黒桐)9000", .tellsOfTheHolder), ("S(jpki) → sha256(text(黒桐))9000", .tellsOfTheHolder),
    ] as [(String, RowRefusal?)])
  func refusal(_ story: String, _ wanted: RowRefusal?) throws {
    #expect(RowSafety().refusal(of: try ModelStory(story)) == wanted)
  }

  /// With the holder's PINs: the right value of these, and nothing else that was refused before.
  @Test(
    arguments: [
      ("S(jpki) E(0018) V(auth) → 9000", nil), ("S(jpki) E(0018) V(1234) → 9000", .presentsPIN),
      ("S(jpki) E(001B) V(sign) → 9000", .presentsPIN), ("S(jpki) E(0018) V(auth) C(4321) → 9000", .changesCard),
      ("0020008004text(1234) → 9000", .presentsPIN), ("S(jpki) E(000A) V(auth) → 6981", .presentsPIN),
    ] as [(String, RowRefusal?)])
  func refusalWithPIN(_ story: String, _ wanted: RowRefusal?) throws {
    #expect(RowSafety(pins: ["auth"]).refusal(of: try ModelStory(story)) == wanted)
  }
}
