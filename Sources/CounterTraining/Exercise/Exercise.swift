import CardRules

/// An exercise: a lesson with a seed, and what the trainee has done so far. Everything follows from the list of actions.
///
/// A copy shares the cards with the original, so only one of the two may go on.
public struct Exercise: Sendable {
  /// The case.
  public let variant: Variant
  /// The sentences and kinds of papers, those of the lesson among them.
  public let catalogue: Catalogue
  /// The cards, records and the registry.
  public let world: any CounterWorld
  /// What has been done.
  public internal(set) var actions: [Action] = []

  var state: ExerciseState

  /// A new exercise.
  public init(_ variant: Variant, catalogue: Catalogue, world: any CounterWorld) {
    self.variant = variant
    self.catalogue = Catalogue(phrases: catalogue.phrases + variant.lesson.phrases, papers: catalogue.papers)
    self.world = world
    state = ExerciseState(now: variant.at)
    begin()
  }

  /// How many actions have been done.
  public var turn: Int { actions.count }
  /// Whether the customer has left.
  public var isFinished: Bool { actions.last == .finish }
  /// The moment in the lesson.
  public var now: JapanInstant { state.now }
  /// What has happened, in order.
  public var events: [CounterEvent] { state.events.map(\.event) }

  /// Whether the last action can be taken back, by a replay of the list without it: speech and papers can, what the
  /// terminal, the card or the telephone did cannot.
  public var canTakeBack: Bool {
    guard let last = actions.last, !isFinished else { return false }
    switch last {
    case .say, .returnAll, .place, .search, .select: return true
    case .paper(let verb, _): return verb != .open && verb != .destroy
    default: return false
    }
  }

  private mutating func begin() {
    let customer = variant.lesson.customer
    for paper in variant.papers {
      var thing = ExerciseState.Thing(paper: paper)
      if paper.kind == CardThing.kind {
        thing.card = if case .record(let record) = paper.owner { record } else { RecordName.holder }
      }
      thing.isSealed = paper.isSealed
      if paper.isAtOffice { thing.place = .office }
      state.things.append(thing)
    }
    state.knows[RecordName.holder] = customer.knows
    for other in variant.lesson.others { state.knows[other.id] = other.knows }
    hear("customer", customer.opening)
  }

  /// Does an action.
  /// - Throws: why it is not possible at all; nothing has changed then, and it does not count.
  public mutating func perform(_ action: Action) throws(Impossible) {
    if let impossible = impossible(action) { throw impossible }
    if case .lift = action, state.writing != nil {
      breakOff(byClerk: true)
    } else {
      endWrite()
    }
    actions.append(action)
    state.notebook.append((state.now, words(for: action)))
    play(action)
    state.now = JapanInstant(unixSeconds: state.now.unixSeconds + Self.seconds(of: action))
  }

  private mutating func play(_ action: Action) {
    switch action {
    case .say(let id): say(id)
    case .paper(let verb, let id): handle(verb, id)
    case .returnAll:
      for thing in state.things where thing.place == .counter { handle(.giveBack, thing.id) }
    case .place(let id): place(id)
    case .lift(let id): lift(id)
    case .search: search()
    case .select(let record): select(record)
    case .status: readStatus()
    case .enter(let secret, let fromLetter): enter(secret, fromLetter: fromLetter)
    case .order(let order, let card): begin(order, card: card)
    case .note(let what):
      state.handNotes.append(what)
      note(.noted(what))
    case .charge(let yen):
      state.charged += yen
      note(.charged(yen))
    case .print(let kind): printPaper(kind)
    case .call(let number): call(number)
    case .recordContact: note(.contact)
    case .wait: note(.waited)
    case .app(let step): play(step)
    case .kiosk(let step): play(step)
    case .finish: note(.finished)
    }
  }

  /// How long an action takes.
  static func seconds(of action: Action) -> Int {
    switch action {
    case .say, .search, .enter: 20
    case .paper(let verb, _): verb == .inspect || verb == .compare ? 15 : 10
    case .returnAll, .place, .lift, .select, .status: 10
    case .order(let order, _): order.writes ? 90 : 30
    case .note, .charge, .print, .recordContact, .wait: 30
    case .call: 180
    case .app, .kiosk: 60
    case .finish: 0
    }
  }

  // MARK: What all of it uses

  mutating func note(_ event: CounterEvent) { state.events.append((actions.count, event)) }

  mutating func hear(_ who: String, _ text: BilingualText) {
    state.speech.append(ExerciseState.Line(who: who, text: filled(text)))
  }

  mutating func tell(_ message: BilingualText, isError: Bool = false) {
    state.terminal.message = message
    state.terminal.isError = isError
    if isError { state.terminal.screen = .error }
  }

  mutating func change(_ id: String, _ body: (inout ExerciseState.Thing) -> Void) {
    guard let index = state.things.firstIndex(where: { $0.id == id }) else { return }
    body(&state.things[index])
  }

  /// Whether a scripted event happens at this moment, which is counted.
  mutating func happens(at moment: ScriptedEvent.Moment) -> ScriptedEvent.Happening? {
    let number = (state.moments[moment] ?? 0) + 1
    state.moments[moment] = number
    return variant.lesson.events.first { $0.on == moment && ($0.number == number || $0.number == 0) }?.happening
  }

  func record(_ name: String) -> RecordFacts? { world.record(name, at: state.now) }
}

/// An action that is not possible here: nothing has happened.
public struct Impossible: Error, Sendable, Hashable {
  /// Why not.
  public var reason: BilingualText
  /// What to do.
  public var fix: BilingualText

  init(ja: String, en: String, fixJA: String, fixEN: String) {
    reason = BilingualText(ja: ja, en: en)
    fix = BilingualText(ja: fixJA, en: fixEN)
  }
}

/// The record of the card's holder.
public enum RecordName {
  /// Its name.
  public static let holder = "holder"
}

/// The My Number card as a thing on the counter.
public enum CardThing {
  /// Its kind, and the name of the holder's.
  public static let kind = "card"
}
