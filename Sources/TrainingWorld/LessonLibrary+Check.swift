import CounterTraining
import Foundation
import Personalization

extension LessonLibrary {
  /// Everything that is wrong with a lesson and its plays: the form of the file, its residents in seeds 0 to 5, endings that
  /// are not reached, mistakes without a play, assertions that do not hold.
  public func check(_ name: String) -> [LessonFault] {
    do {
      let lesson = try lesson(name)
      var faults = checkResidents(lesson, file: file(of: name).relativePath)
      guard faults.isEmpty else { return faults }
      let plays = plays(of: name)
      for play in plays { faults += check(play, of: lesson) }
      faults += missing(in: plays, of: lesson)
      return faults
    } catch {
      return Self.faults(error, file: file(of: name).relativePath)
    }
  }

  /// What is wrong with a lesson's file anywhere; plays are not looked for.
  public func check(file: URL) -> [LessonFault] {
    do {
      return check(text: try Self.text(of: file), file: file.relativePath)
    } catch {
      return Self.faults(error, file: file.relativePath)
    }
  }

  /// What is wrong with the text of a lesson.
  /// - Parameter isFree: a trainer's customer without a lesson: there need be no right ending.
  public func check(text: String, file: String, isFree: Bool = false) -> [LessonFault] {
    do {
      return checkResidents(try lesson(text: text, file: file, isFree: isFree), file: file)
    } catch {
      return Self.faults(error, file: file)
    }
  }

  static func faults(_ error: any Error, file: String) -> [LessonFault] {
    if let faults = error as? LessonFaults { return faults.faults }
    return [LessonFault("the lesson cannot be played: \(error)", file: file, fix: "see 'vmyna check' for its card")]
  }

  private func checkResidents(_ lesson: Lesson, file: String) -> [LessonFault] {
    for seed in 0...5 {
      do {
        let exercise = try exercise(of: lesson, file: file, seed: UInt64(seed))
        let faults = checkTexts(exercise, file: file)
        if !faults.isEmpty { return faults }
      } catch {
        return Self.faults(error, file: file)
      }
    }
    return []
  }

  /// Braces that nothing fills in.
  private func checkTexts(_ exercise: Exercise, file: String) -> [LessonFault] {
    let lesson = exercise.variant.lesson
    var texts = lesson.phrases.map(\.text) + [lesson.customer.opening] + lesson.endings.map(\.text)
    texts += lesson.customer.answers.values.map { $0 } + lesson.mistakes.compactMap(\.consequence)
    texts += lesson.mistakes.compactMap(\.text)
    for text in texts {
      let filled = exercise.filled(text)
      guard let open = filled.ja.firstIndex(of: "{") ?? filled.en.firstIndex(of: "{") else { continue }
      let source = filled.ja.contains("{") ? filled.ja : filled.en
      let word = source[open...].dropFirst().prefix { $0 != "}" }
      return [
        LessonFault(
          "nothing is known as '{\(word)}' here", file: file,
          fix: "use a fact of the lesson or one of: " + Exercise.placeholders.joined(separator: ", "))
      ]
    }
    return []
  }

  // MARK: Plays

  private func check(_ play: String, of lesson: Lesson) -> [LessonFault] {
    do {
      let script = try self.play(play, of: lesson.name)
      guard play.hasPrefix("right") else {
        return checkMistake(play, script, try perform(script, lesson: lesson.name))
      }
      for seed in 0...5 {
        let exercise = try perform(script, lesson: lesson.name, seed: UInt64(seed))
        let faults = checkRight(script, exercise)
        if !faults.isEmpty { return faults }
      }
      return []
    } catch {
      return Self.faults(error, file: "plays/\(lesson.name)/\(play).play")
    }
  }

  /// A right play reaches a right ending, and nothing is wrong or missing.
  private func checkRight(_ play: Play, _ exercise: Exercise) -> [LessonFault] {
    let seed = exercise.variant.seed
    guard let sheet = exercise.sheet(.en) else {
      return [LessonFault("the play does not end", file: play.file, fix: "write finish as its last line")]
    }
    guard sheet.isRight, sheet.omissions.isEmpty else {
      let found = (sheet.mistakes + sheet.omissions).map { "\($0.code): \($0.text)" }.joined(separator: "; ")
      return [
        LessonFault(
          "with seed \(seed) the play reaches no right ending (\(found))", file: play.file,
          fix: "see 'vmyna lesson \(sheet.lesson) --seed \(seed) --play \(play.file)'")
      ]
    }
    guard seed == 0, let ending = exercise.variant.lesson.endings.first(where: { $0.name == sheet.ending }) else {
      return []
    }
    return exercise.differences(from: ending).map { key, expected, found in
      LessonFault(
        "after this play \(key) is \(found), not \(expected)", file: play.file,
        fix: "correct 'end:' of the ending '\(ending.name)', or the play")
    }
  }

  /// Any other play reaches exactly the mistake that it is named after; a number behind the code tells plays apart.
  private func checkMistake(_ name: String, _ play: Play, _ exercise: Exercise) -> [LessonFault] {
    guard let sheet = exercise.sheet(.en) else {
      return [LessonFault("the play does not end", file: play.file, fix: "write finish as its last line")]
    }
    let codes = sheet.mistakes.map(\.code)
    if codes == [name] || codes.count == 1 && name.hasPrefix(codes[0] + "-") { return [] }
    return [
      LessonFault(
        "the play makes \(codes.isEmpty ? "no mistake" : "the mistakes " + codes.joined(separator: ", "))",
        file: play.file, fix: "let it make the mistake '\(name)' and no other")
    ]
  }

  private func missing(in plays: [String], of lesson: Lesson) -> [LessonFault] {
    var faults: [LessonFault] = []
    let file = file(of: lesson.name).relativePath
    if !plays.contains("right") {
      faults.append(
        LessonFault(
          "no play reaches a right ending", file: file, fix: "write plays/\(lesson.name)/right.play"))
    }
    for mistake in lesson.mistakes
    where !plays.contains(where: { $0 == mistake.code || $0.hasPrefix(mistake.code + "-") }) {
      faults.append(
        LessonFault(
          "no play makes the mistake '\(mistake.code)'", file: file,
          fix: "write plays/\(lesson.name)/\(mistake.code).play"))
    }
    return faults
  }
}
