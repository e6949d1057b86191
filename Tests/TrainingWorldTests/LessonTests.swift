import CardRules
import CounterTraining
import Foundation
import Testing
import TrainingWorld

/// Every lesson of the folder and all its plays.
@Suite("Lessons")
struct LessonTests {
  /// Each right play reaches a right ending in seeds 0 to 5, and its assertions hold; each other play reaches exactly the
  /// mistake that it is named after; each listed mistake has a play.
  @Test("a lesson and its plays have no fault", arguments: TestLessons.names)
  func check(_ name: String) throws {
    let faults = try TestLessons.library().check(name)
    #expect(faults.isEmpty, "\(faults.map { "\($0.description)\n  fix: \($0.fix)" }.joined(separator: "\n"))")
  }

  @Test("the sentences and papers of the catalogue have no fault, and their rules exist")
  func catalogue() throws {
    let catalogue = try TestLessons.library().catalogue
    #expect(catalogue.phrases.count > 80)
    for phrase in catalogue.phrases {
      if let rule = phrase.rule { #expect(Rule.named(rule) != nil, "\(phrase.id)") }
      if let mistake = phrase.mistake { #expect(Mistake.named(mistake) != nil, "\(phrase.id)") }
    }
    for kind in Phrase.Kind.allCases { #expect(catalogue.phrases.contains { $0.kind == kind }) }
  }

  @Test("other seeds are other people on working days, and the same seed is the same case")
  func variants() throws {
    let text = TestLessons.text(
      card: "in-window",
      more: """
        vary:
          birth: {years: [25, 70]}
          day: {before: auth.end, days: [2, 80]}
          documents: [driving-licence, passport, residence-card]
        """)
    var names: Set<String> = []
    for seed in UInt64(1)...20 {
      let exercise = try TestLessons.exercise(text, seed: seed)
      let facts = try #require(exercise.world.record("holder", at: exercise.now))
      names.insert(facts.name)
      let auth = try #require(facts[.auth])
      let days = auth.end.days(since: exercise.now.day)
      #expect((2...80).contains(days), "seed \(seed)")
      #expect(auth.standing == .good, "seed \(seed)")
      let weekday = ((exercise.now.day.ordinal + 3) % 7 + 7) % 7
      #expect(weekday < 5, "seed \(seed)")
      let age = try #require(facts.birth.map { BirthdayRule(born: $0).age(on: exercise.now.day) })
      #expect((24...70).contains(age), "seed \(seed)")
      #expect(try TestLessons.exercise(text, seed: seed).view(.ja) == exercise.view(.ja), "seed \(seed)")
    }
    #expect(names.count > 10)
  }

  struct Fault: Sendable {
    var text: String
    var problem: String
    var line: Int?
  }

  static let faults: [Fault] = [
    Fault(text: "", problem: "the file holds no lesson"),
    Fault(text: "name: [", problem: "the file is not YAML"),
    Fault(text: TestLessons.text(more: "colour: red"), problem: "'colour' means nothing here"),
    Fault(text: TestLessons.text(card: "nobody"), problem: "the gallery has no card 'nobody'", line: 6),
    Fault(text: TestLessons.text(at: "tomorrow"), problem: "'tomorrow' is no moment", line: 5),
    Fault(
      text: TestLessons.text().replacingOccurrences(of: "\"4.2\"", with: "\"4.99\""),
      problem: "there is no rule '4.99'",
      line: 4),
    Fault(
      text: TestLessons.text(customer: "  answers: {ask.purpoes: {ja: あ, en: a}}"),
      problem: "there is no sentence 'ask.purpoes'"),
    Fault(text: TestLessons.text(customer: "  knows: {sign: perhaps}"), problem: "'sign' cannot be 'perhaps'"),
    Fault(text: TestLessons.text(customer: "  knows: {pin: right}"), problem: "'pin' means nothing here"),
    Fault(
      text: TestLessons.text().replacingOccurrences(of: "driving-licence]", with: "driving-license]"),
      problem: "there is no paper 'driving-license'", line: 10),
    Fault(
      text: TestLessons.text().replacingOccurrences(of: "needs: []", with: "needs: [statsu]"),
      problem: "there is no need 'statsu'"),
    Fault(
      text: TestLessons.text().replacingOccurrences(of: "orders: []", with: "orders: [reset pin]"),
      problem: "there is no PIN 'pin'"),
    Fault(
      text: TestLessons.text().replacingOccurrences(of: "orders: []", with: "orders: [take card]"),
      problem: "'take card' is no order"),
    Fault(text: TestLessons.text(endings: "    end: {sign.ends: 2030}"), problem: "'sign.ends' cannot be asserted"),
    Fault(text: TestLessons.text(more: "mistakes: [{code: E19}]"), problem: "there is no error 'E19'"),
    Fault(
      text: TestLessons.text(more: "mistakes: [{code: own, when: contact}]"),
      problem: "the error 'own' has no number, so the lesson tells it"),
    Fault(
      text: TestLessons.text(more: "events: [{on: terminal, do: lift-card}]"),
      problem: "'lift-card' does not happen on 'terminal'"),
    Fault(text: TestLessons.text(more: "statements: [26]"), problem: "'26' is no row of the coverage table"),
    Fault(text: TestLessons.text(more: "profile: utopia"), problem: "there is no profile 'utopia'"),
    Fault(
      text: TestLessons.text(more: "vary: {day: {before: payday, days: [1, 2]}}"),
      problem: "'before' cannot be 'payday'"),
    Fault(text: TestLessons.text(more: "vary: {birth: {years: [70, 25]}}"), problem: "'years' is no range"),
    Fault(text: TestLessons.text(more: "facts: {new-stay: today +}"), problem: "'today +' is no date"),
    Fault(
      text: TestLessons.text().replacingOccurrences(of: "「お願いします。」", with: "'{salary}です'"),
      problem: "nothing is known as '{salary}' here"),
    Fault(
      text: TestLessons.text().replacingOccurrences(of: "card: fresh-adult", with: "resident:\n  holder: {name: 見本}"),
      problem: "'birth' is missing", line: 7),
    Fault(
      text: TestLessons.text(more: "phrases: [{id: say.hello, ja: あ, en: a}]"),
      problem: "'say.hello' does not say what kind of sentence it is"),
  ]

  @Test("a fault is told with its line and advice", arguments: faults)
  func faultTable(_ fault: Fault) throws {
    let found = try TestLessons.library().check(text: fault.text, file: "T01.yaml")
    let told = found.first { $0.problem.hasPrefix(fault.problem) }
    #expect(told != nil, "\(found.map(\.description))")
    #expect(told?.fix.isEmpty == false)
    if let line = fault.line { #expect(told?.position?.line == line) }
  }

  @Test("a typing mistake in a play names its line")
  func plays() {
    let faults = #expect(throws: LessonFaults.self) {
      try Play("ask purpose\n\n# a comment\nresett sign\ntake", file: "x.play")
    }
    #expect(faults?.faults.map(\.position?.line) == [4, 5])
    #expect(faults?.faults.first?.fix == "did you mean 'reset'?")
  }

  /// A sentence that is not so, put before the end of a right play.
  static let falsehoods = [
    ("S01", "explain card-lapsed"), ("S01", "explain sign-revoked"), ("S01", "refuse under-15"),
    ("S01", "refuse deceased"), ("S01", "refuse card-stopped"), ("S08", "refuse before-window"),
    ("S14", "refuse seal-open"), ("S24", "refuse ward"), ("S01", "explain not-available"),
    ("S01", "refuse other-office"),
    ("S01", "refuse proxy-today"), ("S01", "explain broken-write"),
  ]

  @Test("a false sentence in a right play is a mistake of its own", arguments: falsehoods)
  func falseStatement(_ lesson: String, _ sentence: String) throws {
    let library = try TestLessons.library()
    var play = try library.play("right", of: lesson)
    play.lines.insert(try #require(try Play(sentence, file: play.file).lines.first), at: play.lines.count - 1)
    let sheet = try #require(try library.perform(play, lesson: lesson).sheet(.ja))
    #expect(!sheet.isRight)
    #expect(sheet.mistakes.map(\.code) == ["false-statement"])
    let phrase = try #require(library.catalogue.phrase(sentence.replacing(" ", with: ".")))
    #expect(sheet.mistakes.first?.rule == phrase.rule)
    #expect(sheet.mistakes.first?.text.contains(phrase.text.ja) == true)
  }

  @Test("free mode: a customer without a right ending")
  func free() throws {
    let text = TestLessons.text().components(separatedBy: "endings:")[0]
    let library = try TestLessons.library()
    let lesson = try library.lesson(text: text, file: "free.yaml", isFree: true)
    var exercise = try library.exercise(of: lesson, file: "free.yaml")
    try TestLessons.play("ask purpose\nfinish", in: &exercise)
    let sheet = try #require(exercise.sheet(.ja))
    #expect(sheet.ending == nil && sheet.isRight)
    #expect(library.check(text: text, file: "free.yaml", isFree: true).isEmpty)
    #expect(library.check(text: text, file: "free.yaml").map(\.problem) == ["the lesson has no right ending"])
    #expect(library.check(text: "# nothing\n", file: "free.yaml").map(\.problem) == ["the file holds no lesson"])
  }
}
