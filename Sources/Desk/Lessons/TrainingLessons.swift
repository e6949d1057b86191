import CardHost
import CardRules
import CounterTraining
import Foundation
import TrainingWorld

/// The lessons of a training folder, with real virtual cards behind them.
public struct TrainingLessons: LessonSource {
  private let library: LessonLibrary
  private let read: [String: Lesson]
  /// The lessons, in the order of the list.
  public let lessons: [LessonEntry]
  /// What is wrong with those that had to be left out.
  public let complaints: [String]

  /// How a lesson that came in a request is called in complaints.
  private static let sent = "lesson.yaml"

  /// Reads a folder; a lesson that is faulty is left out.
  /// - Parameter common: where sentences, papers and profiles come from when the folder has none of its own.
  public init(training: String, cards: String, common: String? = nil) throws(DeskFault) {
    let library: LessonLibrary
    do {
      library = try LessonLibrary(
        folder: URL(fileURLWithPath: training), cards: URL(fileURLWithPath: cards),
        common: common.map { URL(fileURLWithPath: $0) })
    } catch {
      let first = error.faults.first
      throw DeskFault(
        first?.problem ?? "the training folder cannot be read",
        at: first.map { "\($0.file)\($0.position.map { ":\($0.line)" } ?? "")" } ?? training,
        fix: first?.fix ?? "name the folder Training with --lessons")
    }
    var read: [String: Lesson] = [:]
    var complaints: [String] = []
    for name in library.names {
      do throws(LessonFaults) {
        read[name] = try library.lesson(name)
      } catch {
        complaints += error.faults.map(\.description)
      }
    }
    self.library = library
    self.read = read
    self.complaints = complaints
    lessons = read.values.sorted { $0.name < $1.name }.map(Self.entry)
  }

  private static func entry(_ lesson: Lesson) -> LessonEntry {
    LessonEntry(name: lesson.name, title: lesson.title, about: lesson.about)
  }

  /// A new exercise of a lesson.
  public func begin(_ lesson: String, seed: UInt64) throws(DeskRefusal) -> any RunningExercise {
    guard let found = read[lesson] else { throw Self.cannotBegin("'\(lesson)'") }
    return try begin(found, seed: seed)
  }

  /// A new exercise of a lesson's text.
  public func begin(text: String, seed: UInt64) throws(DeskRefusal) -> any RunningExercise {
    // Whether it needs an ending was asked when it was checked.
    guard let lesson = try? library.lesson(text: text, file: Self.sent, isFree: true) else {
      throw Self.cannotBegin(Self.sent)
    }
    return try begin(lesson, seed: seed)
  }

  private func begin(_ lesson: Lesson, seed: UInt64) throws(DeskRefusal) -> any RunningExercise {
    do {
      return CardExercise(try library.exercise(of: lesson, file: lesson.name, seed: seed))
    } catch {
      throw Self.cannotBegin("\(lesson.name): \(error)")
    }
  }

  private static func cannotBegin(_ what: String) -> DeskRefusal {
    DeskRefusal(
      .impossible, BilingualText(ja: "このレッスンは始められません: \(what)", en: "the lesson cannot be played: \(what)"),
      fix: BilingualText(ja: "'vmyna lesson check' で確かめてください", en: "see 'vmyna lesson check'"))
  }

  /// Reads a lesson's text, and makes its residents in several variants.
  public func check(_ text: String, isFree: Bool) -> Result<LessonEntry, LessonComplaints> {
    let faults = library.check(text: text, file: Self.sent, isFree: isFree)
    if faults.isEmpty, let lesson = try? library.lesson(text: text, file: Self.sent, isFree: isFree) {
      return .success(Self.entry(lesson))
    }
    return .failure(
      LessonComplaints(
        faults.map { LessonComplaint(line: $0.position?.line, problem: $0.problem, fix: $0.fix) }))
  }
}

/// An exercise with cards of the engine.
private struct CardExercise: RunningExercise {
  private var exercise: Exercise

  init(_ exercise: Exercise) {
    self.exercise = exercise
  }

  var isFinished: Bool { exercise.isFinished }
  var canTakeBack: Bool { exercise.canTakeBack }
  var card: CardHost? { (exercise.world as? DeskWorld).flatMap { $0.card($0.records.first ?? "") } }

  mutating func perform(_ text: String) throws(DeskRefusal) {
    let action: Action
    do throws(ActionFault) {
      action = try Action(text)
    } catch {
      throw DeskRefusal(
        .wrong, BilingualText(ja: "その操作はありません: \(text)", en: "there is no such action: \(text)"),
        fix: BilingualText(ja: "画面にあるものから選んでください", en: error.fix))
    }
    do throws(Impossible) {
      try exercise.perform(action)
    } catch {
      throw DeskRefusal(.impossible, error.reason, fix: error.fix)
    }
  }

  func view(_ language: Language, hidingTries: Bool) -> ExerciseView {
    exercise.view(language, hidesTries: hidingTries)
  }

  func printed(_ paper: String, _ language: Language) -> PrintedPaper? { exercise.printed(paper, language) }
}
