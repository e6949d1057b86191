import CardHost
import CardRules
import CounterTraining
import Foundation

/// One seat: a trainee, and the exercise in front of them. Everything goes through here one after the other, so that
/// two tabs of a seat never mix.
actor Seat {
  /// How many actions an exercise may have: far more than any lesson needs.
  static let mostActions = 500

  nonisolated let id: String
  /// Its place in the row, from 1.
  nonisolated let number: Int
  private(set) var record: SeatRecord
  private(set) var exercise: ExerciseRecord?
  private var running: (any RunningExercise)?
  private let source: any LessonSource
  private let store: DeskStore
  private let broadcaster: Broadcaster
  private let now: @Sendable () -> Double

  init(
    _ record: SeatRecord, source: any LessonSource, store: DeskStore, broadcaster: Broadcaster,
    now: @escaping @Sendable () -> Double
  ) throws(DeskRefusal) {
    id = record.id
    number = record.number
    self.record = record
    self.source = source
    self.store = store
    self.broadcaster = broadcaster
    self.now = now
    if let exercise = record.exercise { self.exercise = try store.exercise(exercise) }
  }

  /// Whether a token is this seat's. The time it takes says nothing of where they differ.
  func isTaken(with token: String) -> Bool { constantTimeEqual(token, record.token) }

  // What can be done

  /// Begins a lesson.
  func begin(_ lesson: LessonEntry, text: String? = nil, seed: UInt64?, _ settings: ClassSettings) throws(DeskRefusal) {
    let before = try store.exercises(of: id).filter { $0.lesson == lesson.name && $0.examination == settings.current }
    if settings.examination, let once = before.last {
      guard once.finished == nil else { throw Self.onceOnly }
      try resume(once)
      return
    }
    // The lesson as it is written comes first, then one other case after the other; in an examination each seat its own.
    let usual = settings.current.map { UInt64($0 &* 1000 &+ number) } ?? UInt64(before.count)
    try begin(lesson, text: text, seed: settings.examination ? usual : seed ?? usual, examination: settings.current)
  }

  /// Begins the lesson again: with a seed the same case, without another one.
  func restart(seed: UInt64?, _ settings: ClassSettings) throws(DeskRefusal) {
    guard let exercise else { throw .noExercise }
    guard !settings.examination && exercise.examination == nil else { throw Self.noRestart }
    let entry = LessonEntry(
      name: exercise.lesson, title: BilingualText(ja: exercise.title, en: exercise.titleEnglish),
      about: BilingualText(ja: "", en: ""))
    let used = try store.exercises(of: id).filter { $0.lesson == exercise.lesson }.map { UInt64(bitPattern: $0.seed) }
    try begin(entry, text: exercise.text, seed: seed ?? (used.max() ?? 0) &+ 1, examination: nil)
  }

  private func begin(_ lesson: LessonEntry, text: String?, seed: UInt64, examination: Int?) throws(DeskRefusal) {
    let running = try start(lesson.name, text: text, seed: seed)
    var record = record
    record.version += 1
    record.seen = now()
    let exercise = ExerciseRecord(
      id: nil, seat: id, lesson: lesson.name, title: lesson.title.ja, titleEnglish: lesson.title.en,
      seed: Int64(bitPattern: seed), text: text, actions: [], examination: examination, released: false,
      started: record.seen)
    (self.record, self.exercise) = try store.save(record, exercise)
    self.running = running
    changed()
  }

  private func resume(_ exercise: ExerciseRecord) throws(DeskRefusal) {
    var record = record
    record.version += 1
    record.seen = now()
    (self.record, self.exercise) = try store.save(record, exercise)
    running = nil
    changed()
  }

  /// Does an action, when the page that asks has seen how it stands.
  func act(_ action: String, turn: Int, version: Int?) throws(DeskRefusal) {
    guard let exercise else { throw .noExercise }
    guard turn == exercise.actions.count, version ?? record.version == record.version else { throw .stale }
    guard exercise.actions.count < Self.mostActions else { throw Self.tooMany }
    var running = try current()
    do {
      try running.perform(action)
      try keep(exercise.actions + [action], running)
    } catch {
      // Not possible, or not stored: the world is made anew from what is stored.
      self.running = error.kind == .impossible ? running : nil
      throw error
    }
  }

  /// Takes the last action back.
  func takeBack(turn: Int, version: Int?) throws(DeskRefusal) {
    guard let exercise else { throw .noExercise }
    guard turn == exercise.actions.count, version ?? record.version == record.version else { throw .stale }
    guard exercise.examination == nil else { throw Self.noTakingBack }
    guard try current().canTakeBack else { throw Self.cannotTakeBack }
    let actions = Array(exercise.actions.dropLast())
    try keep(actions, replay(exercise, actions))
  }

  /// Leaves the exercise; it stays among the results.
  func leave() throws(DeskRefusal) {
    var record = record
    record.exercise = nil
    record.version += 1
    try store.save(record)
    self.record = record
    exercise = nil
    running = nil
    changed()
  }

  /// Stores what was done, then believes it.
  private func keep(_ actions: [String], _ running: any RunningExercise) throws(DeskRefusal) {
    guard var exercise else { throw .noExercise }
    var record = record
    record.version += 1
    record.seen = now()
    exercise.actions = actions
    if running.isFinished {
      let sheet = running.view(.ja, hidingTries: false).sheet
      exercise.finished = record.seen
      exercise.isRight = sheet?.isRight
      exercise.sheet = encoded(sheet)
      exercise.sheetEnglish = encoded(running.view(.en, hidingTries: false).sheet)
    }
    (self.record, self.exercise) = try store.save(record, exercise)
    self.running = running
    changed()
  }

  /// Others who look at this seat, and the trainer, ask for it anew.
  func changed() {
    let (version, broadcaster, id) = (record.version, broadcaster, id)
    Task {
      await broadcaster.tell(id, version)
      await broadcaster.tell(Broadcaster.classTopic, 0)
    }
  }

  /// The trainer has let the sheets be seen, or changed the settings.
  func reload() throws(DeskRefusal) {
    record.version += 1
    try store.save(record)
    if let id = record.exercise { exercise = try store.exercise(id) }
    changed()
  }

  // The exercise that runs

  private func current() throws(DeskRefusal) -> any RunningExercise {
    guard let exercise else { throw .noExercise }
    if let running { return running }
    let replayed = try replay(exercise, exercise.actions)
    running = replayed
    return replayed
  }

  private func start(_ lesson: String, text: String?, seed: UInt64) throws(DeskRefusal) -> any RunningExercise {
    if let text { return try source.begin(text: text, seed: seed) }
    return try source.begin(lesson, seed: seed)
  }

  private func replay(_ exercise: ExerciseRecord, _ actions: [String]) throws(DeskRefusal) -> any RunningExercise {
    var running = try start(exercise.lesson, text: exercise.text, seed: UInt64(bitPattern: exercise.seed))
    for action in actions { try running.perform(action) }
    return running
  }

  /// The card of the exercise under way.
  var card: CardHost? { exercise == nil ? nil : (try? current())?.card }

  /// Whether the world is in memory.
  var isAwake: Bool { running != nil }

  /// Lets go of the world in memory; it comes back by a replay when somebody asks.
  func rest(unlessSeenAfter moment: Double) {
    if record.seen < moment { running = nil }
  }

  // What is shown

  /// What the trainee's page shows.
  func answer(_ language: Language, _ settings: ClassSettings) throws(DeskRefusal) -> SeatAnswer {
    var answer = SeatAnswer(
      seat: .init(id: id, alias: record.alias), version: record.version, settings: .init(settings))
    guard let exercise else { return answer }
    var view = try current().view(language, hidingTries: settings.hideTries)
    if !exercise.isSheetOpen { view.sheet = nil }
    if exercise.examination != nil { view.canTakeBack = false }
    answer.settings.examination = exercise.examination != nil || settings.examination
    answer.exercise = view
    if settings.statusWords { answer.statusWord = .init(after: view, language) }
    return answer
  }

  /// A paper that was printed in the exercise.
  func printed(_ paper: String, _ language: Language) throws(DeskRefusal) -> PrintedPaper? {
    guard exercise != nil else { return nil }
    return try current().printed(paper, language)
  }

  /// The exercise as the trainer sees it: nothing is hidden.
  func view(_ language: Language) throws(DeskRefusal) -> ExerciseView? {
    guard exercise != nil else { return nil }
    return try current().view(language, hidingTries: false)
  }

  private static let onceOnly = DeskRefusal(
    .forbidden,
    BilingualText(ja: "このレッスンは、この試験ではもう終えています", en: "this lesson is done in this examination"),
    fix: BilingualText(ja: "ほかのレッスンを選んでください", en: "choose another lesson"))
  private static let noRestart = DeskRefusal(
    .forbidden, BilingualText(ja: "試験中はやり直しできません", en: "there is no restart in an examination"),
    fix: BilingualText(ja: "このまま続けてください", en: "go on as it is"))
  private static let noTakingBack = DeskRefusal(
    .forbidden, BilingualText(ja: "試験中は操作を戻せません", en: "nothing is taken back in an examination"),
    fix: BilingualText(ja: "このまま続けてください", en: "go on as it is"))
  private static let cannotTakeBack = DeskRefusal(
    .impossible, BilingualText(ja: "この操作は戻せません", en: "this cannot be taken back"),
    fix: BilingualText(ja: "続けるか、最初からやり直してください", en: "go on, or start again"))
  private static let tooMany = DeskRefusal(
    .impossible, BilingualText(ja: "操作が多すぎます", en: "these are too many actions"),
    fix: BilingualText(ja: "応対を終えるか、最初からやり直してください", en: "finish, or start again"))
}

/// A value as JSON text; `nil` for nothing.
func encoded(_ value: (some Encodable)?) -> String? {
  guard let value else { return nil }
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  guard let data = try? encoder.encode(value) else { return nil }
  return String(bytes: data, encoding: .utf8)
}

/// Whether two texts are the same, in a time that does not tell where they differ.
func constantTimeEqual(_ one: String, _ other: String) -> Bool {
  let (one, other) = (Array(one.utf8), Array(other.utf8))
  guard one.count == other.count else { return false }
  return zip(one, other).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
}
