import CardRules

extension Exercise {
  mutating func handle(_ verb: Action.PaperVerb, _ id: String) {
    switch verb {
    case .take: take(id)
    case .inspect:
      change(id) { $0.isInspected = true }
      note(.inspected(id))
    case .compare: compare(id)
    case .accept:
      change(id) { $0.verdict = .accepted }
      note(.accepted(id))
    case .reject:
      change(id) { $0.verdict = .rejected }
      note(.rejected(id))
    case .open:
      guard let thing = state.thing(id) else { return }
      change(id) {
        $0.isSealed = false
        $0.isOpened = true
      }
      note(.opened(id, wasSealed: thing.isSealed == true, wasInspected: thing.isInspected))
    case .destroy:
      change(id) { $0.place = .destroyed }
      note(.destroyed(id))
    case .giveBack:
      change(id) { $0.place = .customer }
      note(.returned(id))
    }
  }

  private mutating func take(_ id: String) {
    let thing =
      state.things.first { $0.id == id } ?? state.things.first { $0.paper.kind == id && $0.place == .customer }
      ?? (id == VariationRules.anyDocument ? firstDocument : nil)
    let isThere = thing?.paper.after.map { after in events.contains(.said(after)) } ?? true
    if let thing, thing.place == .office {
      change(thing.id) { $0.place = .counter }
      hear("system", BilingualText(ja: "保管庫から出した。", en: "Fetched from the safe."))
      note(.took(thing.id))
      return
    }
    guard let thing, isThere, thing.place == .customer, variant.lesson.customer.way == .counter else {
      if thing?.place == .counter || thing?.place == .reader { return }
      hear("customer", BilingualText(ja: "今日は持っていません。", en: "I do not have it with me."))
      note(.missing(id))
      return
    }
    change(thing.id) { $0.place = .counter }
    hear("customer", BilingualText(ja: "はい、これです。", en: "Here you are."))
    note(.took(thing.id))
  }

  /// Any document of the customer that is still in the bag.
  private var firstDocument: ExerciseState.Thing? {
    state.things.first { thing in
      let proof = catalogue.paper(thing.paper.kind)?.proof
      return thing.place == .customer && (proof == .photo || proof == .plain)
    }
  }

  private mutating func compare(_ id: String) {
    guard let thing = state.thing(id) else { return }
    let agrees = agrees(thing)
    change(id) { $0.agrees = agrees }
    hear(
      "system",
      agrees
        ? BilingualText(ja: "目の前の方と一致している。", en: "It agrees with the person in front.")
        : BilingualText(ja: "目の前の方と一致しない。", en: "It does not agree with the person in front."))
    note(.compared(id, agrees: agrees))
  }

  /// Whether photograph or name are those of the person in front; a letter or a proof of power, those of the holder.
  private func agrees(_ thing: ExerciseState.Thing) -> Bool {
    guard thing.paper.photograph == .same, thing.paper.name == nil else { return false }
    let kind = catalogue.paper(thing.paper.kind)
    if kind?.proof == .letter || kind?.proof == .power { return true }
    return belongsToCustomer(thing)
  }

  /// Whether it is the paper of the person in front.
  func belongsToCustomer(_ thing: ExerciseState.Thing) -> Bool {
    switch thing.paper.owner {
    case .customer: true
    case .holder: variant.lesson.customer.isHolder
    case .record: false
    }
  }

  /// Whose name stands on it.
  func owner(of thing: ExerciseState.Thing) -> (name: String, birth: CalendarDay?, address: String, portrait: UInt64) {
    if let card = thing.card, let record = record(card) {
      return (record.face.name, record.birth, record.face.address, record.face.portrait)
    }
    let name: String
    switch thing.paper.owner {
    case .holder: name = RecordName.holder
    case .record(let record): name = record
    case .customer:
      if variant.lesson.customer.isHolder {
        name = RecordName.holder
      } else {
        let person = variant.customer
        return (person.name, person.birth, person.address, person.portrait)
      }
    }
    guard let record = record(name) else { return ("", nil, "", 0) }
    return (record.name, record.birth, record.address, record.face.portrait)
  }

  /// The last day of a paper; `nil` when it has none.
  func validUntil(_ thing: ExerciseState.Thing) -> CalendarDay? { thing.paper.validUntil.flatMap { CalendarDay($0) } }

  mutating func printPaper(_ kind: String) {
    guard let paper = catalogue.paper(kind) else { return }
    note(.printed(kind))
    var id = kind
    var number = 2
    while state.thing(id) != nil {
      id = "\(kind)-\(number)"
      number += 1
    }
    var thing = ExerciseState.Thing(paper: BroughtPaper(id: id, kind: paper.id, owner: .holder))
    thing.isPrinted = true
    thing.isInspected = true
    // The inquiry letter goes to the holder's registered address, not over the counter.
    thing.place = paper.proof == .letter ? .sent : .counter
    state.things.append(thing)
  }

  // MARK: The card and the reader

  mutating func place(_ id: String) {
    change(id) { $0.place = .reader }
    state.entered = []
    state.terminal.message = nil
    if let card = state.thing(id)?.card { note(.placed(card)) }
  }

  mutating func lift(_ id: String) {
    guard let card = state.thing(id)?.card else { return }
    change(id) { $0.place = .counter }
    state.entered = []
    state.terminal.tries = [:]
    world.powerOff(card)
    note(.lifted(card))
  }
}
