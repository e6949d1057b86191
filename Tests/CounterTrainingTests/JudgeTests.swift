import CardRules
import CounterTraining
import Testing

/// The judge against tables: what was done, and which mistakes it names.
@Suite("Judge")
struct JudgeTests {
  static let greeting = ["take card", "inspect card", "compare card", "accept card", "place card", "status"]
  static let document = ["take driving-licence", "inspect driving-licence", "accept driving-licence"]
  static let pins = ["enter residentRecord", "enter sign", "enter auth"]
  static let end = ["lift card", "return all", "finish"]
  static let proxy = [
    "take driving-licence", "inspect driving-licence", "compare driving-licence", "accept driving-licence",
    "take health-insurance", "inspect health-insurance", "accept health-insurance", "take card", "place card", "status",
  ]
  static let letter = ["take inquiry-letter", "inspect inquiry-letter", "open inquiry-letter"]

  struct Row: Sendable, CustomTestStringConvertible {
    var name: String
    var lesson: Lesson
    var actions: [String]
    var codes: [String]
    var world: @Sendable () -> FakeWorld = { FakeWorld([FakeWorld.holder()]) }
    var testDescription: String { name }
  }

  static let locked: @Sendable () -> FakeWorld = {
    var tries = FakeWorld.full
    tries[.sign]?.left = 0
    return FakeWorld([FakeWorld.holder()], tries: tries)
  }

  static let rows: [Row] = [
    Row(
      name: "a right reset", lesson: FakeLesson.lesson(["reset sign"]),
      actions: greeting + document + ["reset sign", "status"] + end, codes: [], world: locked),
    Row(
      name: "E1 without a look", lesson: FakeLesson.lesson(["reset sign"]),
      actions: greeting.dropLast() + document + ["reset sign", "wait"] + end, codes: ["E1"], world: locked),
    Row(
      name: "E4 the wrong one", lesson: FakeLesson.lesson(["reset sign"]),
      actions: greeting + document + ["reset auth", "wait"] + end, codes: ["E4"], world: locked),
    Row(
      name: "E5 without comparing", lesson: FakeLesson.lesson(["reset sign"]),
      actions: ["take card", "place card", "status"] + document + ["reset sign", "wait"] + end, codes: ["E5"],
      world: locked),
    Row(
      name: "E5 a photograph of somebody else",
      lesson: FakeLesson.lesson([]) { $0.customer.brings[0].photograph = .other },
      actions: ["take card", "inspect card", "compare card", "accept card", "return card", "finish"], codes: ["E5"]),
    Row(
      name: "E7 without a second document", lesson: FakeLesson.lesson(["reset sign"]),
      actions: greeting + ["reset sign", "wait"] + end, codes: ["E7"], world: locked),
    Row(
      name: "E3 a guess at the last try",
      lesson: FakeLesson.lesson([]) { $0.customer.knows[.sign] = .wrong },
      actions: greeting + ["enter sign"] + end, codes: ["E3"],
      world: {
        var tries = FakeWorld.full
        tries[.sign]?.left = 1
        return FakeWorld([FakeWorld.holder()], tries: tries)
      }),
    Row(
      name: "one wrong entry is no mistake", lesson: FakeLesson.lesson([]) { $0.customer.knows[.auth] = .wrong },
      actions: greeting + ["enter auth"] + end, codes: []),
    Row(
      name: "E3 the second wrong entry", lesson: FakeLesson.lesson([]) { $0.customer.knows[.auth] = .wrong },
      actions: greeting + ["enter auth", "enter auth"] + end, codes: ["E3"]),
    Row(
      name: "wrong, then right", lesson: FakeLesson.lesson([]) { $0.customer.knows[.auth] = .wrongFirst },
      actions: greeting + ["enter auth", "enter auth"] + end, codes: []),
    Row(
      name: "E3 made to guess", lesson: FakeLesson.lesson([]) { $0.customer.knows[.auth] = .forgotten },
      actions: greeting + ["enter auth", "enter auth"] + end, codes: ["E3"]),
    Row(
      name: "E3 a sentence", lesson: FakeLesson.lesson([]), actions: ["explain try-again", "finish"], codes: ["E3"]),
    Row(
      name: "E9 before the window", lesson: FakeLesson.lesson(["issue sign auth"]),
      actions: greeting + pins + ["issue sign auth", "wait"] + end, codes: ["E9"]),
    Row(
      name: "before the window, told", lesson: FakeLesson.lesson(["issue sign auth"]),
      actions: greeting + ["explain window"] + pins + ["issue sign auth", "wait"] + end, codes: []),
    Row(
      name: "E10 offered to a child", lesson: FakeLesson.lesson([]), actions: ["offer sign", "finish"],
      codes: ["E10"], world: { FakeWorld([FakeWorld.holder(born: "2013-01-01")]) }),
    Row(
      name: "E10 tried for a ward", lesson: FakeLesson.lesson([]),
      actions: greeting + pins + ["issue sign", "wait"] + end, codes: ["E10"],
      world: { FakeWorld([FakeWorld.holder(isAdultWard: true)], refusal: "issue sign") }),
    Row(
      name: "E11 a fee that is not due", lesson: FakeLesson.lesson([]), actions: ["charge 200", "finish"],
      codes: ["E11"]),
    Row(
      name: "E11 no fee for a new card", lesson: FakeLesson.lesson(["reissue"]),
      actions: greeting + ["reissue"] + end, codes: ["E11"]),
    Row(
      name: "the fee of a new card", lesson: FakeLesson.lesson(["reissue"], needs: [.charged(1000)]),
      actions: greeting + ["explain fee-1000", "reissue", "charge 1000"] + end, codes: []),
    Row(
      name: "E13 lifted while it writes", lesson: FakeLesson.lesson(["reset sign"]),
      actions: greeting + document + ["reset sign"] + end, codes: ["E13"], world: locked),
    Row(
      name: "E2 a move without a word of sign", lesson: FakeLesson.lesson(["move"]),
      actions: greeting + ["enter residentRecord", "move", "wait"] + end, codes: ["E2"]),
    Row(
      name: "a move, sign offered", lesson: FakeLesson.lesson(["move"]),
      actions: greeting + ["enter residentRecord", "move", "offer sign"] + end, codes: []),
    Row(
      name: "E15 written by hand", lesson: FakeLesson.lesson([]),
      actions: ["take card", "note dates today-plus-5", "return card", "finish"], codes: ["E15"]),
    Row(
      name: "E16 left on the counter", lesson: FakeLesson.lesson([]), actions: ["take card", "finish"],
      codes: ["E16"]),
    Row(
      name: "E16 an opened letter handed back", lesson: FakeLesson.lesson([], role: .proxy),
      actions: letter + ["return all", "finish"], codes: ["E16"]),
    Row(
      name: "E17 released, nothing said", lesson: FakeLesson.lesson(["release"]),
      actions: greeting + ["release"] + end, codes: ["E17"]),
    Row(
      name: "released and told", lesson: FakeLesson.lesson(["release"]),
      actions: greeting + ["release", "explain sign-dead-after-release"] + end, codes: []),
    Row(
      name: "E18 the limit is not told", lesson: FakeLesson.lesson([]), actions: ["finish"], codes: ["E18"],
      world: { FakeWorld([FakeWorld.holder(face: "架空町２")]) }),
    Row(
      name: "the limit is told", lesson: FakeLesson.lesson([]), actions: ["explain ninety-days", "finish"], codes: [],
      world: { FakeWorld([FakeWorld.holder(face: "架空町２")]) }),
    Row(
      name: "E7 a proxy without a letter", lesson: FakeLesson.lesson(["reset auth"], role: .proxy),
      actions: proxy + ["reset auth", "wait"] + end, codes: ["E7"]),
    Row(
      name: "a proxy with letter and documents", lesson: FakeLesson.lesson(["reset auth"], role: .proxy),
      actions: proxy + letter + ["reset auth", "wait", "destroy inquiry-letter"] + end, codes: []),
    Row(
      name: "E8 the letter's PIN once more", lesson: FakeLesson.lesson([], role: .proxy),
      actions: proxy + letter + ["enter sign from-letter", "enter sign from-letter", "destroy inquiry-letter"] + end,
      codes: ["E8"]),
    Row(
      name: "E7 a letter that came open",
      lesson: FakeLesson.lesson([], role: .proxy) { $0.customer.brings[4].isSealed = false },
      actions: ["take inquiry-letter", "inspect inquiry-letter", "accept inquiry-letter", "return all", "finish"],
      codes: ["E7"]),
    Row(
      name: "E7 no proof of the power", lesson: FakeLesson.lesson(["reset auth"], role: .legalRepresentative),
      actions: proxy + ["reset auth", "wait"] + end, codes: ["E7"]),
    Row(
      name: "with the family register", lesson: FakeLesson.lesson(["reset auth"], role: .legalRepresentative),
      actions: proxy + ["take family-register", "inspect family-register", "accept family-register"]
        + ["reset auth", "wait"] + end, codes: []),
    Row(
      name: "E6 the next desk",
      lesson: FakeLesson.lesson([]) {
        $0.events = [ScriptedEvent(on: .terminal, number: 0, do: .unavailable)]
      }, actions: ["search", "call neighbour", "finish"], codes: ["E6"]),
    Row(
      name: "E14 given away without PINs", lesson: FakeLesson.lesson(["hand-over"]),
      actions: ["take card", "return card", "finish"], codes: ["E14"],
      world: { FakeWorld([FakeWorld.holder(status: .undelivered)]) }),
  ]

  @Test("each table row names exactly its mistakes", arguments: rows)
  func table(_ row: Row) throws {
    var exercise = FakeLesson.exercise(row.lesson, row.world())
    for action in row.actions { try exercise.perform(Action(action)) }
    let sheet = try #require(exercise.sheet(.en))
    #expect(sheet.mistakes.map(\.code) == row.codes)
    for finding in sheet.mistakes + sheet.omissions {
      #expect(Rule.named(finding.rule) != nil && !finding.text.isEmpty && !finding.consequence.isEmpty)
    }
  }

  @Test("a refusal is a right ending, and what is missing is named")
  func refusal() throws {
    let needs: [Need] = [.say("refuse.no-second-document"), .returned]
    let lesson = FakeLesson.lesson([], needs: needs)
    var right = FakeLesson.exercise(lesson, FakeWorld([FakeWorld.holder()]))
    for action in ["take card", "refuse no-second-document", "return all", "finish"] {
      try right.perform(Action(action))
    }
    #expect(right.sheet(.ja)?.isRight == true)
    var silent = FakeLesson.exercise(lesson, FakeWorld([FakeWorld.holder()]))
    for action in ["take card", "return all", "finish"] { try silent.perform(Action(action)) }
    #expect(silent.sheet(.ja)?.isRight == false)
    #expect(silent.sheet(.ja)?.omissions.map(\.code) == ["missing-explanation"])
  }

  @Test("an ending is told as reached only when it was")
  func aim() throws {
    let lesson = FakeLesson.lesson(["reset sign"])
    func sheet(_ actions: [String]) throws -> ScoreSheet {
      var exercise = FakeLesson.exercise(lesson, Self.locked())
      for action in actions { try exercise.perform(Action(action)) }
      return try #require(exercise.sheet(.en))
    }
    let right = try sheet(Self.greeting + Self.document + ["reset sign", "status"] + Self.end)
    #expect(right.endingText != nil && right.aimText == nil)
    // The office asks for a second document, whatever the lesson's ending says of it.
    #expect(right.omissions.isEmpty)
    let wrong = try sheet(["finish"])
    #expect(wrong.endingText == nil && wrong.aimText != nil)
  }

  @Test("resets side by side compare as a set; a re-issue in place of a reset is named")
  func orders() throws {
    let lesson = FakeLesson.lesson(["reset sign auth"])
    var exercise = FakeLesson.exercise(lesson, Self.locked())
    for action in Self.greeting + Self.document + ["reset auth", "reset sign", "wait"] + Self.end {
      try exercise.perform(Action(action))
    }
    #expect(exercise.sheet(.en)?.isRight == true)
    var other = FakeLesson.exercise(FakeLesson.lesson(["reset sign"]), FakeWorld([FakeWorld.holder()]))
    for action in Self.greeting + Self.pins + ["issue sign", "wait"] + Self.end { try other.perform(Action(action)) }
    #expect(other.sheet(.en)?.omissions.map(\.code).contains("reissue-instead") == true)
  }

  @Test("what is not possible changes nothing")
  func impossible() throws {
    var exercise = FakeLesson.exercise(FakeLesson.lesson([]), FakeWorld([FakeWorld.holder()]))
    let before = exercise.view(.ja)
    for action in ["say.nothing", "inspect card", "place card", "lift card", "take moon", "select nobody"] {
      guard let action = try? Action(action) else { continue }
      #expect(throws: Impossible.self) { try exercise.perform(action) }
    }
    #expect(exercise.view(.ja) == before)
    #expect(throws: Impossible.self) { try exercise.perform(.say("ask.nothing")) }
    try exercise.perform(.finish)
    let after = exercise.view(.ja)
    #expect(throws: Impossible.self) { try exercise.perform(.search) }
    #expect(exercise.view(.ja) == after)
  }

  @Test("tries are hidden in an examination, in messages too")
  func examination() throws {
    var exercise = FakeLesson.exercise(
      FakeLesson.lesson([]) { $0.customer.knows[.auth] = .wrong }, FakeWorld([FakeWorld.holder()]))
    for action in ["take card", "place card", "status", "enter auth"] { try exercise.perform(Action(action)) }
    #expect(!exercise.view(.en).terminal.tries.isEmpty)
    #expect(exercise.view(.en).terminal.message?.contains("2 tries") == true)
    let hidden = exercise.view(.en, hidesTries: true).terminal
    #expect(hidden.tries.isEmpty && hidden.message == "The PIN is wrong.")
  }
}
