import CardRules
import CounterTraining
import Hummingbird

/// What a trainee's page asks for. Every request but the first brings the seat's token.
struct SeatRoutes: Sendable {
  let room: ClassRoom

  private struct Alias: Decodable { var alias: String }
  private struct Taken: Encodable { var seat: String, token: String }
  private struct Choice: Decodable { var name: String, seed: UInt64? }
  private struct Deed: Decodable { var action: String, turn: Int, version: Int? }
  private struct Step: Decodable { var turn: Int, version: Int? }
  private struct Seed: Decodable { var seed: UInt64? }
  private struct Free: Decodable { var yaml: String }
  func add(to router: Router<BasicRequestContext>) {
    router.post("/api/seats") { request, _ in
      let body = try await Answers.body(Alias.self, of: request)
      let (seat, token) = try await room.takeSeat(alias: body.alias)
      return try Answers.json(Taken(seat: seat, token: token), status: .created)
    }
    router.get("/api/seats/:seat") { request, context in
      try await answer(try await seat(request, context), request)
    }
    router.get("/api/seats/:seat/lessons") { request, context in
      let seat = try await seat(request, context)
      return try Answers.json(try await room.lessons(for: seat, Answers.language(of: request)))
    }
    router.post("/api/seats/:seat/lesson") { request, context in
      let seat = try await seat(request, context)
      let body = try await Answers.body(Choice.self, of: request)
      try await room.begin(body.name, seed: body.seed, at: seat)
      return try await answer(seat, request)
    }
    router.post("/api/seats/:seat/actions") { request, context in
      let seat = try await seat(request, context)
      let body = try await Answers.body(Deed.self, of: request)
      guard body.action.utf8.count <= 200 else { throw Answers.notJSON }
      return try await changing(seat, request) { () async throws(DeskRefusal) in
        try await seat.act(body.action, turn: body.turn, version: body.version)
      }
    }
    router.post("/api/seats/:seat/back") { request, context in
      let seat = try await seat(request, context)
      let body = try await Answers.body(Step.self, of: request)
      return try await changing(seat, request) { () async throws(DeskRefusal) in
        try await seat.takeBack(turn: body.turn, version: body.version)
      }
    }
    router.post("/api/seats/:seat/restart") { request, context in
      let seat = try await seat(request, context)
      let body = try await Answers.body(Seed.self, of: request)
      try await seat.restart(seed: body.seed, await room.settings)
      return try await answer(seat, request)
    }
    router.post("/api/seats/:seat/leave") { request, context in
      let seat = try await seat(request, context)
      try await seat.leave()
      return try await answer(seat, request)
    }
    router.post("/api/seats/:seat/free") { request, context in
      // The trainer sets a customer up for a seat; nobody else.
      guard Trainer.isTrainer(request, room) else { throw DeskRefusal.notTheTrainer }
      let seat = try await room.seat(try name(context))
      let body = try await Answers.body(Free.self, of: request)
      try await room.beginFree(body.yaml, at: seat)
      return try await answer(seat, request)
    }
    router.get("/api/seats/:seat/papers/:paper") { request, context in
      let seat = try await seat(request, context)
      let name = context.parameters.get("paper") ?? ""
      guard let paper = try await seat.printed(name, Answers.language(of: request)) else { throw Guard.noSuchPage }
      return try Answers.json(paper)
    }
    router.get("/api/seats/:seat/events") { request, context in
      let seat = try await seat(request, context)
      return await EventStream.response(room.broadcaster, seat.id) { await seat.record.version }
    }
  }

  private func name(_ context: BasicRequestContext) throws(DeskRefusal) -> String {
    guard let name = context.parameters.get("seat") else { throw .unknownSeat }
    return name
  }

  /// The seat that a request is about, when it may be.
  private func seat(_ request: Request, _ context: BasicRequestContext) async throws(DeskRefusal) -> Seat {
    try await room.seat(try name(context), token: Answers.token(of: request))
  }

  private func answer(_ seat: Seat, _ request: Request) async throws(DeskRefusal) -> Response {
    try Answers.json(try await seat.answer(Answers.language(of: request), await room.settings))
  }

  /// Does something; who is behind gets how it stands now.
  private func changing(
    _ seat: Seat, _ request: Request, _ work: () async throws(DeskRefusal) -> Void
  ) async throws(DeskRefusal) -> Response {
    do {
      try await work()
    } catch {
      guard error.kind == .stale else { throw error }
      let language = Answers.language(of: request)
      let present = try await seat.answer(language, await room.settings)
      return Answers.refusal(error, language, present: present)
    }
    return try await answer(seat, request)
  }
}
