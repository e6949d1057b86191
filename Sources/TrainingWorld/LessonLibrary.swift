import CardRules
import CounterTraining
import Foundation
import Personalization

/// The training folder: lessons, plays, sentences, papers and profiles.
public struct LessonLibrary: Sendable {
  /// The folder.
  public let folder: URL
  /// The cards that lessons name.
  public let gallery: Gallery
  /// The common sentences and papers.
  public let catalogue: Catalogue
  /// The municipalities' settings, by name: those of the folder and the built-in ones.
  public let profiles: [String: MunicipalityProfile]

  /// A lesson's file is never longer.
  public static let largestFile = 256 << 10

  /// Reads what the lessons share.
  /// - Parameters:
  ///   - folder: with `lessons`, `plays`, `phrases.yaml`, `papers.yaml` and `profiles`.
  ///   - cards: the folder of the gallery.
  ///   - common: where sentences, papers and profiles are taken from when the folder has none of its own.
  /// - Throws: every fault of these files.
  public init(folder: URL, cards: URL, common: URL? = nil) throws(LessonFaults) {
    self.folder = folder
    gallery = Gallery(folder: cards)
    func place(_ name: String) -> URL {
      let own = folder.appendingPathComponent(name)
      guard let common, !FileManager.default.fileExists(atPath: own.path) else { return own }
      return common.appendingPathComponent(name)
    }
    let (phrases, papers) = (place("phrases.yaml"), place("papers.yaml"))
    catalogue = Catalogue(
      phrases: try CatalogueReader.phrases(try Self.text(of: phrases), file: phrases.relativePath),
      papers: try CatalogueReader.papers(try Self.text(of: papers), file: papers.relativePath))
    var profiles: [String: MunicipalityProfile] = [:]
    for profile in MunicipalityProfile.builtIn { profiles[profile.name] = profile }
    let profileFolder = place("profiles")
    for name in Self.names(in: profileFolder) {
      let file = profileFolder.appendingPathComponent("\(name).yaml")
      var profile = try TrainingProfile.read(try Self.text(of: file), file: file.relativePath)
      profile.name = name
      profiles[name] = profile
    }
    self.profiles = profiles
  }

  static func text(of url: URL) throws(LessonFaults) -> String {
    func fault(_ problem: String, fix: String) -> LessonFaults {
      LessonFaults(faults: [LessonFault(problem, file: url.relativePath, fix: fix)])
    }
    let size = (try? url.resourceValues(forKeys: [.fileSizeKey]))?.fileSize ?? 0
    guard size <= largestFile else {
      throw fault("the file has more than \(largestFile) bytes", fix: "name a file of the training folder")
    }
    guard let text = try? String(contentsOf: url, encoding: .utf8) else {
      throw fault("the file cannot be read", fix: "check its name, its permissions, and that it is UTF-8")
    }
    return text
  }

  static func names(in folder: URL, ending: String = ".yaml") -> [String] {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return files.filter { $0.hasSuffix(ending) && !$0.hasPrefix(".") }.map { String($0.dropLast(ending.count)) }.sorted()
  }

  // MARK: Lessons

  /// The names of the lessons, sorted.
  public var names: [String] { Self.names(in: folder.appendingPathComponent("lessons")) }

  /// The file of a lesson.
  public func file(of name: String) -> URL { folder.appendingPathComponent("lessons/\(name).yaml") }

  /// A lesson.
  /// - Throws: every fault, each with line, column and advice.
  public func lesson(_ name: String) throws(LessonFaults) -> Lesson {
    guard names.contains(name) else {
      let near = Nearest.word(to: name, among: names)
      throw LessonFaults(faults: [
        LessonFault(
          "there is no lesson '\(name)'", file: folder.appendingPathComponent("lessons").relativePath,
          fix: near.map { "did you mean '\($0)'?" } ?? "see 'vmyna lessons'")
      ])
    }
    let file = file(of: name)
    let lesson = try lesson(text: try Self.text(of: file), file: file.relativePath)
    guard lesson.name == name else {
      throw LessonFaults(faults: [
        LessonFault(
          "the lesson calls itself '\(lesson.name)'", file: file.relativePath, at: .init(line: 1, column: 1),
          fix: "write name: \(name), as its file is called")
      ])
    }
    return lesson
  }

  /// A lesson from its text.
  /// - Parameter isFree: a trainer's customer without a lesson: there need be no right ending.
  /// - Throws: every fault, each with line, column and advice.
  public func lesson(text: String, file: String, isFree: Bool = false) throws(LessonFaults) -> Lesson {
    try LessonReader(
      text: text, file: file, catalogue: catalogue, profiles: profiles.keys.sorted(), cards: gallery.names,
      isFree: isFree
    ).read()
  }

  // MARK: Exercises

  /// A new exercise of a lesson.
  /// - Throws: faults of the lesson and of its residents.
  public func exercise(_ name: String, seed: UInt64 = 0) throws -> Exercise {
    try exercise(of: lesson(name), file: file(of: name).relativePath, seed: seed)
  }

  /// A new exercise of a lesson that was read before, a trainer's own for instance.
  public func exercise(of lesson: Lesson, file: String, seed: UInt64 = 0) throws -> Exercise {
    let made = try made(lesson, file: file, seed: seed)
    let world = try DeskWorld(made, profile: made.variant.profile)
    return Exercise(made.variant, catalogue: catalogue, world: world)
  }

  func made(_ lesson: Lesson, file: String, seed: UInt64) throws -> VariantMaker.Made {
    guard let profile = profiles[lesson.profile] else {
      throw LessonFaults(faults: [
        LessonFault("there is no profile '\(lesson.profile)'", file: file, fix: "see Training/profiles")
      ])
    }
    return try VariantMaker(lesson: lesson, seed: seed, profile: profile) { source, day in
      try resident(source, file: file, as: day)
    }.make()
  }

  private func resident(_ source: RecordSource, file: String, as day: CalendarDay) throws -> Resident {
    switch source {
    case .gallery(let name):
      guard let url = gallery.file(of: name) else {
        throw LessonFaults(faults: [
          LessonFault("the gallery has no card '\(name)'", file: file, fix: "see 'vmyna cards'")
        ])
      }
      return try ResidentFile.load(url, today: day)
    case .inline(let text, let line):
      // Residents in lessons need not repeat the form's version.
      let hasFormat = text.hasPrefix("format:") || text.contains("\nformat:")
      do throws(LessonFaults) {
        return try ResidentFile.parse(
          hasFormat ? text : "format: 1\n" + text, file: file, name: "resident", today: day)
      } catch {
        throw LessonFaults(
          faults: error.faults.map { fault in
            var fault = fault
            fault.position = fault.position.map {
              .init(line: max(line, $0.line + line - (hasFormat ? 1 : 2)), column: $0.column)
            }
            return fault
          })
      }
    }
  }

  /// An exercise in which these actions have been done: after a restart, or when one was taken back.
  public func replay(_ name: String, seed: UInt64, _ actions: [Action]) throws -> Exercise {
    var exercise = try exercise(name, seed: seed)
    for action in actions { try exercise.perform(action) }
    return exercise
  }
}
