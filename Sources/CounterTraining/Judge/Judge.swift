import CardRules

/// Says what was right and what was not, from what happened and nothing else. Every judgement names its rule.
struct Judge {
  let exercise: Exercise
  let events: [(turn: Int, event: CounterEvent)]

  init(_ exercise: Exercise) {
    self.exercise = exercise
    events = exercise.state.events
  }

  var lesson: Lesson { exercise.variant.lesson }
  var profile: MunicipalityProfile { exercise.variant.profile }
  var customer: Customer { lesson.customer }

  // MARK: Questions to the journal

  /// The turn of the first event that is so, before that place of the journal.
  func turn(before place: Int? = nil, _ isSo: (CounterEvent) -> Bool) -> Int? {
    events.prefix(place ?? events.count).first { isSo($0.event) }?.turn
  }

  func has(before place: Int? = nil, _ isSo: (CounterEvent) -> Bool) -> Bool { turn(before: place, isSo) != nil }

  func said(_ ids: String..., before place: Int? = nil) -> Bool {
    has(before: place) { if case .said(let id) = $0 { ids.contains(id) } else { false } }
  }

  func thing(_ id: String) -> ExerciseState.Thing? { exercise.state.thing(id) }

  func kind(_ id: String) -> PaperKind? { thing(id).flatMap { exercise.catalogue.paper($0.paper.kind) } }

  /// The orders that were carried out, as endings write them.
  var doneOrders: [(turn: Int, text: String)] {
    events.flatMap { turn, event -> [(Int, String)] in
      guard case .done(let order, let record) = event else { return [] }
      return Self.texts(of: order, on: record, before: renewal(before: turn)).map { (turn, $0) }
    }
  }

  /// The record as it was when the order of that turn, or the one that it ends, was begun.
  private func renewal(before turn: Int) -> CounterEvent.Order? {
    events.last { place in
      guard place.turn <= turn, case .begun(let order) = place.event else { return false }
      return order.refusal == nil
    }.flatMap { if case .begun(let order) = $0.event { order } else { nil } }
  }

  /// An order as endings are compared: a reset of two PINs is two resets; an issue in the window is a renewal.
  static func texts(of order: CounterOrder, on record: String, before: CounterEvent.Order?) -> [String] {
    let suffix = record == RecordName.holder || record == RecordName.kiosk ? "" : " \(record)"
    let prefix = record == RecordName.kiosk ? "kiosk " : ""
    switch order {
    case .reset(let secrets): return secrets.map { prefix + "reset \($0.rawValue)" + suffix }
    case .issue(let kinds):
      let day = before?.day
      let isRenewal = kinds.allSatisfy { kind in
        guard let day, let certificate = before?.before[kind] else { return false }
        return certificate.standing == .good && !certificate.isBroken && certificate.window.contains(day)
      }
      return [(isRenewal ? CounterOrder.renew(kinds) : order).description + suffix]
    default: return [order.description + suffix]
    }
  }

  /// Orders as they are compared: neighbouring resets in one order, and auth then sign as one procedure for both.
  static func canonical(_ orders: [String]) -> [String] {
    var result: [String] = []
    var resets: [String] = []
    func flush() {
      result += resets.sorted()
      resets = []
    }
    for order in orders {
      if order.hasPrefix("reset ") {
        resets.append(order)
        continue
      }
      flush()
      let words = order.split(separator: " ")
      let before = result.last?.split(separator: " ") ?? []
      if words.count > 1, words[1] == "sign", before.count == words.count, before[0] == words[0], before[1] == "auth",
        words[0] == "renew" || words[0] == "issue", before.dropFirst(2) == words.dropFirst(2)
      {
        result[result.count - 1] = ([words[0], "sign", "auth"] + words.dropFirst(2)).joined(separator: " ")
        continue
      }
      result.append(order)
    }
    flush()
    return result
  }

  /// The orders of an ending in the same form.
  static func texts(of ending: Ending) -> [String] {
    ending.orders.flatMap { text -> [String] in
      if text.hasPrefix("kiosk ") { return [text] }
      guard case .order(let order, let card)? = try? Action(text) else { return [text] }
      return texts(of: order, on: card ?? RecordName.holder, before: nil)
    }
  }

  // MARK: Papers

  /// Papers accepted before that place, looked at before.
  func accepted(before place: Int? = nil) -> [ExerciseState.Thing] {
    var ids: [String] = []
    for (index, entry) in events.enumerated() where index < place ?? events.count {
      if case .accepted(let id) = entry.event { ids.append(id) }
      if case .rejected(let id) = entry.event { ids.removeAll { $0 == id } }
    }
    return ids.compactMap(thing).filter { thing in
      has(before: place) { $0 == .inspected(thing.id) } && !isOver(thing)
    }
  }

  func isOver(_ thing: ExerciseState.Thing) -> Bool {
    exercise.validUntil(thing).map { $0 < exercise.variant.at.day } ?? false
  }

  /// Whether who stands there had shown who it is.
  func hasIdentity(before place: Int? = nil) -> Bool {
    if customer.way == .telephone {
      return said("ask.birth-date", "ask.address", before: place)
    }
    return accepted(before: place).contains { thing in
      guard exercise.belongsToCustomer(thing) else { return false }
      let hasPhotograph =
        thing.card != nil
        ? exercise.record(thing.card ?? "")?.face.hasPhotograph == true : kind(thing.id)?.proof == .photo
      return hasPhotograph && has(before: place) { $0 == .compared(thing.id, agrees: true) }
    }
  }

  /// The accepted documents of the person in front beside the card.
  func documents(before place: Int? = nil) -> [PaperKind] {
    accepted(before: place).filter { $0.card == nil && exercise.belongsToCustomer($0) && $0.paper.photograph == .same }
      .compactMap { kind($0.id) }.filter { $0.proof == .photo || $0.proof == .plain }
  }

  func hasTwoDocuments(before place: Int? = nil) -> Bool {
    let documents = documents(before: place)
    return documents.count >= 2 && documents.contains { $0.proof == .photo }
  }

  func hasSeal(before place: Int? = nil) -> Bool {
    has(before: place) { if case .opened(_, true, true) = $0 { true } else { false } }
  }

  func hasPower(before place: Int? = nil) -> Bool {
    accepted(before: place).contains { [.power, .letter].contains(kind($0.id)?.proof) } || hasSeal(before: place)
  }

  /// Whether the documents are enough for a reset by the holder (difference C4).
  func hasResetDocuments(before place: Int) -> Bool {
    let documents = documents(before: place)
    switch profile.resetDocuments {
    case .cardOnly: return true
    case .cardAndOneOther, .cardAndOneAOrOneB: return !documents.isEmpty
    case .cardAndOneAOrTwoB: return documents.count >= 2 || documents.contains { $0.proof == .photo }
    }
  }
}

extension CounterEvent.Order {
  /// The day of the order.
  var day: CalendarDay { at.day }
}
