import CardKernel
import Coverage
import ISO7816
import MyNumberCard
import Testing

/// A conversation in digits, as a slot tells it: where the card stands follows from what is selected.
private struct Conversation {
  var collector = CoverageCollector()
  private var application = ApplicationName.cardManager
  private var file: FileID?

  init(_ card: CoverageCard = .init(name: "test", generation: "plastic", sign: .good, auth: .good)) {
    collector.inserted(card, slot: 0)
    collector.begin()
  }

  mutating func say(_ command: String, _ response: String, microseconds: Int = 5) throws {
    let bytes = try #require([UInt8](hex: command))
    let answer = try #require([UInt8](hex: response))
    collector.exchanged(
      command: bytes, response: answer, application: application, file: file, microseconds: microseconds, slot: 0)
    guard bytes.count > 5, bytes[1] == 0xA4, response == "9000" else { return }
    if bytes[2] == 0x04 {
      let name = Array(bytes[5...])
      application = CardGeneration.licence.applications.first { $0.id.hasPrefix(name.hexString) }?.name ?? application
      file = nil
    } else {
      file = FileID(bytes: Array(bytes.suffix(2)))
    }
  }

  func has(_ key: String) -> Bool { collector.record.met[key] != nil }
}

private let jpki = "00A4040C0AD392F000260100000001"

@Suite("Coverage: what is met")
struct CoverageTests {
  /// The file selected before it, the command, its answer, and what must then be met, in the application jpki.
  private static let rows: [(file: String, command: String, response: String, met: [String])] = [
    ("0018", "00200080", "63C3", ["jpki jpki/0018 asked", "statusWords 63Cx", "commands VERIFY"]),
    ("0018", "00200080", "63C1", ["jpki jpki/0018 asked", "situations lastTry"]),
    ("0018", "00200080", "63C0", ["jpki jpki/0018 asked", "jpki jpki/0018 locked", "situations locked"]),
    ("0018", "002000800431323334", "9000", ["jpki jpki/0018 right", "statusWords 9000"]),
    ("0018", "002000800431323334", "63C2", ["jpki jpki/0018 wrong", "situations wrongPIN"]),
    ("0018", "002000800431323334", "63C0", ["jpki jpki/0018 wrong", "jpki jpki/0018 locked", "situations locking"]),
    ("0018", "002000800431323334", "6984", ["jpki jpki/0018 locked", "situations locked", "statusWords 6984"]),
    ("0017", "0020009B06414243313233", "9000", ["jpki jpki/001B right"]),
    ("0018", "002401800435363738", "9000", ["jpki jpki/0018 changed", "commands CHANGE REFERENCE DATA"]),
    ("000A", "00B0000004", "308205009000", ["jpki jpki/000A read", "commands READ BINARY"]),
    ("0018", "00B08B0004", "308205009000", ["jpki jpki/000B read"]),
    ("0001", "00B0000004", "6982", ["situations notVerified", "statusWords 6982"]),
    ("0017", "802A0080015A00", "AA9000", ["jpki jpki/0017 used", "commands COMPUTE DIGITAL SIGNATURE"]),
    ("0018", "802A009A015A00", "AA9000", ["jpki jpki/001A used"]),
    ("0018", "00200080", "", ["situations noAnswer"]),
    ("0018", "FF", "6700", ["statusWords 6700"]),
    ("0018", "00EE0000", "6D00", ["statusWords 6D00"]),
  ]

  @Test(arguments: rows.indices) func `each exchange is met as what it is`(index: Int) throws {
    let row = Self.rows[index]
    var conversation = Conversation()
    try conversation.say(jpki, "9000")
    #expect(conversation.has("jpki selected"))
    try conversation.say("00A4020C02\(row.file)", "9000")
    let before = Set(conversation.collector.record.met.keys)
    try conversation.say(row.command, row.response)
    for key in row.met { #expect(conversation.has(key), "\(row.command) \(row.response): \(key)") }
    // Nothing beyond: a question is no guess, a refusal is no use.
    let situations = Set(conversation.collector.record.met.keys).subtracting(before).filter {
      $0.hasPrefix("situations")
    }
    #expect(situations == Set(row.met.filter { $0.hasPrefix("situations") }), "\(row.command) \(row.response)")
  }

  @Test func `every item that is met stands in the catalogue`() throws {
    let all = Set(CoverageCatalogue.items(of: CardGeneration.all).map(\.key))
    for row in Self.rows {
      var conversation = Conversation()
      try conversation.say(jpki, "9000")
      try conversation.say("00A4020C02\(row.file)", "9000")
      try conversation.say(row.command, row.response)
      for key in conversation.collector.record.met.keys { #expect(all.contains(key), "\(key)") }
    }
    #expect(all.count == CoverageCatalogue.items(of: CardGeneration.all).count, "two items have one name")
  }

  @Test(arguments: ["plastic", "licence", "phone"]) func `the catalogue is that of the generation`(name: String) throws
  {
    let generation = try #require(CardGeneration.named(name))
    let groups = Set(CoverageCatalogue.items(of: [generation]).map(\.group))
    let expected = Set(generation.applications.map(\.name.rawValue)).union(["commands", "statusWords", "situations"])
    #expect(groups == expected)
  }

  @Test func `cards come late, go, and are slow`() throws {
    var conversation = Conversation()
    conversation.collector.removed(slot: 0)
    #expect(!conversation.has("situations removed"), "nobody had spoken to it")
    conversation.collector.inserted(.init(name: "late", generation: "plastic", sign: .good, auth: .good), slot: 1)
    #expect(conversation.has("situations inserted"))
    try conversation.say("00200080", "6986", microseconds: 999_999)
    #expect(!conversation.has("situations slow"))
    try conversation.say("00200080", "6986", microseconds: 1_000_000)
    #expect(conversation.has("situations slow"))
    conversation.collector.removed(slot: 0)
    #expect(conversation.has("situations removed"))
  }

  @Test(arguments: [
    ("000A", CoverageCard.Certificate.expired, CoverageCard.Certificate.good, "expiredAuth"),
    ("000A", .revoked, .good, "revokedAuth"), ("0001", .good, .expired, "expiredSign"),
    ("0001", .good, .revoked, "revokedSign"),
  ])
  func `certificates that are no good count when they are read`(
    file: String, auth: CoverageCard.Certificate, sign: CoverageCard.Certificate, situation: String
  ) throws {
    var conversation = Conversation(.init(name: "test", generation: "plastic", sign: sign, auth: auth))
    try conversation.say(jpki, "9000")
    try conversation.say("00A4020C02\(file)", "9000")
    try conversation.say("00B0000004", "6982")
    #expect(!conversation.has("situations \(situation)"))
    try conversation.say("00B0000004", "308205009000")
    #expect(conversation.has("situations \(situation)"))
  }

  @Test func `certificates that are not there count when they could be`() throws {
    var conversation = Conversation(.init(name: "test", generation: "plastic", sign: .absent, auth: .absent))
    #expect(!conversation.has("situations noSign"))
    try conversation.say(jpki, "9000")
    #expect(conversation.has("situations noSign") && conversation.has("situations noAuth"))
  }

  @Test func `records are added together`() throws {
    var first = Conversation()
    try first.say(jpki, "9000")
    var second = Conversation(.init(name: "phone", generation: "phone", sign: .good, auth: .good))
    try second.say(jpki, "9000")
    try second.say("00A4020C020018", "9000")
    var record = first.collector.record
    record.merge(second.collector.record)
    #expect(record.met["jpki selected"] == 2 && record.met["commands SELECT FILE"] == 3)
    let report = CoverageReport(record)
    #expect(report.cards == ["phone", "test"])
    #expect(report.met == report.groups.reduce(0) { $0 + $1.met.count } && report.percent > 0 && report.percent < 100)
  }

  @Test(
    arguments: [
      ("0", nil, 0), ("100", nil, 100), ("jpki=80", "jpki", 80), ("situations=5", "situations", 5),
    ] as [(String, String?, Int)])
  func `thresholds`(text: String, group: String?, percent: Int) throws {
    let threshold = try #require(CoverageThreshold(text))
    #expect(threshold.group == group && threshold.percent == percent)
    let report = CoverageReport(CoverageRecord())
    #expect(threshold.reached(in: report) == 0)
  }

  @Test(arguments: ["", "101", "-1", "jpki", "jpki=", "jpki=101", "a=b=1", "5%"])
  func `what is no threshold`(text: String) { #expect(CoverageThreshold(text) == nil) }
}
