import CardHost
import CardRules
import CounterTraining
import Foundation

@testable import Desk

/// Two lessons whose exercises know nothing but their actions: what the desk does with exercises can be tested without
/// cards.
struct SampleLessons: LessonSource {
  /// How long a replayed action takes, to provoke meetings.
  var lessons: [LessonEntry] = ["S01", "S02"].map {
    LessonEntry(
      name: $0, title: BilingualText(ja: "課題 \($0)", en: "task \($0)"), about: BilingualText(ja: "説明", en: "about"))
  }

  func begin(_ lesson: String, seed: UInt64) throws(DeskRefusal) -> any RunningExercise {
    SampleExercise(lesson: lesson, seed: seed)
  }

  func begin(text: String, seed: UInt64) throws(DeskRefusal) -> any RunningExercise {
    SampleExercise(lesson: "OWN", seed: seed)
  }

  func check(_ text: String, isFree: Bool) -> Result<LessonEntry, LessonComplaints> {
    guard let name = text.split(separator: "\n").first?.split(separator: ": ").last, text.hasPrefix("name: ") else {
      return .failure(LessonComplaints([LessonComplaint(line: 1, problem: "there is no name", fix: "write 'name: X'")]))
    }
    return .success(
      LessonEntry(
        name: String(name), title: BilingualText(ja: "自作", en: "own"), about: BilingualText(ja: "説明", en: "about")))
  }
}

struct SampleExercise: RunningExercise {
  var lesson: String
  var seed: UInt64
  var actions: [String] = []

  var isFinished: Bool { actions.last == "finish" }
  var card: CardHost? { nil }
  var canTakeBack: Bool { actions.last?.hasPrefix("ask ") == true }

  mutating func perform(_ action: String) throws(DeskRefusal) {
    guard action == "finish" || action.hasPrefix("ask ") || action.hasPrefix("enter ") else {
      throw DeskRefusal(
        .impossible, BilingualText(ja: "できません", en: "not possible"),
        fix: BilingualText(ja: "ほかを", en: "do something else"))
    }
    actions.append(action)
  }

  func view(_ language: Language, hidingTries: Bool) -> ExerciseView {
    var view = Fixture.view
    view.lesson = lesson
    view.seed = seed
    view.turn = actions.count
    view.isFinished = isFinished
    view.canTakeBack = canTakeBack
    view.notebook = actions.map { Fixture.note($0) }
    if hidingTries { view.terminal.tries = [] }
    view.sheet = isFinished ? Fixture.sheet : nil
    return view
  }
}

extension SampleExercise {
  func printed(_ paper: String, _ language: Language) -> PrintedPaper? { paper == "slip" ? Fixture.paper : nil }
}

/// The hand-written view that the page was built with.
enum Fixture {
  static let view = read(ExerciseView.self, "exercise")
  static let sheet = read(ScoreSheet.self, "sheet")
  static let paper = read(PrintedPaper.self, "paper")

  static func note(_ text: String) -> ExerciseView.Note {
    var note = view.notebook[0]
    note.text = text
    return note
  }

  private static func read<Value: Decodable>(_ type: Value.Type, _ name: String) -> Value {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    let file = folder.appendingPathComponent("Fixtures/\(name).json")
    do {
      return try JSONDecoder().decode(type, from: Data(contentsOf: file))
    } catch {
      preconditionFailure("\(file.path): \(error)")
    }
  }
}
