import Foundation
import GRDB

/// The class on disk: seats, what was done in each exercise, the judge's sheets, settings and own lessons. An action is
/// written here before it is answered, so that a desk killed at any moment comes back with every seat where it was.
final class DeskStore: Sendable {
  private let database: DatabaseQueue
  private let folder: String
  /// Held as long as the store lives: one desk a folder.
  private let lock: FolderLock?

  /// Opens a folder, making it when it is not there; `nil` keeps everything in memory, for tests.
  init(folder: String?) throws(DeskFault) {
    guard let folder else {
      lock = nil
      do {
        self.folder = ":memory:"
        database = try DatabaseQueue()
        try Self.migrate(database)
      } catch {
        throw Self.fault(error, at: ":memory:")
      }
      return
    }
    self.folder = folder
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw Self.fault(error, at: folder)
    }
    let lock = try FolderLock(folder: folder)
    self.lock = lock
    let file = folder + "/class.sqlite"
    do {
      try Self.narrow(folder)
      // The log file takes its mode from this one, so it must be right before SQLite opens it.
      try lock.makePrivate("class.sqlite")
      var configuration = Configuration()
      configuration.prepareDatabase { database in
        // Written through to the log file at every commit: a killed process loses nothing.
        try database.execute(sql: "PRAGMA journal_mode = WAL")
        try database.execute(sql: "PRAGMA synchronous = NORMAL")
        try database.execute(sql: "PRAGMA locking_mode = EXCLUSIVE")
      }
      database = try DatabaseQueue(path: file, configuration: configuration)
      try Self.migrate(database)
      for name in Self.ownFiles where FileManager.default.fileExists(atPath: "\(folder)/\(name)") {
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: "\(folder)/\(name)")
      }
    } catch {
      throw Self.fault(error, at: folder)
    }
  }

  /// The files that the store makes in its folder.
  private static let ownFiles = ["class.sqlite", "class.sqlite-wal", "class.sqlite-shm", FolderLock.name]

  /// Closes a folder to others when nothing but the class lies in it. A folder that serves other ends as well stays as
  /// its owner has it; the files of the class are private in either.
  private static func narrow(_ folder: String) throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    guard names.allSatisfy(ownFiles.contains) else { return }
    try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: folder)
  }

  private static func fault(_ error: any Error, at folder: String) -> DeskFault {
    if let fault = error as? DeskFault { return fault }
    if let error = error as? DatabaseError {
      switch error.resultCode {
      case .SQLITE_BUSY, .SQLITE_LOCKED:
        return .inUse(folder)
      case .SQLITE_NOTADB, .SQLITE_CORRUPT:
        return DeskFault(
          "the class cannot be read", at: folder + "/class.sqlite",
          fix: "move that file away, or name another folder with --data")
      case .SQLITE_FULL, .SQLITE_IOERR:
        return DeskFault("the class cannot be written", at: folder, fix: "make room on the disk")
      default: break
      }
    }
    return DeskFault("the folder of the class cannot be used", at: folder, fix: "name a folder of yours with --data")
  }

  private static func migrate(_ database: DatabaseQueue) throws {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1") { database in
      try database.execute(
        sql: """
          CREATE TABLE seat (
            id TEXT PRIMARY KEY, number INTEGER NOT NULL, alias TEXT NOT NULL, token TEXT NOT NULL,
            version INTEGER NOT NULL, exercise INTEGER, seen REAL NOT NULL);
          CREATE TABLE exercise (
            id INTEGER PRIMARY KEY AUTOINCREMENT, seat TEXT NOT NULL REFERENCES seat(id) ON DELETE CASCADE,
            lesson TEXT NOT NULL, title TEXT NOT NULL, titleEnglish TEXT NOT NULL, seed INTEGER NOT NULL, text TEXT,
            actions TEXT NOT NULL, examination INTEGER, released INTEGER NOT NULL DEFAULT 0, started REAL NOT NULL,
            finished REAL, isRight INTEGER, sheet TEXT, sheetEnglish TEXT);
          CREATE INDEX exerciseOfSeat ON exercise(seat);
          CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL);
          CREATE TABLE lesson (name TEXT PRIMARY KEY, text TEXT NOT NULL);
          """)
    }
    try migrator.migrate(database)
  }

  private static func refusal(_ error: any Error) -> DeskRefusal {
    switch (error as? DatabaseError)?.resultCode {
    case .SQLITE_BUSY?, .SQLITE_LOCKED?: .inUse
    default: .notStored
    }
  }

  private func write<Value: Sendable>(_ work: @Sendable (Database) throws -> Value) throws(DeskRefusal) -> Value {
    do {
      return try database.write(work)
    } catch {
      throw Self.refusal(error)
    }
  }

  private func read<Value: Sendable>(_ work: @Sendable (Database) throws -> Value) throws(DeskRefusal) -> Value {
    do {
      return try database.read(work)
    } catch {
      throw Self.refusal(error)
    }
  }

  // Seats

  func seats() throws(DeskRefusal) -> [SeatRecord] {
    try read { try SeatRecord.order(Column("number")).fetchAll($0) }
  }

  func save(_ seat: SeatRecord) throws(DeskRefusal) {
    try write { try seat.save($0) }
  }

  func remove(seat id: String) throws(DeskRefusal) {
    _ = try write { try SeatRecord.deleteOne($0, key: id) }
  }

  /// Seat and exercise in one step: never one without the other.
  func save(_ seat: SeatRecord, _ exercise: ExerciseRecord) throws(DeskRefusal) -> (SeatRecord, ExerciseRecord) {
    try write { database in
      var seat = seat
      var exercise = exercise
      try exercise.save(database)
      seat.exercise = exercise.id
      try seat.save(database)
      return (seat, exercise)
    }
  }

  func exercise(_ id: Int64) throws(DeskRefusal) -> ExerciseRecord? {
    try read { try ExerciseRecord.fetchOne($0, key: id) }
  }

  func exercises(of seat: String? = nil) throws(DeskRefusal) -> [ExerciseRecord] {
    try read { database in
      let all = ExerciseRecord.order(Column("id"))
      guard let seat else { return try all.fetchAll(database) }
      return try all.filter(Column("seat") == seat).fetchAll(database)
    }
  }

  /// Lets every sheet of the examinations be seen.
  func releaseSheets() throws(DeskRefusal) {
    try write { try $0.execute(sql: "UPDATE exercise SET released = 1 WHERE examination IS NOT NULL") }
  }

  // Settings and own lessons

  func setting(_ name: String) throws(DeskRefusal) -> String? {
    try read { try String.fetchOne($0, sql: "SELECT value FROM setting WHERE name = ?", arguments: [name]) }
  }

  func set(_ name: String, _ value: String) throws(DeskRefusal) {
    try write {
      try $0.execute(sql: "INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)", arguments: [name, value])
    }
  }

  func ownLessons() throws(DeskRefusal) -> [OwnLesson] {
    try read { try OwnLesson.order(Column("name")).fetchAll($0) }
  }

  func save(_ lesson: OwnLesson) throws(DeskRefusal) {
    try write { try lesson.save($0) }
  }

  func remove(lesson name: String) throws(DeskRefusal) {
    _ = try write { try OwnLesson.deleteOne($0, key: name) }
  }

  /// Deletes all that is known of persons; own lessons and the trainer's key stay. The file keeps no trace of it.
  func removeEverybody() throws(DeskRefusal) {
    try write { try $0.execute(sql: "DELETE FROM exercise; DELETE FROM seat;") }
    do {
      try database.vacuum()
      _ = try database.writeWithoutTransaction { try $0.checkpoint(.truncate) }
    } catch {
      throw Self.refusal(error)
    }
  }
}

/// A seat on disk.
struct SeatRecord: Codable, Sendable, Equatable, FetchableRecord, PersistableRecord {
  static let databaseTableName = "seat"
  var id: String
  /// Its place in the row, from 1.
  var number: Int
  var alias: String
  var token: String
  /// Counts every change, so that two tabs know which of them is behind.
  var version: Int
  /// The exercise under way, or just finished.
  var exercise: Int64?
  /// When something was last done, in seconds since 1970.
  var seen: Double
}

/// An exercise on disk: all of it follows from lesson, seed and actions.
struct ExerciseRecord: Codable, Sendable, Equatable, FetchableRecord, MutablePersistableRecord {
  static let databaseTableName = "exercise"
  var id: Int64?
  var seat: String
  var lesson: String
  var title: String
  var titleEnglish: String
  var seed: Int64
  /// The lesson's text, when it is not one of the library's.
  var text: String?
  var actions: [String]
  /// The number of the examination it belongs to.
  var examination: Int?
  /// Whether its sheet may be seen though it belongs to one.
  var released: Bool
  var started: Double
  var finished: Double?
  var isRight: Bool?
  /// The sheet as JSON, in Japanese and in English.
  var sheet: String?
  var sheetEnglish: String?

  mutating func didInsert(_ inserted: InsertionSuccess) {
    id = inserted.rowID
  }

  /// Whether the trainee may see the sheet.
  var isSheetOpen: Bool { examination == nil || released }
}

/// A lesson that the trainer wrote.
struct OwnLesson: Codable, Sendable, Equatable, FetchableRecord, PersistableRecord {
  static let databaseTableName = "lesson"
  var name: String
  var text: String
}
