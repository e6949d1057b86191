import CardRules
import CounterTraining
import Foundation

/// The trainer's board: who sits where, where they are, and what they stumbled on.
struct ClassBoard: Encodable, Sendable {
  struct Row: Encodable, Sendable {
    var id: String
    var number: Int
    var alias: String
    /// Whether a page of the seat is open somewhere.
    var isHere: Bool
    var lesson: String?
    var title: String?
    var seed: UInt64?
    var turn: Int
    /// The last line of the notebook.
    var last: String?
    var isFinished: Bool
    var isRight: Bool?
    var isExamination: Bool
    /// Seconds since something was last done.
    var idle: Int
    /// Exercises finished, and those of them that were right.
    var done: Int
    var right: Int
    /// The codes of the mistakes in all of them, and how often.
    var mistakes: [String: Int]
  }

  var settings: ClassSettings
  var seats: [Row]
  /// The mistakes of the whole class.
  var mistakes: [String: Int]
  /// What each code stands for.
  var words: [String: String]
  var ownLessons: [String]
  /// Sheets of an examination that wait to be released.
  var withheld: Int
  /// Whether there is a PC/SC reader, and whose card stands in it.
  var hasReader: Bool
  var readerSeat: String?

  static func read(_ room: ClassRoom, _ language: Language) async throws(DeskRefusal) -> ClassBoard {
    let results = try await room.results()
    let moment = await room.moment
    var rows: [Row] = []
    for seat in await room.allSeats {
      let record = await seat.record
      let exercise = await seat.exercise
      let mine = results.filter { $0.seat == seat.id }
      let isHere = await room.broadcaster.count(seat.id) > 0
      let last = await seat.lastNote(language)
      rows.append(
        Row(
          id: seat.id, number: record.number, alias: record.alias, isHere: isHere, lesson: exercise?.lesson,
          title: exercise.map { language == .ja ? $0.title : $0.titleEnglish },
          seed: exercise.map { UInt64(bitPattern: $0.seed) }, turn: exercise?.actions.count ?? 0, last: last,
          isFinished: exercise?.finished != nil, isRight: exercise?.isRight,
          isExamination: exercise?.examination != nil,
          idle: Int(max(0, min(moment - record.seen, 1e9))), done: mine.count { $0.finished != nil },
          right: mine.count { $0.isRight == true }, mistakes: count(mine)))
    }
    let reader = await room.shownInReader
    return ClassBoard(
      settings: await room.settings, seats: rows, mistakes: count(results),
      words: words(results, language), ownLessons: await room.ownLessons,
      withheld: results.count { $0.finished != nil && !$0.isSheetOpen }, hasReader: reader.hasReader,
      readerSeat: reader.seat)
  }

  private static func words(_ exercises: [ExerciseRecord], _ language: Language) -> [String: String] {
    let findings = exercises.compactMap { $0.scoreSheet(language) }.flatMap { $0.mistakes + $0.omissions }
    return findings.reduce(into: [:]) { $0[$1.code] = general($1, language) }
  }

  /// What all findings of a code have in common: one sheet's sentence would be told of everybody's.
  private static func general(_ finding: ScoreSheet.Finding, _ language: Language) -> String {
    guard let text = Mistake.named(finding.code)?.text[language] else { return finding.text }
    return text.hasSuffix(": ") ? String(text.dropLast(2)) : text
  }

  private static func count(_ exercises: [ExerciseRecord]) -> [String: Int] {
    exercises.flatMap { $0.codes }.reduce(into: [:]) { $0[$1, default: 0] += 1 }
  }
}

/// Everything that is known of one seat, for the trainer and for the printed record.
struct SeatReport: Encodable, Sendable {
  struct Exercise: Encodable, Sendable {
    var id: Int64
    var lesson: String
    var title: String
    var seed: UInt64
    var isExamination: Bool
    var started: Double
    var finished: Double?
    var turns: Int
    var sheet: ScoreSheet?
  }
  var id: String
  var alias: String
  var exercises: [Exercise]
  /// What is under way.
  var view: ExerciseView?

  static func read(_ room: ClassRoom, _ seat: Seat, _ language: Language) async throws(DeskRefusal) -> SeatReport {
    let exercises = try await room.results(of: seat.id).map { record in
      Exercise(
        id: record.id ?? 0, lesson: record.lesson, title: language == .ja ? record.title : record.titleEnglish,
        seed: UInt64(bitPattern: record.seed), isExamination: record.examination != nil, started: record.started,
        finished: record.finished, turns: record.actions.count, sheet: record.scoreSheet(language))
    }
    return SeatReport(
      id: seat.id, alias: await seat.record.alias, exercises: exercises, view: try await seat.view(language))
  }
}

extension ExerciseRecord {
  /// The judge's sheet, as it was stored.
  func scoreSheet(_ language: Language) -> ScoreSheet? {
    guard let text = language == .ja ? sheet : sheetEnglish else { return nil }
    return try? JSONDecoder().decode(ScoreSheet.self, from: Data(text.utf8))
  }

  /// The codes of what went wrong and of what was left out.
  var codes: [String] {
    guard let sheet = scoreSheet(.ja) else { return [] }
    return sheet.mistakes.map(\.code) + sheet.omissions.map(\.code)
  }
}

extension Seat {
  /// The last line of the notebook, without making a world for it.
  func lastNote(_ language: Language) -> String? {
    guard isAwake else { return exercise?.actions.last }
    return (try? view(language))??.notebook.last?.text
  }
}

/// The results as a table.
enum ResultTable {
  /// Comma separated values with the mark that spreadsheets want before UTF-8.
  static func csv(_ room: ClassRoom) async throws(DeskRefusal) -> String {
    var aliases: [String: String] = [:]
    for seat in await room.allSeats { aliases[seat.id] = await seat.record.alias }
    let head = [
      "seat", "alias", "lesson", "title", "seed", "examination", "started", "finished", "result", "actions", "minutes",
      "tries spent", "tries unnecessary", "mistakes", "omissions",
    ]
    let rows = try await room.results().map { row($0, alias: aliases[$0.seat] ?? "") }
    return "\u{FEFF}" + ([head] + rows).map { $0.map(cell).joined(separator: ",") + "\r\n" }.joined()
  }

  private static func row(_ record: ExerciseRecord, alias: String) -> [String] {
    let sheet = record.scoreSheet(.ja)
    let result = record.finished == nil ? "open" : record.isRight == true ? "right" : "wrong"
    var row = [record.seat, alias, record.lesson, record.title, String(UInt64(bitPattern: record.seed))]
    row += [record.examination.map(String.init) ?? "", time(record.started), record.finished.map(time) ?? "", result]
    row += [String(record.actions.count), sheet.map { String($0.minutes) } ?? ""]
    row += [sheet.map { String($0.tries.spent) } ?? "", sheet.map { String($0.tries.unnecessary) } ?? ""]
    row += [sheet?.mistakes.map(\.code).joined(separator: " ") ?? ""]
    row += [sheet?.omissions.map(\.code).joined(separator: " ") ?? ""]
    return row
  }

  /// One cell. What a spreadsheet would take for a formula is marked as text.
  static func cell(_ text: String) -> String {
    let tame = text.first.map { "=+-@\t\r".contains($0) } == true ? "'" + text : text
    return "\"" + tame.replacing("\"", with: "\"\"") + "\""
  }

  private static func time(_ seconds: Double) -> String {
    Date(timeIntervalSince1970: seconds).formatted(.iso8601)
  }
}
