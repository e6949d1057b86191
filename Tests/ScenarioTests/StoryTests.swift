import CardKernel
import Foundation
import ISO7816
import MyNumberCard
import Testing

@testable import Scenario

@Suite("Stories: the language")
struct StoryParserTests {
  static let actions: [(String, StoryAction, StoryExpectation?)] = [
    ("verify sign right", .verify(.sign, .right), .ok),
    ("verify sign wrong -> 4 left", .verify(.sign, .wrong), .triesLeft(4)),
    ("verify sign \"right\" → locked", .verify(.sign, .literal("right")), .locked),
    ("  tries auth   -> 63C3   # a remark", .tries(.auth), .status(.triesLeft(3))),
    ("change auth to 4321", .change(.auth, to: .literal("4321")), .ok),
    ("select jpki", .selectApplication(.jpki), .ok),
    ("select jpki/001B -> 6A82", .selectFile(FilePath(.jpki, 0x001B)), .status(.fileNotFound)),
    ("read auth-certificate -> length 1400", .read(FilePath(.jpki, 0x000A)), .length(1400)),
    ("read token -> \"JPKI AP\"", .read(FilePath(.jpki, 0x0006)), .text("JPKI AP")),
    ("record common/0001 1", .record(FilePath(.common, 0x0001), 1), .ok),
    ("sign auth \"a # b\"", .sign(FilePath(.jpki, 0x0017), Array("a # b".utf8)), .ok),
    ("certificate auth -> expired", .certificate(FilePath(.jpki, 0x000A)), .certificate(.expired)),
    ("reset", .reset, .ok), ("power -> mute", .power, .mute), ("clock 2031-09-11", .clock("2031-09-11"), .ok),
    ("expect no card", .again, .noCard),
    ("00 20 00 80", .apdu([0, 0x20, 0, 0x80]), nil),
    ("00200080 -> 6F 84.. 9000", .apdu([0, 0x20, 0, 0x80]), .answer([0x6F, 0x84], hasMore: true, .success)),
    ("00200080 -> 0102 9000", .apdu([0, 0x20, 0, 0x80]), .answer([1, 2], hasMore: false, .success)),
    ("00200080 -> ..9000", .apdu([0, 0x20, 0, 0x80]), .answer([], hasMore: true, .success)),
    ("set sign.tries=1 auth.pin=1234", .control(.set, ["sign.tries=1", "auth.pin=1234"]), .ok),
    ("undo", .control(.undo, []), .ok), ("eject", .control(.eject, []), .ok),
    (
      "operator reset-pin sign NEW123 at store knowing auth 1234 -> refused",
      .operatorReset(
        OperatorReset(
          pin: .sign, value: "NEW123", place: .store, other: .init(pin: .auth, value: .literal("1234")))), .refused
    ),
  ]

  @Test("lines mean what they say", arguments: actions)
  func line(text: String, action: StoryAction, expectation: StoryExpectation?) throws {
    let story = try Story(parsing: "# a remark\n\n\(text)\r\n")
    #expect(story.lines.count == 1)
    #expect(story.lines.first?.action == action)
    #expect(story.lines.first?.expectation == expectation)
    #expect(story.lines.first?.number == 3)
  }

  @Test("a script's head")
  func head() throws {
    let story = try Story(parsing: "story 題 / Title of it\ncard sign-locked at 2026-11-20\n")
    #expect(story.title == LocalizedText(japanese: "題", english: "Title of it"))
    #expect(story.card == "sign-locked")
    #expect(story.day == "2026-11-20")
  }

  static let faults: [(String, column: Int, problem: String, fix: String)] = [
    ("verfy sign x", 1, "'verfy' is no word of a story", "did you mean 'verify'?"),
    ("  tries singn", 9, "there is no PIN 'singn'", "did you mean 'sign'?"),
    ("tries", 6, "the PIN's name is missing", "write: tries auth -> 3 left"),
    ("verify sign", 12, "the PIN is missing", "write: verify auth 1234 -> ok"),
    ("verify sign A B", 15, "'B' is too much", "one event a line"),
    ("verify sign A -> ", 17, "what must come of it is missing", "-> ok"),
    ("verify sign A -> okk", 18, "'okk' is nothing that can be expected", "did you mean 'ok'?"),
    ("verify sign \"A", 13, "a quotation mark has no end", "close it"),
    ("select jpkii", 8, "there is no file 'jpkii'", "did you mean 'jpki'?"),
    ("read jpkk/000A", 6, "there is no application 'jpkk'", "did you mean 'jpki'?"),
    ("read auth-certifcate", 6, "there is no file", "did you mean 'auth-certificate'?"),
    ("sign authh \"x\"", 6, "'authh' is not the key", "did you mean 'auth'?"),
    ("change auth 4321", 13, "'to' and the new PIN are missing", "change auth to 4321"),
    ("clock tomorrow", 7, "'tomorrow' is no day", "clock 2031-09-11"),
    ("00 2G 00", 4, "'2G' is not in hexadecimal digits", "00 20 00 80"),
    ("operator reset-pin sign X at mall", 30, "there is no place 'mall'", "office"),
    ("record common/0001 0", 20, "'0' is no record's number", "1 to 254"),
    ("eject now", 1, "'eject' has not the right words", "write: eject"),
    ("undo abc -> refused", 6, "'abc' is no number of steps", "write: undo 2"),
    ("undo 0", 6, "'0' is no number of steps", "write: undo 2"),
    ("goto -1 -> refused", 6, "'-1' is no number of an event", "write: goto 2"),
    ("tries auth -> 99 left", 15, "a status word tells 0 to 15 tries", "-> 2 left"),
    ("verify auth righ", 13, "'righ' is not quite a word for a PIN", "did you mean 'right'?"),
    ("clock 2031-02-29", 7, "'2031-02-29' is no day", "clock 2031-09-11"),
    ("story one language", 7, "a story's title is in two languages", " / "),
  ]

  @Test("a fault has its line, its column and advice", arguments: faults)
  func fault(text: String, column: Int, problem: String, fix: String) throws {
    let fault = #expect(throws: StoryFault.self) { try Story(parsing: "reset\n\(text)") }
    // A heading behind an event has a fault of its own.
    let place = text.hasPrefix("story") ? 1 : column
    #expect(fault?.line == 2)
    #expect(fault?.column == place)
    if !text.hasPrefix("story") {
      #expect(fault?.problem.contains(problem) == true)
      #expect(fault?.fix.contains(fix) == true)
    }
  }

  @Test("a story has one card, on a day that there is")
  func heads() {
    let second = #expect(throws: StoryFault.self) { try Story(parsing: "card stopped\ncard fresh-adult\n") }
    #expect(second?.line == 2)
    #expect(throws: StoryFault.self) { try Story(parsing: "card stopped at 2026-02-30") }
    #expect(throws: Never.self) { try Story(parsing: "card stopped at 2028-02-29") }
  }

  static let files: [(String, [UInt8], line: Int?)] = [
    ("plain", Array("reset\n".utf8), nil), ("with a mark", [0xEF, 0xBB, 0xBF] + Array("reset\r\n".utf8), nil),
    ("not UTF-8", Array("reset\nverify auth ".utf8) + [0xFF, 0xFE], 2),
    ("a null byte", Array("reset\nreset\nver".utf8) + [0] + Array("ify".utf8), 3), ("nothing", [], nil),
  ]

  @Test("a file is UTF-8 text, or its line is named", arguments: files)
  func file(name: String, bytes: [UInt8], line: Int?) {
    if let line {
      #expect(#expect(throws: StoryFault.self) { try Story(parsing: bytes) }?.line == line)
    } else {
      #expect(throws: Never.self) { try Story(parsing: bytes) }
    }
  }

  @Test("whatever comes, the parser answers", arguments: [1, 2, 3, 4])
  func noise(seed: UInt64) {
    var random = SystemNoise(state: seed)
    let pieces =
      StoryParser.verbs + [
        "->", "sign", "auth", "\"", "#", "\n", " ", "00", "A4", "jpki/000A", "9", "ok", "\u{3000}", "→", "..",
      ]
    for _ in 0..<2000 {
      let text = (0..<Int(random.next() % 12)).map { _ in
        pieces[Int(random.next() % UInt64(pieces.count))] + (random.next() % 3 == 0 ? "" : " ")
      }.joined()
      _ = try? Story(parsing: text)
    }
  }

  @Test("there are at least thirty stories, each with a title in both languages and a card")
  func stories() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Stories")
    let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
      .filter { $0.pathExtension == "apdu" }
    #expect(files.count >= 30)
    for file in files {
      let story = try Story(parsing: String(contentsOf: file, encoding: .utf8))
      #expect(story.title != nil, "\(file.lastPathComponent)")
      #expect(story.card != nil, "\(file.lastPathComponent)")
      #expect(story.lines.contains { $0.expectation != nil }, "\(file.lastPathComponent)")
    }
  }
}

@Suite("Stories: the player")
struct StoryPlayerTests {
  /// A world that answers from a list and writes down what it was asked.
  struct ScriptedWorld: StoryWorld {
    var answers: [StoryAnswer]
    var asked: [String] = []
    var refusal: StoryRefusal?
    var today = "2026-11-20"

    private mutating func answer() -> StoryAnswer { answers.isEmpty ? .mute : answers.removeFirst() }
    mutating func transmit(_ command: [UInt8]) -> StoryAnswer {
      asked.append(command.hexString)
      return answer()
    }
    mutating func reset() -> StoryAnswer { answer() }
    mutating func power() -> StoryAnswer { answer() }
    mutating func control(_ control: StoryControl, _ arguments: [String], on day: String) throws(StoryRefusal) {
      asked.append(control.rawValue)
      if let refusal { throw refusal }
    }
    mutating func resetPIN(_ reset: OperatorReset, otherPINWorks: Bool, on day: String) throws(StoryRefusal) {
      asked.append("reset \(reset.pin) \(otherPINWorks)")
      if let refusal { throw refusal }
    }
    func pin(_ name: PINName) -> String? { name == .sign ? "ABC123" : "1234" }
  }

  static func response(_ hex: String) -> StoryAnswer { .response([UInt8](hex: hex) ?? []) }

  @Test("an application is selected once, and again after a reset or a raw command")
  func selection() throws {
    var player = StoryPlayer(ScriptedWorld(answers: Array(repeating: Self.response("9000"), count: 30)))
    let story = try Story(
      parsing: "verify auth right\nverify sign right\nreset\ntries auth -> ok\n00 84 00 00 08\ntries auth\n")
    #expect(player.play(story) == nil)
    let selections = player.world.asked.filter { $0.hasPrefix("00A4040C") }
    #expect(selections.count == 3)
    #expect(player.world.asked.contains("002000800431323334"))
    #expect(player.world.asked.contains("0020008006414243313233"))
  }

  @Test("a wrong PIN has the right form and is not the right one")
  func wrong() throws {
    var player = StoryPlayer(ScriptedWorld(answers: Array(repeating: Self.response("9000"), count: 30)))
    #expect(player.play(try Story(parsing: "verify sign wrong\nset auth.pin=0000\nverify auth wrong\n")) == nil)
    #expect(player.world.asked.contains("0020008006" + Array("WRONG1".utf8).hexString))
    #expect(player.world.asked.contains("0020008004" + Array("9999".utf8).hexString))
  }

  static let differences: [(String, StoryAnswer, String, String)] = [
    ("00200080 -> 9000", response("63C1"), "9000", "63C1 (1 left)"),
    ("00200080 -> 2 left", response("63C1"), "63C2 (2 left)", "63C1 (1 left)"),
    ("00200080 -> locked", response("9000"), "locked", "9000"),
    ("00200080 -> refused", response("63C1"), "refused", "63C1 (1 left)"),
    ("00200080 -> ok", .mute, "ok", "mute"),
    ("00200080 -> ok", .noCard, "ok", "no card"),
    ("00200080 -> no card", response("9000"), "no card", "9000"),
    ("00200080 -> \"AB\"", response("41429000").self, "", ""),
    ("00200080 -> \"BA\"", response("41429000"), "\"BA\"", "4142 9000 (2 bytes)"),
    ("00200080 -> length 3", response("41429000"), "length 3", "4142 9000 (2 bytes)"),
    ("00200080 -> 41.. 9000", response("41429000"), "", ""),
    ("00200080 -> 41 9000", response("41429000"), "41 9000", "4142 9000 (2 bytes)"),
    ("reset", response("3B8880010000000000000000"), "", ""),
  ]

  @Test("what came is held against what is written", arguments: differences)
  func difference(text: String, answer: StoryAnswer, expected: String, got: String) throws {
    var player = StoryPlayer(ScriptedWorld(answers: [answer]))
    let difference = player.play(try Story(parsing: text))
    #expect((difference?.expected ?? "") == expected)
    #expect((difference?.got ?? "") == got)
  }

  @Test("nobody to ask is not a refusal")
  func failure() throws {
    for (isAnswer, isFine) in [(true, true), (false, false)] {
      var world = ScriptedWorld(answers: [])
      world.refusal = StoryRefusal("no", isAnswer: isAnswer)
      var player = StoryPlayer(world)
      #expect((player.play(try Story(parsing: "eject -> refused")) == nil) == isFine)
    }
  }

  @Test("the term of a certificate is counted in days of Japan")
  func days() {
    #expect(StoryDay("2028-02-29").map { "\($0.month)" } == "2")
    #expect(StoryDay("2026-13-01") == nil)
    #expect(StoryDay("26-01-01") == nil)
    // Nothing that is no certificate has a term.
    for bytes in [[], [0x30], [0x30, 0x03, 0x02, 0x01, 0x00], [UInt8](repeating: 0x30, count: 64)] as [[UInt8]] {
      #expect(StoryTerm(certificate: bytes) == nil)
    }
  }
}

/// Numbers that look random, from a seed.
struct SystemNoise: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }
}
