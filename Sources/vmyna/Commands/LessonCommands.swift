import ArgumentParser
import CardRules
import CounterTraining
import Foundation
import Personalization
import TrainingWorld

/// Where the lessons are.
struct LessonsOption: ParsableArguments {
  @Option(
    help: ArgumentHelp("The training folder; VMYNA_TRAINING by default, or that of the product.", valueName: "folder"))
  var lessons: String?

  func library() throws -> LessonLibrary {
    let product = ProductFiles.find("Training", besideSources: "Training")
    let folder = lessons ?? ProcessInfo.processInfo.environment["VMYNA_TRAINING"] ?? product
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue else {
      throw UserError("there is no training folder", at: folder, fix: "name one with --lessons FOLDER")
    }
    return try LessonLibrary(
      folder: URL(fileURLWithPath: folder), cards: CardLibrary().gallery.folder,
      common: URL(fileURLWithPath: product))
  }
}

/// `vmyna lessons`: what the training desk teaches.
struct LessonsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lessons", abstract: "List the lessons of the training desk.")

  @OptionGroup var option: LessonsOption

  @Option(help: ArgumentHelp("ja or en.", valueName: "language"))
  var lang: String = "ja"

  @Flag(help: "Print one JSON object a line for each lesson.")
  var json = false

  func run() throws {
    let library = try option.library()
    let language = try LessonCommand.language(lang)
    for name in library.names {
      let lesson = try library.lesson(name)
      guard json else {
        print("\(name)  \(lesson.title[language]): \(lesson.about[language])")
        continue
      }
      print(
        OrderedJSON.object([
          ("name", .string(name)), ("title", Self.both(lesson.title)), ("about", Self.both(lesson.about)),
          ("rules", .array(lesson.rules.map { .string($0) })),
          ("statements", .array(lesson.statements.map { .int($0) })),
          ("plays", .array(library.plays(of: name).map { .string($0) })),
        ]).text)
    }
  }

  private static func both(_ text: BilingualText) -> OrderedJSON {
    .object([("ja", .string(text.ja)), ("en", .string(text.en))])
  }
}

/// `vmyna lesson`: plays a file of actions in a lesson, or checks lessons.
struct LessonCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lesson",
    abstract: "Play a file of actions in a lesson and print the judge's sheet, or check a lesson.",
    discussion: """
      Exit code 0 when a right ending was reached, 1 when not. A play file has one action a line, such as \
      'ask purpose', 'place card' or 'reset sign'; '#' begins a comment. Its language, and that of lessons: \
      Docs/Training/WritingLessons.md.
      """)

  @Argument(help: ArgumentHelp("The lesson's name, such as S01; with --check a file.", valueName: "lesson"))
  var name: String

  @Option(help: ArgumentHelp("0 is the lesson as it is written, every other number another case.", valueName: "number"))
  var seed: UInt64 = 0

  @Option(
    help: ArgumentHelp("The actions; a play of the lesson by its name, or '-' for standard input.", valueName: "file"))
  var play: String?

  @Flag(help: "Check the lesson and all its plays; every fault with line and advice.")
  var check = false

  @Flag(help: "Print the page's view after the last action instead of the sheet.")
  var view = false

  @Option(help: ArgumentHelp("ja or en.", valueName: "language"))
  var lang: String = "ja"

  @Flag(help: "Print JSON.")
  var json = false

  @OptionGroup var option: LessonsOption

  static func language(_ text: String) throws -> Language {
    guard let language = Language(rawValue: text) else {
      throw UserError("there is no language '\(text)'", at: "--lang", fix: "write ja or en")
    }
    return language
  }

  func run() throws {
    let library = try option.library()
    let language = try Self.language(lang)
    if check { return try LessonCheck(library: library, subject: name, json: json).run() }
    // A name that is none is a wrong use of the command; a fault in a lesson is not.
    guard library.names.contains(name) else {
      let near = Nearest.word(to: name, among: library.names)
      throw UserError(
        "there is no lesson '\(name)'", at: library.folder.appendingPathComponent("lessons").path,
        fix: near.map { "did you mean '\($0)'?" } ?? "see 'vmyna lessons'")
    }
    let exercise: Exercise
    if let play {
      exercise = try library.perform(try script(play, in: library), lesson: name, seed: seed)
    } else {
      exercise = try library.exercise(name, seed: seed)
    }
    if view || !exercise.isFinished {
      try Self.printJSON(exercise.view(language))
      if !view, play != nil {
        throw UserError("the play does not end", at: play, fix: "write finish as its last line", exitCode: 1)
      }
      return
    }
    guard let sheet = exercise.sheet(language) else { return }
    if json { try Self.printJSON(sheet) } else { print(LessonText.text(sheet, exercise, language)) }
    guard sheet.isRight else { throw ExitCode(1) }
  }

  /// A file, or one of the lesson's own plays: `right`, `E3`.
  private func script(_ play: String, in library: LessonLibrary) throws -> Play {
    if play != "-", !FileManager.default.fileExists(atPath: play), library.plays(of: name).contains(play) {
      return try library.play(play, of: name)
    }
    return try Play(try Self.text(of: play), file: play)
  }

  private static func text(of play: String) throws -> String {
    if play == "-" { return String(decoding: FileHandle.standardInput.readDataToEndOfFile(), as: UTF8.self) }
    guard let data = FileManager.default.contents(atPath: play), data.count <= LessonLibrary.largestFile else {
      throw UserError(
        "the play cannot be read", at: play, fix: "name a play file, or a play of the lesson, such as right")
    }
    return String(decoding: data, as: UTF8.self)
  }

  static func printJSON(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    print(String(decoding: try encoder.encode(value), as: UTF8.self))
  }
}

/// The judge's sheet as text.
enum LessonText {
  static func text(_ sheet: ScoreSheet, _ exercise: Exercise, _ language: Language) -> String {
    let isJapanese = language == .ja
    var lines = ["\(sheet.lesson) (\(sheet.seed))  " + exercise.variant.lesson.title[language]]
    lines.append(
      sheet.isRight
        ? (isJapanese ? "正しい終わり方: " : "a right ending: ") + (sheet.endingText ?? "")
        : (isJapanese ? "正しい終わり方に届いていない" : "no right ending")
          + (sheet.ending.map { isJapanese ? " (いちばん近いのは \($0))" : " (nearest: \($0))" } ?? ""))
    for step in sheet.steps { lines.append("  ok  \(step.text)" + (step.rule.map { "  [\($0)]" } ?? "")) }
    for (mark, findings) in [("!!", sheet.mistakes), ("--", sheet.omissions)] {
      for finding in findings {
        let turn = finding.turn.map { " (\($0))" } ?? ""
        lines.append("  \(mark)  \(finding.code)\(turn): \(finding.text)")
        lines.append("        \(finding.consequence)")
        lines.append(
          "        [\(finding.rule) \(finding.certainty)] \(finding.ruleText) "
            + finding.sources.map(\.code).joined(separator: ", "))
      }
    }
    let tries = sheet.tries
    lines.append(
      isJapanese
        ? "  使った回数 \(tries.spent)(うち不要 \(tries.unnecessary))、\(sheet.minutes)分"
        : "  tries spent \(tries.spent), without need \(tries.unnecessary); \(sheet.minutes) minutes")
    return lines.joined(separator: "\n")
  }
}
