import CardRules
import CounterTraining
import Foundation
import Personalization

/// A play file: the actions of one trainee, one a line.
public struct Play: Sendable {
  /// A line with its action.
  public struct Line: Sendable {
    /// From 1.
    public var number: Int
    /// What is done.
    public var action: Action
  }

  /// The file.
  public var file: String
  /// The actions.
  public var lines: [Line]

  /// Reads the text of a play file; `#` begins a comment.
  /// - Throws: every fault, each with line and advice.
  public init(_ text: String, file: String) throws(LessonFaults) {
    var faults: [LessonFault] = []
    var lines: [Line] = []
    for (index, raw) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let code = raw.split(separator: "#", omittingEmptySubsequences: false).first ?? ""
      guard code.contains(where: { $0 != " " && $0 != "\t" && $0 != "\r" }) else { continue }
      do throws(ActionFault) {
        lines.append(Line(number: index + 1, action: try Action(String(code))))
      } catch {
        faults.append(LessonFault(error.problem, file: file, at: .init(line: index + 1, column: 1), fix: error.fix))
      }
    }
    guard faults.isEmpty else { throw LessonFaults(faults: faults) }
    self.file = file
    self.lines = lines
  }
}

extension LessonLibrary {
  /// The plays of a lesson: `right`, `right-2`, `E4`.
  public func plays(of name: String) -> [String] {
    Self.names(in: folder.appendingPathComponent("plays/\(name)"), ending: ".play")
  }

  /// A play of a lesson.
  public func play(_ play: String, of name: String) throws(LessonFaults) -> Play {
    let file = folder.appendingPathComponent("plays/\(name)/\(play).play")
    return try Play(try Self.text(of: file), file: file.relativePath)
  }

  /// Plays a file. Where a variant has other documents than the lesson, those are meant.
  /// - Throws: a fault with the line that is not possible.
  public func perform(_ play: Play, lesson name: String, seed: UInt64 = 0) throws -> Exercise {
    let lesson = try lesson(name)
    let file = file(of: name).relativePath
    let made = try made(lesson, file: file, seed: seed)
    let world = try DeskWorld(made, profile: made.variant.profile)
    var exercise = Exercise(made.variant, catalogue: catalogue, world: world)
    for line in play.lines {
      var action = line.action
      if case .paper(let verb, let paper) = action, let other = made.documents[paper] { action = .paper(verb, other) }
      do throws(Impossible) {
        try exercise.perform(action)
      } catch {
        throw LessonFaults(faults: [
          LessonFault(
            "'\(line.action)' is not possible: \(error.reason.en)", file: play.file,
            at: .init(line: line.number, column: 1), fix: error.fix.en)
        ])
      }
    }
    return exercise
  }
}
