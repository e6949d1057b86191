import CardRules

extension Judge {
  /// A mistake with the action at which it was made.
  struct Offence: Hashable {
    var code: String
    var turn: Int?
    /// The sentence that was wrong, where it was one.
    var phrase: Phrase?
    /// What the lesson says of an error of its own.
    var lessonMistake: Int?
    /// Whether the sentence is wrong here only, so that the lesson's words of another one do not fit.
    var isUntrue = false
  }

  /// The mistakes of all rules, each code once, in the order in which they were made.
  var offences: [Offence] {
    var found: [Offence] = []
    func add(_ code: String, at turn: Int?, phrase: Phrase? = nil) {
      guard !found.contains(where: { $0.code == code }) else { return }
      found.append(Offence(code: code, turn: turn, phrase: phrase))
    }
    for (place, entry) in events.enumerated() {
      for code in codes(of: entry.event, at: place) { add(code, at: entry.turn) }
      if case .said(let id) = entry.event, let phrase = exercise.catalogue.phrase(id), let code = phrase.mistake,
        !isListed(id)
      {
        add(code, at: entry.turn, phrase: phrase)
      }
    }
    for code in atTheEnd { add(code, at: nil) }
    for (index, mistake) in lesson.mistakes.enumerated() {
      guard let when = mistake.when, let turn = met(when),
        !found.contains(where: { $0.code == mistake.code })
      else { continue }
      found.append(Offence(code: mistake.code, turn: turn > 0 ? turn : nil, lessonMistake: index))
    }
    for entry in events {
      guard case .untrue(let id) = entry.event, let phrase = exercise.catalogue.phrase(id), !isListed(id) else {
        continue
      }
      guard !found.contains(where: { $0.code == Self.falseStatement }) else { break }
      found.append(Offence(code: Self.falseStatement, turn: entry.turn, phrase: phrase, isUntrue: true))
    }
    return found
  }

  private static let falseStatement = "false-statement"

  /// Whether the lesson has a word of its own about this sentence.
  private func isListed(_ phrase: String) -> Bool {
    lesson.mistakes.contains { $0.when.map { Self.phrases(in: $0).contains(phrase) && met($0) != nil } ?? false }
  }

  private func codes(of event: CounterEvent, at place: Int) -> [String] {
    switch event {
    case .begun(let begun): return codes(of: begun, at: place)
    case .typed(let entry): return codes(of: entry, at: place)
    case .compared, .inspected: return []
    case .accepted(let id): return codes(ofAccepting: id, at: place)
    case .broken(_, _, true): return ["E13"]
    case .called("neighbour"): return hasTrouble(before: place) ? ["E6"] : []
    case .noted("dates today-plus-5"): return ["E15"]
    case .said("offer.sign"), .said("offer.both"): return isSignForbidden(RecordName.holder) ? ["E10"] : []
    case .said("explain.fee-1000"): return mayCost ? [] : ["E11"]
    default: return []
    }
  }

  private func hasTrouble(before place: Int) -> Bool {
    has(before: place) { event in
      switch event {
      case .unavailable, .broken: true
      default: false
      }
    }
  }

  /// Whether any right ending takes money; a customer without one may want anything.
  private var mayCost: Bool {
    lesson.endings.isEmpty
      || lesson.endings.contains { $0.needs.contains { if case .charged(let yen) = $0 { yen > 0 } else { false } } }
  }

  func isSignForbidden(_ record: String) -> Bool {
    guard let facts = exercise.record(record), profile.restrictedSign == .refuse else { return false }
    let age = facts.birth.map { BirthdayRule(born: $0, leapDay: profile.leapDayBirthday).age(on: exercise.now.day) }
    return facts.isAdultWard || age.map { $0 < Issuance.minimumSignAge } ?? false
  }

  // MARK: Orders

  private func codes(of begun: CounterEvent.Order, at place: Int) -> [String] {
    var codes: [String] = []
    if !has(before: place, { $0 == .statusRead(begun.record) }) { codes.append("E1") }
    if !isMeant(begun.record) { codes.append("E5") }
    if isForSign(begun.order), isSignForbidden(begun.record) { codes.append("E10") }
    guard begun.refusal == nil else { return codes }
    if !hasIdentity(before: place) { codes.append("E5") }
    if !hasProof(for: begun.order, before: place) {
      codes.append("E7")
    } else if isWrongKind(begun) {  // which PIN it was does not matter where none might be touched
      codes.append("E4")
    }
    if isEarly(begun), !said("explain.window", before: place) { codes.append("E9") }
    return codes
  }

  /// Whether the record is that of the holder, or of a card that the customer has brought.
  private func isMeant(_ record: String) -> Bool {
    record == RecordName.holder || exercise.state.things.contains { $0.card == record }
  }

  private func isForSign(_ order: CounterOrder) -> Bool {
    switch order {
    case .issue(let kinds), .renew(let kinds): kinds.contains(.sign)
    default: false
    }
  }

  /// Papers as the table of section "Identity documents" asks for them.
  private func hasProof(for order: CounterOrder, before place: Int) -> Bool {
    let isForPIN: Bool
    switch order {
    case .reset(let secrets): isForPIN = !secrets.contains(.numberB) && !secrets.contains(.numberA)
    case .change: isForPIN = true
    default: isForPIN = false
    }
    switch customer.role {
    case .holder:
      guard isForPIN, case .reset = order else { return true }
      return hasResetDocuments(before: place)
    case .proxy:
      if isForPIN { return hasSeal(before: place) && hasTwoDocuments(before: place) }
      switch order {
      case .issue, .renew: return hasSeal(before: place) && !documents(before: place).isEmpty
      default: return hasPower(before: place) || customer.way == .telephone
      }
    case .household:
      switch order {
      case .plain: return !documents(before: place).isEmpty || hasIdentity(before: place)
      default: return hasSeal(before: place)
      }
    case .legalRepresentative: return isPowerKnown || hasPower(before: place)
    }
  }

  /// Rule 3.4: left out for one household, or when the office keeps the register.
  private var isPowerKnown: Bool {
    profile.legalRepresentativeProof == .notNeeded || exercise.variant.facts["register-here"] == "true"
      || exercise.variant.facts["same-household"] == "true"
  }

  private func isWrongKind(_ begun: CounterEvent.Order) -> Bool {
    let secrets: [CardSecret]
    switch begun.order {
    case .reset(let several): secrets = several
    case .change(let secret): secrets = [secret]
    default: return false
    }
    let right = lesson.endings.flatMap(Self.texts).filter { $0.hasPrefix("reset ") || $0.hasPrefix("change ") }
      .flatMap { $0.split(separator: " ") }
    return secrets.contains { secret in
      guard !right.contains(Substring(secret.rawValue)), let counter = begun.tries[secret], counter.left > 0 else {
        return false
      }
      // A new PIN for a dead certificate is another error: nothing was read, or not understood.
      let kind = CertificateKind.allCases.first { Exercise.secret($0) == secret }
      if let kind, begun.before[kind]?.isAlive == false { return false }
      let knowledge = exercise.knowledgeAtFirst(of: secret, on: begun.record)
      return knowledge == .right || knowledge == .wrongFirst
    }
  }

  /// Whether a right ending or the lesson's list speaks of new certificates; elsewhere they are simply not needed.
  private var isAboutCertificates: Bool {
    lesson.mistakes.contains { $0.code == "E9" }
      || lesson.endings.flatMap(\.orders).contains { $0.hasPrefix("issue") || $0.hasPrefix("renew") }
  }

  /// A live pair, or the one that there is, replaced before its window.
  private func isEarly(_ begun: CounterEvent.Order) -> Bool {
    guard case .issue(let kinds) = begun.order, isAboutCertificates else { return false }
    return kinds.allSatisfy { kind in
      guard let certificate = begun.before[kind], certificate.standing == .good, !certificate.isBroken else {
        return false
      }
      return begun.day < certificate.window.opens
    }
  }

  // MARK: Entries and papers

  private func codes(of entry: CounterEvent.Entry, at place: Int) -> [String] {
    let earlier = events.prefix(place).contains { place in
      guard case .typed(let other) = place.event else { return false }
      return other.secret == entry.secret && other.record == entry.record && other.isWrong
        && other.fromLetter == entry.fromLetter
    }
    if entry.fromLetter { return earlier && entry.isWrong ? ["E8"] : [] }
    guard entry.isWrong, entry.knowledge == .wrong || entry.knowledge == .forgotten else { return [] }
    return earlier || entry.leftBefore == 1 || entry.knowledge == .forgotten ? ["E3"] : []
  }

  private func codes(ofAccepting id: String, at place: Int) -> [String] {
    guard let thing = thing(id) else { return [] }
    if has(before: place, { $0 == .compared(id, agrees: false) }) {
      let proof = kind(id)?.proof
      if thing.card != nil || proof == .photo || proof == .plain, exercise.belongsToCustomer(thing) { return ["E5"] }
    }
    // A letter that came open is no letter.
    if kind(id)?.proof == .letter, thing.isSealed == false, !thing.isOpened { return ["E7"] }
    if thing.card == nil, isOver(thing), [.photo, .plain].contains(kind(id)?.proof) { return ["E7"] }
    return []
  }

  // MARK: What shows when the customer has left

  private var atTheEnd: [String] {
    var codes: [String] = []
    if isSignForgotten { codes.append("E2") }
    if exercise.state.charged != due { codes.append("E11") }
    if isCardUnset { codes.append("E14") }
    if isSomethingLeft { codes.append("E16") }
    if isReleaseUnexplained { codes.append("E17") }
    if isDeadlineUntold { codes.append("E18") }
    if isBroken { codes.append("broken-card") }
    return codes
  }

  private func place(ofDone plains: [CounterOrder.Plain]) -> Int? {
    events.firstIndex { if case .done(.plain(let plain), _) = $0.event { plains.contains(plain) } else { false } }
  }

  private func isSignIssued(after place: Int) -> Bool {
    events.dropFirst(place).contains { entry in
      switch entry.event {
      case .done(.issue(let kinds), _), .done(.renew(let kinds), _): kinds.contains(.sign)
      default: false
      }
    }
  }

  private var isSignForgotten: Bool {
    guard let place = place(ofDone: [.move, .rename]), case .done(_, let record) = events[place].event else {
      return false
    }
    return !isSignIssued(after: place) && !isSignForbidden(record)
      && !said("offer.sign", "offer.both", "ask.want-sign", "explain.sign-revoked")
  }

  private var isReleaseUnexplained: Bool {
    guard let place = place(ofDone: [.release]) else { return false }
    return !isSignIssued(after: place) && !said("explain.sign-dead-after-release", "offer.sign", "offer.both")
  }

  /// What the orders that were carried out cost.
  private var due: Int {
    events.reduce(0) { sum, entry in
      guard case .done(.plain(.reissue), _) = entry.event else { return sum }
      let facts = exercise.variant.facts
      let cause = facts["fee-cause"].flatMap { Fee.Cause(rawValue: $0) } ?? .ownCause
      let service = Fee.Service.card(
        cause: cause, withCertificates: facts["with-certificates"] != "false", express: facts["express"] == "true")
      return sum + Fee.of(service, profile: profile).total
    }
  }

  private var isCardUnset: Bool {
    exercise.state.things.contains { thing in
      guard let card = thing.card, thing.place == .customer, thing.paper.kind == CardThing.kind else { return false }
      return exercise.record(card)?.status == .undelivered && has { $0 == .returned(thing.id) }
    }
  }

  private var isSomethingLeft: Bool {
    exercise.state.things.contains { thing in
      guard thing.place == .counter || thing.place == .reader else { return false }
      return !thing.isPrinted || thing.paper.kind == "slip"
    }
      // Opened PIN papers are destroyed, not handed back.
      || exercise.state.things.contains { $0.isOpened && !$0.paper.pins.isEmpty && $0.place != .destroyed }
  }

  private var isDeadlineUntold: Bool {
    guard !said("explain.ninety-days") else { return false }
    return exercise.state.things.contains { thing in
      guard let card = thing.card, let facts = exercise.record(card) else { return false }
      return facts.status == .active && facts.face.address != facts.address
    }
  }

  private var isBroken: Bool {
    exercise.world.records.contains { name in
      exercise.record(name)?.certificates.contains { $0.isBroken } ?? false
    }
  }
}

extension Exercise {
  /// What the customer knew of a PIN when the exercise began.
  func knowledgeAtFirst(of secret: CardSecret, on record: String) -> Knowledge {
    let customer = variant.lesson.customer
    let told =
      record == RecordName.holder
      ? customer.knows[secret] : variant.lesson.others.first { $0.id == record }?.knows[secret]
    return told ?? (customer.isHolder && record == RecordName.holder ? .right : .forgotten)
  }
}
