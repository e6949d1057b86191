import ArgumentParser
import CounterTraining
import Foundation
import Personalization
import TrainingWorld

/// `vmyna lesson NAME --check`: the lesson's form, its residents in several seeds, and every play.
struct LessonCheck {
  let library: LessonLibrary
  let subject: String
  let json: Bool

  /// Whether a file tells of a customer: no resident does.
  static func isLesson(_ url: URL) -> Bool {
    guard url.pathExtension == "yaml", let data = FileManager.default.contents(atPath: url.path),
      data.count <= LessonLibrary.largestFile
    else { return false }
    return String(decoding: data, as: UTF8.self).split(separator: "\n").contains { $0.hasPrefix("customer:") }
  }

  func run() throws {
    let faults = subject == "all" ? library.names.flatMap(library.check) : check()
    for fault in faults {
      let error = UserError(fault: fault)
      if json {
        print(
          OrderedJSON.object([
            ("problem", .string(error.what)), ("location", OrderedJSON(error.place)), ("fix", .string(error.fix)),
          ]).text)
      } else {
        print(error.description)
      }
    }
    guard faults.isEmpty else { throw ExitCode(1) }
    if !json { print("\(subject): no fault") }
  }

  private func check() -> [LessonFault] {
    guard !library.names.contains(subject), FileManager.default.fileExists(atPath: subject) else {
      return library.check(subject)
    }
    return library.check(file: URL(fileURLWithPath: subject))
  }
}
