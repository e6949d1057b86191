import CardRules

extension Judge {
  /// The turn at which a need was met, 0 for what was so from the beginning; `nil` when it is not met.
  func met(_ need: Need) -> Int? {
    switch need {
    case .status: return metStatus
    case .identity: return firstPlace { hasIdentity(before: $0) }
    case .secondDocument: return firstPlace { !documents(before: $0).isEmpty }
    case .power: return firstPlace { hasPower(before: $0) }
    case .twoDocuments: return firstPlace { hasTwoDocuments(before: $0) }
    case .seal: return firstPlace { hasSeal(before: $0) }
    case .say(let id): return turn { $0 == .said(id) }
    case .printed(let paper): return turn { $0 == .printed(paper) }
    case .noted(let what): return turn { $0 == .noted(what) }
    case .charged(let yen): return exercise.state.charged == yen ? turn { if case .charged = $0 { true } else { false } } ?? 0 : nil
    case .returned: return metReturned
    case .destroyed(let paper): return turn { $0 == .destroyed(paper) }
    case .checked: return metChecked
    case .entered(let secret):
      return turn { if case .typed(let entry) = $0 { entry.secret == secret && entry.answer == .right } else { false } }
    case .tries(let secret, let most): return spent(on: secret) <= most ? 0 : nil
    case .called(let number): return turn { $0 == .called(number) }
    case .contact: return turn { $0 == .contact }
    case .did(let order): return doneOrders.first { Self.covers($0.text, order) }?.turn
    case .tried(let order): return metTried(order)
    case .action(let text): return metAction(text, times: 1)
    case .times(let count, let text): return metAction(text, times: count)
    case .before(let first, let second):
      guard let first = met(first), let second = met(second) else { return nil }
      return first < second ? second : nil
    case .not(let need): return met(need) == nil ? 0 : nil
    case .and(let first, let second):
      guard let first = met(first), let second = met(second) else { return nil }
      return max(first, second)
    case .or(let first, let second):
      let turns = [met(first), met(second)].compactMap { $0 }
      return turns.min()
    }
  }

  /// Whether a text begins with whole words.
  static func begins(_ text: String, with start: String) -> Bool { text == start || text.hasPrefix(start + " ") }

  /// Whether an order does what another names: `renew sign auth` covers `renew auth`.
  static func covers(_ order: String, _ named: String) -> Bool {
    let (order, named) = (order.split(separator: " "), named.split(separator: " "))
    return order.first == named.first && named.allSatisfy(order.contains)
  }

  /// The turn at which something that only grows first held.
  private func firstPlace(_ holds: (Int) -> Bool) -> Int? {
    guard holds(events.count) else { return nil }
    for place in 1...max(1, events.count) where holds(place) { return events[place - 1].turn }
    return nil
  }

  private func isOrder(_ event: CounterEvent) -> Bool { if case .begun = event { true } else { false } }

  private var metStatus: Int? {
    guard let read = turn({ if case .statusRead = $0 { true } else { false } }) else { return nil }
    guard let order = turn({ isOrder($0) }) else { return read }
    return read < order ? read : nil
  }

  private var metChecked: Int? {
    let last = events.last { if case .done = $0.event { true } else { false } }?.turn
    guard let last else { return nil }
    return events.first { $0.turn > last && { if case .statusRead = $0 { true } else { false } }($0.event) }?.turn
  }

  private var metReturned: Int? {
    let isLeft = exercise.state.things.contains { thing in
      !thing.isPrinted && !thing.isOpened && (thing.place == .counter || thing.place == .reader)
    }
    guard !isLeft else { return nil }
    return events.last { if case .returned = $0.event { true } else { false } }?.turn ?? 0
  }

  private func metTried(_ text: String) -> Int? {
    events.first { entry in
      guard case .begun(let begun) = entry.event else { return false }
      return Self.texts(of: begun.order, on: begun.record, before: begun).contains { Self.covers($0, text) }
    }?.turn
  }

  private func metAction(_ text: String, times: Int) -> Int? {
    let turns = exercise.actions.enumerated().filter { _, action in
      // An entry from the letter is another thing than one by the customer.
      if case .enter(_, true) = action, !text.hasSuffix("from-letter") { return false }
      return Self.begins(action.description, with: text)
    }.map { $0.offset + 1 }
    return turns.count >= times ? turns[times - 1] : nil
  }

  /// Tries spent in vain on a PIN.
  func spent(on secret: CardSecret? = nil) -> Int {
    events.reduce(0) { count, entry in
      guard case .typed(let typed) = entry.event, secret == nil || typed.secret == secret, typed.isWrong else {
        return count
      }
      return count + 1
    }
  }

  /// Everything that a need names, for the choice of sentences.
  static func phrases(in need: Need) -> [String] {
    switch need {
    case .say(let id): [id]
    case .not(let need): phrases(in: need)
    case .and(let first, let second), .or(let first, let second), .before(let first, let second):
      phrases(in: first) + phrases(in: second)
    case .action(let text), .times(_, let text):
      if case .say(let id)? = try? Action(text) { [id] } else { [] }
    default: []
    }
  }
}
