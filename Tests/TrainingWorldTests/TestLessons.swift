import CounterTraining
import Foundation
import TrainingWorld

/// The repository's lessons, and lessons that tests write.
enum TestLessons {
  static let repository = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  static let training = repository.appendingPathComponent("Training")

  static func library(_ folder: URL = training) throws -> LessonLibrary {
    try LessonLibrary(
      folder: folder, cards: repository.appendingPathComponent("CardImages"), common: training)
  }

  static var names: [String] { (try? library().names) ?? [] }

  /// A lesson of a fresh card, with what a test changes in it.
  static func text(
    card: String = "fresh-adult", at: String = "2026-11-20T10:14", customer: String = "", endings: String = "",
    more: String = ""
  ) -> String {
    """
    name: T01
    title: {ja: 試験, en: a test}
    about: {ja: 試験, en: a test}
    rules: ["4.2"]
    at: \(at)
    card: \(card)
    customer:
      who: holder
      opening: {ja: 「お願いします。」, en: “Please.”}
      brings: [card, driving-licence]
    \(customer)
    endings:
      - name: done
        text: {ja: 終わり, en: done}
        orders: []
        needs: []
    \(endings)
    \(more)
    """
  }

  static func exercise(_ text: String, seed: UInt64 = 0) throws -> Exercise {
    let library = try library()
    return try library.exercise(of: library.lesson(text: text, file: "T01.yaml"), file: "T01.yaml", seed: seed)
  }

  static func play(_ actions: String, in exercise: inout Exercise) throws {
    for line in actions.split(separator: "\n") { try exercise.perform(Action(String(line))) }
  }
}
