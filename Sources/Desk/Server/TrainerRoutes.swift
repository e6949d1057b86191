import CardRules
import CounterTraining
import Foundation
import Hummingbird

/// Who the trainer is.
enum Trainer {
  /// Whether a request brings the trainer's key.
  static func isTrainer(_ request: Request, _ room: ClassRoom) -> Bool {
    Answers.token(of: request).map { constantTimeEqual($0, room.trainerKey) } ?? false
  }
}

/// What the trainer's board asks for.
struct TrainerRoutes: Sendable {
  let room: ClassRoom

  private struct Text: Decodable { var yaml: String }
  private struct Checked: Encodable {
    var name: String?
    var title: String?
    var faults: [LessonComplaint]
  }
  private struct Shown: Decodable { var seat: String? }
  private struct Done: Encodable { var done = true }
  private struct OwnText: Encodable { var name: String, yaml: String }

  func add(to router: Router<BasicRequestContext>) {
    router.get("/api/class") { request, _ in
      try admit(request)
      return try Answers.json(try await ClassBoard.read(room, Answers.language(of: request)))
    }
    router.get("/api/class/events") { request, _ in
      try admit(request)
      return await EventStream.response(room.broadcaster, Broadcaster.classTopic) { 0 }
    }
    router.get("/api/class/seats/:seat") { request, context in
      try admit(request)
      let seat = try await seat(context)
      return try Answers.json(try await SeatReport.read(room, seat, Answers.language(of: request)))
    }
    router.delete("/api/class/seats/:seat") { request, context in
      try admit(request)
      try await room.clear(try await seat(context).id)
      return try Answers.json(Done())
    }
    router.delete("/api/class") { request, _ in
      try admit(request)
      try await room.clearEverybody()
      return try Answers.json(Done())
    }
    router.post("/api/class/settings") { request, _ in
      try admit(request)
      try await room.change(try await Answers.body(ClassSettingsChange.self, of: request))
      return try Answers.json(await room.settings)
    }
    router.post("/api/class/release") { request, _ in
      try admit(request)
      try await room.releaseSheets()
      return try Answers.json(Done())
    }
    router.post("/api/class/reader") { request, _ in
      try admit(request)
      try await room.showInReader(try await Answers.body(Shown.self, of: request).seat)
      return try Answers.json(Done())
    }
    router.get("/api/results/:seat") { request, context in
      try admit(request)
      let seat = try await seat(context)
      return try Answers.json(try await SeatReport.read(room, seat, Answers.language(of: request)))
    }
    router.get("/api/results.csv") { request, _ in
      try admit(request)
      return Answers.file(try await ResultTable.csv(room), type: "text/csv; charset=utf-8", name: "results.csv")
    }
    addLessons(to: router)
  }

  private func addLessons(to router: Router<BasicRequestContext>) {
    router.get("/api/lessons") { request, _ in
      try admit(request)
      let language = Answers.language(of: request)
      let lessons = await room.lessons.map {
        LessonAnswer(name: $0.name, title: $0.title[language], about: $0.about[language])
      }
      return try Answers.json(lessons)
    }
    router.get("/api/lessons/:lesson") { request, context in
      try admit(request)
      let name = context.parameters.get("lesson") ?? ""
      return try Answers.json(OwnText(name: name, yaml: try await room.text(ofLesson: name)))
    }
    router.post("/api/lessons/check") { request, _ in
      try admit(request)
      let text = try await Answers.body(Text.self, of: request).yaml
      switch room.check(text) {
      case .success(let entry):
        return try Answers.json(
          Checked(name: entry.name, title: entry.title[Answers.language(of: request)], faults: []))
      case .failure(let faults): return try Answers.json(Checked(faults: faults.complaints))
      }
    }
    router.post("/api/lessons") { request, _ in
      try admit(request)
      let entry = try await room.keep(try await Answers.body(Text.self, of: request).yaml)
      let language = Answers.language(of: request)
      return try Answers.json(
        LessonAnswer(name: entry.name, title: entry.title[language], about: entry.about[language]), status: .created)
    }
    router.delete("/api/lessons/:lesson") { request, context in
      try admit(request)
      try await room.remove(lesson: context.parameters.get("lesson") ?? "")
      return try Answers.json(Done())
    }
  }

  private func admit(_ request: Request) throws(DeskRefusal) {
    guard Trainer.isTrainer(request, room) else { throw .notTheTrainer }
  }

  private func seat(_ context: BasicRequestContext) async throws(DeskRefusal) -> Seat {
    guard let name = context.parameters.get("seat") else { throw .unknownSeat }
    return try await room.seat(name)
  }
}
