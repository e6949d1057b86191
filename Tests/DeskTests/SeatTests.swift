import CardRules
import CounterTraining
import Foundation
import Testing

@testable import Desk

@Suite struct SeatTests {
  let store: DeskStore
  let room: ClassRoom

  init() throws {
    store = try DeskStore(folder: nil)
    room = try ClassRoom(store: store, source: SampleLessons(), now: { 1_800_000_000 })
  }

  func sit(_ alias: String = "すずめ") async throws -> Seat {
    let (id, token) = try await room.takeSeat(alias: alias)
    return try await room.seat(id, token: token)
  }

  func refusal(_ work: () async throws -> Void) async -> DeskRefusal.Kind? {
    do {
      try await work()
      return nil
    } catch let error as DeskRefusal {
      return error.kind
    } catch {
      return nil
    }
  }

  @Test func anActionNeedsTheTurnThatThePageHasSeen() async throws {
    let seat = try await sit()
    #expect(await refusal { try await seat.act("ask purpose", turn: 0, version: nil) } == .impossible)
    try await room.begin("S01", seed: nil, at: seat)
    try await seat.act("ask purpose", turn: 0, version: nil)
    #expect(await refusal { try await seat.act("ask purpose", turn: 0, version: nil) } == .stale)
    #expect(await refusal { try await seat.act("ask purpose", turn: 1, version: 1) } == .stale)
    #expect(await refusal { try await seat.act("fly", turn: 1, version: nil) } == .impossible)
    let answer = try await seat.answer(.ja, ClassSettings())
    #expect(answer.exercise?.turn == 1)
    #expect(answer.exercise?.lesson == "S01")
  }

  @Test func onlyWhatCanBeTakenBackIsTakenBack() async throws {
    let seat = try await sit()
    try await room.begin("S01", seed: nil, at: seat)
    try await seat.act("ask purpose", turn: 0, version: nil)
    try await seat.takeBack(turn: 1, version: nil)
    #expect(try await seat.answer(.ja, ClassSettings()).exercise?.turn == 0)
    try await seat.act("enter sign", turn: 0, version: nil)
    #expect(await refusal { try await seat.takeBack(turn: 1, version: nil) } == .impossible)
  }

  @Test func aRestartIsTheSameCaseOrAnother() async throws {
    let seat = try await sit()
    try await room.begin("S01", seed: nil, at: seat)
    try await seat.act("ask purpose", turn: 0, version: nil)
    try await seat.restart(seed: 0, ClassSettings())
    #expect(try await seat.answer(.ja, ClassSettings()).exercise?.seed == 0)
    #expect(try await seat.answer(.ja, ClassSettings()).exercise?.turn == 0)
    try await seat.restart(seed: nil, ClassSettings())
    try await seat.restart(seed: nil, ClassSettings())
    #expect(try await seat.answer(.ja, ClassSettings()).exercise?.seed == 2)
  }

  @Test func aSeatIsOpenedByItsTokenAlone() async throws {
    let (id, token) = try await room.takeSeat(alias: "a")
    #expect(await refusal { _ = try await room.seat(id, token: nil) } == .notYours)
    #expect(await refusal { _ = try await room.seat(id, token: String(token.dropLast())) } == .notYours)
    #expect(await refusal { _ = try await room.seat("nobody", token: token) } == .unknown)
    #expect(await refusal { _ = try await room.seat(id, token: token) } == nil)
  }

  @Test func theFortyFirstIsRefusedUntilASeatIsCleared() async throws {
    var last = ""
    for number in 1...ClassRoom.mostSeats { last = try await room.takeSeat(alias: "席\(number)").seat }
    #expect(await refusal { _ = try await room.takeSeat(alias: "席41") } == .full)
    try await room.clear(last)
    #expect(await refusal { _ = try await room.takeSeat(alias: "席41") } == nil)
  }

  @Test(arguments: ["", "   ", "\u{200B}", String(repeating: "長", count: 41), "\n\t"])
  func aNameThatIsNone(_ alias: String) async {
    #expect(await refusal { _ = try await room.takeSeat(alias: alias) } == .wrong)
  }

  @Test func aScriptInANameIsAName() async throws {
    let seat = try await sit("<script>alert(1)</script>")
    #expect(await seat.record.alias == "<script>alert(1)</script>")
  }

  @Test func everythingComesBackAfterAKill() async throws {
    let seat = try await sit()
    try await room.begin("S01", seed: nil, at: seat)
    for (turn, action) in ["ask purpose", "enter sign", "ask age"].enumerated() {
      try await seat.act(action, turn: turn, version: nil)
    }
    // Nothing of the old room is used: a killed process leaves only the store.
    let again = try ClassRoom(store: store, source: SampleLessons(), now: { 1_800_000_100 })
    #expect(again.trainerKey == room.trainerKey)
    let back = try await again.seat(seat.id, token: await seat.record.token)
    let answer = try await back.answer(.ja, ClassSettings())
    #expect(answer.exercise?.notebook.map(\.text) == ["ask purpose", "enter sign", "ask age"])
    #expect(answer.version == (await seat.record.version))
  }

  @Test func twoTabsNeverMix() async throws {
    let seat = try await sit()
    try await room.begin("S01", seed: nil, at: seat)
    let done = await withTaskGroup(of: Bool.self) { group in
      for tab in 0..<20 {
        group.addTask { await refusal { try await seat.act("ask \(tab)", turn: 0, version: nil) } == nil }
      }
      return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
    }
    #expect(done == 1)
    #expect(try await seat.answer(.ja, ClassSettings()).exercise?.turn == 1)
  }

  @Test func anExerciseHasAnEnd() async throws {
    let seat = try await sit()
    try await room.begin("S01", seed: nil, at: seat)
    for turn in 0..<Seat.mostActions { try await seat.act("ask purpose", turn: turn, version: nil) }
    let refused = await refusal { try await seat.act("ask purpose", turn: Seat.mostActions, version: nil) }
    #expect(refused == .impossible)
  }

  @Test func othersAreToldOfEveryChange() async throws {
    let seat = try await sit()
    var changes = await room.broadcaster.listen(to: seat.id).makeAsyncIterator()
    try await room.begin("S01", seed: nil, at: seat)
    #expect(await changes.next() == 2)
    await room.broadcaster.close()
    #expect(await changes.next() == nil)
  }

  @Test func anOlderVersionIsNotTold() async {
    let broadcaster = Broadcaster()
    var changes = await broadcaster.listen(to: "seat").makeAsyncIterator()
    await broadcaster.tell("seat", 3)
    await broadcaster.tell("seat", 2)
    #expect(await changes.next() == 3)
    await broadcaster.tell("seat", 3)
    await broadcaster.tell("seat", 4)
    #expect(await changes.next() == 4)
    var uncounted = await broadcaster.listen(to: Broadcaster.classTopic).makeAsyncIterator()
    for _ in 0..<2 {
      await broadcaster.tell(Broadcaster.classTopic, 0)
      #expect(await uncounted.next() == 0)
    }
  }

  @Test func ofTwoQuickChoicesOneIsWatched() async throws {
    let path = FileManager.default.temporaryDirectory.path + "/vmyna-\(UUID().uuidString.prefix(8))"
    let reader = try CardReader(socket: path, readerName: "reader")
    let (one, other) = (try await sit("a"), try await sit("b"))
    let broadcaster = room.broadcaster
    for _ in 0..<50 {
      await withTaskGroup(of: Void.self) { group in
        for seat in [one, other] { group.addTask { await reader.show(seat, broadcaster) } }
      }
      let shown = await reader.seat
      #expect(shown == one.id || shown == other.id)
      for seat in [one, other] {
        let wanted = seat.id == shown ? 1 : 0
        for _ in 0..<200 where await broadcaster.count(seat.id) != wanted {
          try await Task.sleep(for: .milliseconds(10))
        }
        #expect(await broadcaster.count(seat.id) == wanted)
      }
    }
    await reader.stop()
  }

  // Examinations

  @Test func anExaminationIsOnceAndCloses() async throws {
    let seat = try await sit()
    try await room.change(ClassSettingsChange(examination: true, lessons: ["S02"]))
    let settings = await room.settings
    #expect(await refusal { try await room.begin("S01", seed: nil, at: seat) } == .forbidden)
    #expect(try await room.lessons(for: seat, .ja).lessons.map(\.name) == ["S02"])
    try await room.begin("S02", seed: 77, at: seat)
    // The trainee does not choose the case.
    #expect(try await seat.answer(.ja, settings).exercise?.seed == 1001)
    try await seat.act("ask purpose", turn: 0, version: nil)
    #expect(await refusal { try await seat.restart(seed: nil, settings) } == .forbidden)
    // To choose it again goes on with it.
    try await room.begin("S02", seed: nil, at: seat)
    #expect(try await seat.answer(.ja, settings).exercise?.turn == 1)
    try await seat.act("finish", turn: 1, version: nil)
    #expect(try await seat.answer(.ja, settings).exercise?.isFinished == true)
    #expect(try await seat.answer(.ja, settings).exercise?.sheet == nil)
    #expect(try await room.lessons(for: seat, .ja).lessons.map(\.state) == ["done"])
    #expect(await refusal { try await room.begin("S02", seed: nil, at: seat) } == .forbidden)
    // The sheet stays closed when the examination ends, and opens when the trainer says so.
    try await room.change(ClassSettingsChange(examination: false))
    #expect(try await seat.answer(.ja, await room.settings).exercise?.sheet == nil)
    #expect(try await ClassBoard.read(room, .ja).withheld == 1)
    try await room.releaseSheets()
    #expect(try await seat.answer(.ja, await room.settings).exercise?.sheet != nil)
  }

  @Test func nothingIsTakenBackInAnExamination() async throws {
    let seat = try await sit()
    try await room.change(ClassSettingsChange(examination: true))
    try await room.begin("S01", seed: nil, at: seat)
    try await seat.act("ask purpose", turn: 0, version: nil)
    #expect(await refusal { try await seat.takeBack(turn: 1, version: nil) } == .forbidden)
    let answer = try await seat.answer(.ja, await room.settings)
    #expect(answer.exercise?.canTakeBack == false)
    #expect(answer.exercise?.turn == 1)
  }

  @Test func triesAreHiddenWhenTheTrainerSaysSo() async throws {
    let seat = try await sit()
    try await room.begin("S01", seed: nil, at: seat)
    #expect(try await seat.answer(.ja, await room.settings).exercise?.terminal.tries.isEmpty == false)
    try await room.change(ClassSettingsChange(hideTries: true))
    #expect(try await seat.answer(.ja, await room.settings).exercise?.terminal.tries.isEmpty == true)
  }

  @Test func theStatusWordOfTheLastEntry() throws {
    var view = Fixture.view
    let table: [(String?, Int?, String?)] = [
      ("right", 3, "9000"), ("wrong", 2, "63C2"), ("wrong", 0, "63C0"), ("locked", 0, "6984"), (nil, 3, nil),
      ("nothing", 3, nil),
    ]
    for (result, left, code) in table {
      view.pad.result = result
      view.pad.asks = view.terminal.tries[0].pin
      view.terminal.tries[0].left = left
      #expect(SeatAnswer.StatusWord(after: view, .ja)?.code == code)
    }
    // Hidden tries are not told by the status word either.
    view.terminal.tries = []
    view.pad.result = "wrong"
    #expect(SeatAnswer.StatusWord(after: view, .ja) == nil)
  }

  // Results

  @Test func mistakesAreCountedByTheirNumber() async throws {
    let seat = try await sit("=1+1")
    try await room.begin("S01", seed: nil, at: seat)
    try await seat.act("finish", turn: 0, version: nil)
    let board = try await ClassBoard.read(room, .ja)
    #expect(board.seats.first?.mistakes == ["E15": 1, "explain-next-day": 1])
    #expect(board.mistakes["E15"] == 1)
    let table = try await ResultTable.csv(room)
    #expect(table.hasPrefix("\u{FEFF}\"seat\",\"alias\""))
    #expect(table.contains("\"'=1+1\""))
    #expect(table.contains("\"E15\""))
    let report = try await SeatReport.read(room, seat, .en)
    #expect(report.exercises.first?.sheet?.mistakes.first?.code == "E15")
  }

  @Test func theBoardSaysWhatFindingsOfACodeHaveInCommon() async throws {
    let seat = try await sit()
    try await room.begin("S01", seed: nil, at: seat)
    try await seat.act("finish", turn: 0, version: nil)
    var exercise = try #require(try await room.results().first)
    var sheet = try #require(exercise.scoreSheet(.ja))
    sheet.omissions = ["もう1点の確認書類", "手続きの後に状態を見る"].map { detail in
      var finding = sheet.mistakes[0]
      finding.code = "missing-step"
      finding.text = "手順が抜けている: " + detail
      return finding
    }
    exercise.sheet = encoded(sheet)
    _ = try store.save(await seat.record, exercise)
    let board = try await ClassBoard.read(room, .ja)
    #expect(board.mistakes["missing-step"] == 2)
    #expect(board.words["missing-step"] == "手順が抜けている")
  }

  @Test func aFaultOfALessonIsToldInJapaneseWithItsLine() async throws {
    await #expect {
      _ = try await room.keep("nonsense")
    } throws: { error in
      guard let refusal = error as? DeskRefusal else { return false }
      return refusal.what.ja.hasPrefix("レッスンの1行目に直すところがあります（英語の説明）: ") && refusal.what.en.contains("(line 1)")
    }
  }

  @Test func everybodyCanBeDeleted() async throws {
    let seat = try await sit()
    try await room.begin("S01", seed: nil, at: seat)
    try await room.clearEverybody()
    #expect(await room.allSeats.isEmpty)
    #expect(try await room.results().isEmpty)
    #expect(await refusal { _ = try await room.seat(seat.id) } == .unknown)
  }

  // Own lessons

  @Test func ownLessonsAreCheckedAndKept() async throws {
    #expect(await refusal { _ = try await room.keep("nonsense") } == .wrong)
    #expect(await refusal { _ = try await room.keep("name: S01\n") } == .wrong)
    _ = try await room.keep("name: X1\n")
    let again = try ClassRoom(store: store, source: SampleLessons())
    #expect(await again.lessons.map(\.name) == ["S01", "S02", "X1"])
    let seat = try await sit()
    try await room.begin("X1", seed: nil, at: seat)
    #expect(try await seat.answer(.ja, ClassSettings()).exercise?.lesson == "OWN")
    try await room.remove(lesson: "X1")
    #expect(await refusal { try await room.begin("X1", seed: nil, at: seat) } == .unknown)
    // The exercise that runs has its own copy.
    try await seat.act("ask purpose", turn: 0, version: nil)
  }
}
