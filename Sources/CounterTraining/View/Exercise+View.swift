import CardRules

extension Exercise {
  /// All that the page shows.
  /// - Parameter hidesTries: in an examination the tries left are not shown.
  public func view(_ language: Language, hidesTries: Bool = false) -> ExerciseView {
    let writer = ViewWriter(self, language, hidesTries: hidesTries)
    return ExerciseView(
      lesson: variant.lesson.name, title: variant.lesson.title[language], seed: variant.seed, turn: turn,
      clock: String(now.description.prefix(16)), weekday: writer.weekday, profile: variant.profile.name,
      role: writer.role, customer: writer.customer, say: isFinished ? [] : writer.say, counter: writer.counter,
      reader: writer.reader, terminal: writer.terminal, pad: writer.pad,
      telephone: isFinished ? [] : Action.numbers.map { writer.choice(.call($0)) } + [writer.choice(.recordContact)],
      desk: isFinished ? [] : writer.desk, customerSide: isFinished ? [] : writer.customerSide,
      notebook: state.notebook.map {
        ExerciseView.Note(time: String($0.time.description.dropFirst(11).prefix(5)), text: $0.text[language])
      }, actions: isFinished ? [] : [writer.choice(.wait), writer.choice(.finish)], canTakeBack: canTakeBack,
      isFinished: isFinished, sheet: sheet(language))
  }
}

/// Writes the parts of a view in one language.
struct ViewWriter {
  let exercise: Exercise
  let language: Language
  let hidesTries: Bool

  init(_ exercise: Exercise, _ language: Language, hidesTries: Bool) {
    self.exercise = exercise
    self.language = language
    self.hidesTries = hidesTries
  }

  var state: ExerciseState { exercise.state }

  func choice(_ action: Action) -> ExerciseView.Choice {
    ExerciseView.Choice(action: action.description, text: exercise.words(for: action)[language])
  }

  func say(_ ja: String, _ en: String) -> String { language == .ja ? ja : en }

  func day(_ day: CalendarDay?) -> String { day.map { Exercise.words(for: $0, language) } ?? say("不明", "not known") }

  var weekday: String {
    let place = ((exercise.now.day.ordinal + 3) % 7 + 7) % 7
    return (language == .ja
      ? ["月", "火", "水", "木", "金", "土", "日"] : ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"])[place]
  }

  // MARK: The customer

  /// Whether the customer may go home or to a shop with the card.
  private var isCustomerSideOpen: Bool {
    let leads: Set<String> = ["offer.shop", "refer.shop", "explain.shop-steps"]
    let isTold = exercise.events.contains { if case .said(let id) = $0 { leads.contains(id) } else { false } }
    return isTold && state.thing(CardThing.kind)?.place == .customer
  }

  var role: String { state.app.isEmpty && state.kiosk.isEmpty ? "clerk" : "customer" }

  var customerSide: [ExerciseView.Choice] {
    guard isCustomerSideOpen else { return [] }
    return [
      Action.app(.photograph), .app(.enter(.auth)), .app(.enter(.sign)), .app(.face), .kiosk(.insert),
      .kiosk(.enter(.auth)), .kiosk(.enter(.sign)), .kiosk(.reset(.sign)), .kiosk(.reset(.auth)),
    ].map(choice)
  }

  var customer: ExerciseView.Customer {
    let person = exercise.variant.customer
    let isKnown = exercise.events.contains { event in
      switch event {
      case .inspected(let id): state.thing(id).map(exercise.belongsToCustomer) ?? false
      case .said("ask.who-are-you"): true
      default: false
      }
    }
    return ExerciseView.Customer(
      portrait: person.portrait, isWoman: person.isWoman,
      age: person.birth.map { BirthdayRule(born: $0).age(on: exercise.variant.at.day) },
      name: isKnown ? person.name : nil, isOnTelephone: exercise.variant.lesson.customer.way == .telephone,
      speech: state.speech.map { ExerciseView.Line(who: $0.who, text: $0.text[language]) })
  }

  // MARK: Things on the counter

  var counter: [ExerciseView.Thing] {
    state.things.filter { thing in
      // What is still in the bag is not seen.
      thing.place != .customer && thing.place != .office || exercise.events.contains(.took(thing.id)) || exercise.events.contains(.returned(thing.id))
    }.map(thing)
  }

  private func thing(_ thing: ExerciseState.Thing) -> ExerciseView.Thing {
    let kind = exercise.catalogue.paper(thing.paper.kind)
    let owner = exercise.owner(of: thing)
    let hasPhotograph =
      thing.card.map { exercise.record($0)?.face.hasPhotograph == true } ?? (kind?.facts.contains(.photograph) == true)
    var portrait: UInt64?
    if thing.isInspected, hasPhotograph {
      let own = exercise.belongsToCustomer(thing) ? exercise.variant.customer.portrait : owner.portrait
      portrait = thing.paper.photograph == .same ? own : own ^ 0x5A5A_5A5A
    }
    return ExerciseView.Thing(
      id: thing.id, kind: thing.paper.kind, title: exercise.title(of: thing.id)[language],
      place: thing.place.rawValue, facts: thing.isInspected ? facts(thing) : nil, portrait: portrait,
      state: thing.verdict.rawValue, isSealed: thing.isInspected || thing.isOpened ? thing.isSealed : nil,
      agrees: thing.agrees, isPrintable: thing.isPrinted, actions: exercise.isFinished ? [] : actions(thing))
  }

  private func actions(_ thing: ExerciseState.Thing) -> [ExerciseView.Choice] {
    switch thing.place {
    case .counter:
      var actions: [Action] = []
      if !thing.isPrinted {
        actions = [Action.PaperVerb.inspect, .compare, .accept, .reject].map { .paper($0, thing.id) }
      }
      if thing.isSealed == true { actions.append(.paper(.open, thing.id)) }
      if thing.card != nil, exercise.impossible(.place(thing.id)) == nil { actions.append(.place(thing.id)) }
      actions.append(.paper(.giveBack, thing.id))
      if thing.card == nil { actions.append(.paper(.destroy, thing.id)) }
      return actions.map(choice)
    case .reader: return [choice(.lift(thing.id))]
    case .customer, .office: return [choice(.paper(.take, thing.id))]
    case .sent, .destroyed: return []
    }
  }

  /// What stands on a paper.
  func facts(_ thing: ExerciseState.Thing) -> [ExerciseView.Fact] {
    if let card = thing.card, let record = exercise.record(card) { return cardFacts(record) }
    let owner = exercise.owner(of: thing)
    let kind = exercise.catalogue.paper(thing.paper.kind)
    var facts: [ExerciseView.Fact] = []
    func add(_ ja: String, _ en: String, _ value: String) {
      facts.append(ExerciseView.Fact(label: say(ja, en), value: value))
    }
    for fact in kind?.facts ?? [] {
      switch fact {
      case .name: add("氏名", "Name", thing.paper.name ?? owner.name)
      case .birth: add("生年月日", "Date of birth", day(owner.birth))
      case .address: add("住所", "Address", thing.paper.address ?? owner.address)
      case .validUntil:
        if let until = exercise.validUntil(thing) { add("有効期限", "Valid until", day(until)) }
      case .photograph: add("写真", "Photograph", say("あり", "yes"))
      case .seal:
        add("封", "Seal", seal(thing))
      case .text:
        if let text = thing.paper.text { add("記載", "It says", exercise.filled(text)[language]) }
      }
    }
    if thing.isOpened || thing.isSealed == false, !thing.paper.pins.isEmpty {
      let pins = CardSecret.allCases.filter { thing.paper.pins[$0] != nil }
      add("暗証番号", "PINs", pins.map { Exercise.words(for: $0)[language] }.joined(separator: say("、", ", ")))
    }
    if thing.isOpened || thing.isSealed == false, thing.paper.hasNewPIN {
      add("希望する暗証番号", "New PIN", say("記入あり", "filled in"))
    }
    return facts
  }

  private func seal(_ thing: ExerciseState.Thing) -> String {
    switch thing.isSealed {
    case true?: say("封がされている", "sealed")
    case false?: thing.isOpened ? say("窓口で開封した", "opened here") : say("封が開いている", "open")
    case nil: say("封筒なし", "no envelope")
    }
  }

  private func cardFacts(_ record: RecordFacts) -> [ExerciseView.Fact] {
    let face = record.face
    var facts = [
      ExerciseView.Fact(label: say("氏名", "Name"), value: face.name),
      ExerciseView.Fact(label: say("生年月日", "Date of birth"), value: day(record.birth)),
      ExerciseView.Fact(label: say("住所", "Address"), value: face.address),
      ExerciseView.Fact(label: say("カードの有効期限", "Card valid until"), value: day(face.end)),
      ExerciseView.Fact(
        label: say("写真", "Photograph"), value: face.hasPhotograph ? say("あり", "yes") : say("なし", "none")),
    ]
    for note in face.notes { facts.append(ExerciseView.Fact(label: say("追記欄", "Notes"), value: note)) }
    facts.append(
      ExerciseView.Fact(label: say("追記欄の余白", "Room for notes"), value: say("\(face.freeLines)行", "\(face.freeLines) lines")))
    if face.isForFaceAuthentication { facts.append(ExerciseView.Fact(label: say("表示", "Mark"), value: "顔認証")) }
    return facts
  }
}
