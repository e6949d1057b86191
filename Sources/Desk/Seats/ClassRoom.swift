import CardRules
import CounterTraining
import Foundation

/// The class: its seats, its settings, its own lessons.
actor ClassRoom {
  /// How many seats a desk has.
  static let mostSeats = 40
  /// How many letters a name or alias may have.
  static let longestAlias = 40
  /// A seat nobody has used for so many seconds gives its world in memory back.
  static let restAfter: Double = 15 * 60

  nonisolated let broadcaster: Broadcaster
  /// What opens the trainer's board.
  nonisolated let trainerKey: String
  private let reader: CardReader?
  private let store: DeskStore
  private let source: any LessonSource
  private let now: @Sendable () -> Double
  private(set) var settings: ClassSettings
  private var seats: [String: Seat] = [:]
  private var order: [String] = []
  private var own: [String: (entry: LessonEntry, text: String)] = [:]

  init(
    store: DeskStore, source: any LessonSource, reader: CardReader? = nil,
    now: @escaping @Sendable () -> Double = { Date().timeIntervalSince1970 }
  ) throws(DeskRefusal) {
    self.store = store
    self.source = source
    self.reader = reader
    self.now = now
    broadcaster = Broadcaster()
    // The key stays when the desk is started again in the middle of a class.
    if let key = try store.setting("trainer-key") {
      trainerKey = key
    } else {
      trainerKey = randomToken()
      try store.set("trainer-key", trainerKey)
    }
    settings = ClassSettings()
    if let text = try store.setting("class"),
      let stored = try? JSONDecoder().decode(ClassSettings.self, from: Data(text.utf8))
    {
      settings = stored
    }
    for record in try store.seats() {
      seats[record.id] = try Seat(record, source: source, store: store, broadcaster: broadcaster, now: now)
      order.append(record.id)
    }
    for lesson in try store.ownLessons() {
      if case .success(let entry) = source.check(lesson.text, isFree: false) { own[lesson.name] = (entry, lesson.text) }
    }
  }

  // Seats

  /// Takes a free seat.
  func takeSeat(alias: String) async throws(DeskRefusal) -> (seat: String, token: String) {
    let alias = String(
      alias.unicodeScalars.filter {
        !$0.properties.isDefaultIgnorableCodePoint && $0.properties.generalCategory != .control
      }
      .map(Character.init)
    ).trimmingCharacters(in: .whitespacesAndNewlines)
    guard !alias.isEmpty, alias.count <= Self.longestAlias, alias.utf8.count <= 4 * Self.longestAlias else {
      throw DeskRefusal(
        .wrong, BilingualText(ja: "呼び名は1文字から40文字です", en: "a name has 1 to 40 letters"),
        fix: BilingualText(ja: "短い呼び名を入れてください", en: "enter a short name or an alias"))
    }
    guard seats.count < Self.mostSeats else {
      throw DeskRefusal(
        .full, BilingualText(ja: "40席がすべて使われています", en: "all 40 seats are taken"),
        fix: BilingualText(ja: "指導員に、使っていない席を片づけてもらってください", en: "ask the trainer to clear a seat that nobody uses"))
    }
    let taken = Set(seats.values.map(\.number))
    let number = (1...Self.mostSeats).first { !taken.contains($0) } ?? Self.mostSeats
    let record = SeatRecord(
      id: String(randomToken().prefix(8)), number: number, alias: alias, token: randomToken(), version: 1,
      exercise: nil,
      seen: now())
    try store.save(record)
    seats[record.id] = try Seat(record, source: source, store: store, broadcaster: broadcaster, now: now)
    order.append(record.id)
    await broadcaster.tell(Broadcaster.classTopic, 0)
    return (record.id, record.token)
  }

  /// The seat of a token.
  func seat(_ id: String, token: String?) async throws(DeskRefusal) -> Seat {
    guard let seat = seats[id] else { throw .unknownSeat }
    guard let token else { throw .notYourSeat }
    if await seat.isTaken(with: token) { return seat }
    throw .notYourSeat
  }

  /// A seat, for the trainer.
  func seat(_ id: String) throws(DeskRefusal) -> Seat {
    guard let seat = seats[id] else { throw .unknownSeat }
    return seat
  }

  /// All seats, in the order they were taken.
  var allSeats: [Seat] { order.compactMap { seats[$0] } }

  /// Clears a seat, with all that is known of it.
  func clear(_ id: String) async throws(DeskRefusal) {
    guard seats[id] != nil else { throw .unknownSeat }
    try store.remove(seat: id)
    seats[id] = nil
    order.removeAll { $0 == id }
    await broadcaster.close(id)
    await broadcaster.tell(Broadcaster.classTopic, 0)
  }

  /// Deletes everybody.
  func clearEverybody() async throws(DeskRefusal) {
    try store.removeEverybody()
    for id in order { await broadcaster.close(id) }
    seats = [:]
    order = []
    await broadcaster.tell(Broadcaster.classTopic, 0)
  }

  /// Gives the memory of seats back that nobody uses.
  func rest() async {
    let moment = now() - Self.restAfter
    for seat in seats.values { await seat.rest(unlessSeenAfter: moment) }
  }

  /// The time, in seconds since 1970.
  var moment: Double { now() }

  // The reader

  /// Whether there is a reader, and the seat whose card stands in it.
  var shownInReader: (hasReader: Bool, seat: String?) {
    get async { (reader != nil, await reader?.seat) }
  }

  /// Lets a seat's card stand in the reader, or nobody's.
  func showInReader(_ id: String?) async throws(DeskRefusal) {
    guard let reader else {
      throw DeskRefusal(
        .forbidden, BilingualText(ja: "リーダーなしで動いています", en: "the desk runs without a reader"),
        fix: BilingualText(ja: "'vmyna desk --reader' で始めてください", en: "start it with 'vmyna desk --reader'"))
    }
    await reader.show(try id.map { id throws(DeskRefusal) in try seat(id) }, broadcaster)
    await broadcaster.tell(Broadcaster.classTopic, 0)
  }

  // Settings

  /// Changes the settings; every page asks anew.
  func change(_ change: ClassSettingsChange) async throws(DeskRefusal) {
    let new = change.applied(to: settings)
    if let unknown = new.lessons.first(where: { lesson($0) == nil }) { throw Self.noSuchLesson(unknown) }
    guard let text = encoded(new) else { throw .notStored }
    try store.set("class", text)
    settings = new
    for seat in allSeats { try await seat.reload() }
  }

  /// Lets every sheet of the examinations be seen.
  func releaseSheets() async throws(DeskRefusal) {
    try store.releaseSheets()
    for seat in allSeats { try await seat.reload() }
  }

  // Lessons

  /// Every lesson, the trainer's own after the library's.
  var lessons: [LessonEntry] {
    source.lessons + own.values.map(\.entry).sorted { $0.name < $1.name }
  }

  /// A lesson that can be chosen, with its text when the trainer wrote it.
  func lesson(_ name: String) -> (entry: LessonEntry, text: String?)? {
    if let mine = own[name] { return (mine.entry, mine.text) }
    return source.lessons.first { $0.name == name }.map { ($0, nil) }
  }

  /// Begins a lesson at a seat.
  func begin(_ name: String, seed: UInt64?, at seat: Seat) async throws(DeskRefusal) {
    guard let lesson = lesson(name) else { throw Self.noSuchLesson(name) }
    guard settings.allows(name) else {
      throw DeskRefusal(
        .forbidden, BilingualText(ja: "このレッスンは、いまは選べません", en: "this lesson cannot be chosen now"),
        fix: BilingualText(ja: "一覧にあるレッスンから選んでください", en: "choose one of the list"))
    }
    try await seat.begin(lesson.entry, text: lesson.text, seed: seed, settings)
  }

  /// Begins a lesson from its text at a seat, without keeping it.
  func beginFree(_ text: String, at seat: Seat) async throws(DeskRefusal) {
    switch source.check(text, isFree: true) {
    case .success(let entry): try await seat.begin(entry, text: text, seed: 0, ClassSettings())
    case .failure(let faults): throw Self.faulty(faults)
    }
  }

  /// Says what is wrong with a lesson's text, or what it is. A customer of the day, who has no right ending, is one.
  nonisolated func check(_ text: String) -> Result<LessonEntry, LessonComplaints> { source.check(text, isFree: true) }

  /// Keeps a lesson of the trainer's.
  func keep(_ text: String) async throws(DeskRefusal) -> LessonEntry {
    switch source.check(text, isFree: false) {
    case .failure(let faults): throw Self.faulty(faults)
    case .success(let entry):
      guard !source.lessons.contains(where: { $0.name == entry.name }) else {
        throw DeskRefusal(
          .wrong,
          BilingualText(ja: "\(entry.name) という名前のレッスンは、もうあります", en: "there is a lesson named \(entry.name) already"),
          fix: BilingualText(ja: "name を別の名前にしてください", en: "give it another name"))
      }
      try store.save(OwnLesson(name: entry.name, text: text))
      own[entry.name] = (entry, text)
      await broadcaster.tell(Broadcaster.classTopic, 0)
      return entry
    }
  }

  /// Removes a lesson of the trainer's.
  func remove(lesson name: String) async throws(DeskRefusal) {
    guard own[name] != nil else { throw Self.noSuchLesson(name) }
    try store.remove(lesson: name)
    own[name] = nil
    await broadcaster.tell(Broadcaster.classTopic, 0)
  }

  /// The names of the trainer's own lessons.
  var ownLessons: [String] { own.keys.sorted() }

  /// The text of an own lesson.
  func text(ofLesson name: String) throws(DeskRefusal) -> String {
    guard let lesson = own[name] else { throw Self.noSuchLesson(name) }
    return lesson.text
  }

  /// The list of lessons for a seat.
  func lessons(for seat: Seat, _ language: Language) async throws(DeskRefusal) -> LessonsAnswer {
    let done = try store.exercises(of: seat.id)
    let record = await seat.record
    let current = await seat.exercise
    let answers = lessons.filter { settings.allows($0.name) }.map { entry in
      let mine = done.filter { $0.lesson == entry.name && (!settings.examination || $0.examination == settings.number) }
      // Whether it was right is told together with the sheet.
      let isRight = mine.contains { $0.isRight == true && $0.isSheetOpen }
      let isDone = mine.contains { $0.finished != nil }
      return LessonAnswer(
        name: entry.name, title: entry.title[language], about: entry.about[language],
        state: isRight ? "right" : isDone ? (settings.examination ? "done" : "tried") : mine.isEmpty ? nil : "open")
    }
    return LessonsAnswer(
      seat: .init(id: seat.id, alias: record.alias), version: record.version, settings: .init(settings),
      lessons: answers,
      current: current.flatMap { exercise in
        exercise.finished != nil
          ? nil : .init(name: exercise.lesson, title: language == .ja ? exercise.title : exercise.titleEnglish)
      })
  }

  /// Everything that was done, of one seat or of all.
  func results(of seat: String? = nil) throws(DeskRefusal) -> [ExerciseRecord] { try store.exercises(of: seat) }

  private static func noSuchLesson(_ name: String) -> DeskRefusal {
    DeskRefusal(
      .unknown, BilingualText(ja: "そのレッスンはありません: \(name)", en: "there is no such lesson: \(name)"),
      fix: BilingualText(ja: "一覧から選んでください", en: "choose one of the list"))
  }

  private static func faulty(_ faults: LessonComplaints) -> DeskRefusal {
    let first = faults.complaints.first
    // The checker speaks English; the page says in Japanese where to look, and that English follows.
    return DeskRefusal(
      .wrong,
      BilingualText(
        ja: (first?.line.map { "レッスンの\($0)行目に" } ?? "レッスンに") + "直すところがあります（英語の説明）: \(first?.problem ?? "")",
        en: "the lesson has faults\(first?.line.map { " (line \($0))" } ?? ""): \(first?.problem ?? "")"),
      fix: BilingualText(
        ja: first.map { "「確かめる」で全部の行を見られます（英語の説明）: \($0.fix)" } ?? "内容を確かめてください",
        en: first?.fix ?? "check the lesson"))
  }
}

extension Broadcaster {
  /// What the trainer's board listens to.
  static let classTopic = "class"
}

/// 32 letters that nobody can guess, from the system's randomness.
func randomToken() -> String {
  var generator = SystemRandomNumberGenerator()
  let letters = Array("abcdefghijkmnpqrstuvwxyz23456789")
  return String((0..<32).map { _ in letters[Int.random(in: 0..<letters.count, using: &generator)] })
}
