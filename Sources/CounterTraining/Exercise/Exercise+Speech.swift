import CardRules

extension Exercise {
  mutating func say(_ id: String) {
    guard let phrase = catalogue.phrase(id) else { return }
    hear("clerk", phrase.text)
    note(.said(id))
    // Judged now: a card that was stopped then may be released by the time the customer leaves.
    if let truth = phrase.trueWhen, !holds(truth) { note(.untrue(id)) }
    hear("customer", answer(to: phrase))
  }

  private mutating func answer(to phrase: Phrase) -> BilingualText {
    let customer = variant.lesson.customer
    if phrase.kind == .refuse, customer.insists, !state.hasInsisted {
      state.hasInsisted = true
      if customer.answers["insist"] == nil { return Self.insisting }
      return customer.answers["insist"] ?? Self.insisting
    }
    if let answer = customer.answers[phrase.id] { return answer }
    switch phrase.id {
    case "offer.sign", "ask.want-sign": if let wants = customer.wantsSign { return wants ? Self.please : Self.noThanks }
    case "ask.want-auth", "offer.auth": if let wants = customer.wantsAuth { return wants ? Self.please : Self.noThanks }
    case "offer.both":
      if let wants = customer.wantsSign { return wants && customer.wantsAuth ?? true ? Self.please : Self.noThanks }
    default: break
    }
    if let answer = phrase.answer { return answer }
    if let known = knownAnswer(to: phrase.id) { return known }
    return switch phrase.kind {
    case .ask: BilingualText(ja: "さあ、よくわかりません。", en: "I really do not know.")
    case .explain: BilingualText(ja: "はい、わかりました。", en: "I see, thank you.")
    case .offer: BilingualText(ja: "お任せします。", en: "As you think best.")
    case .refuse: BilingualText(ja: "そうですか。わかりました。", en: "I see. All right then.")
    case .refer: BilingualText(ja: "そちらに聞いてみます。", en: "I will ask there.")
    }
  }

  /// What everybody knows of the card's holder.
  private func knownAnswer(to id: String) -> BilingualText? {
    switch id {
    case "ask.birth-date": BilingualText(ja: "{birth}です。", en: "{birth}.")
    case "ask.address": BilingualText(ja: "{address}です。", en: "{address}.")
    case "ask.age": BilingualText(ja: "{age}歳です。", en: "{age}.")
    case "ask.name-reading": BilingualText(ja: "{name}です。", en: "{name}.")
    default: nil
    }
  }

  private static let insisting = BilingualText(
    ja: "そこを何とか、今日お願いできませんか。", en: "Could you not make an exception, just today?")
  private static let please = BilingualText(ja: "はい、お願いします。", en: "Yes, please.")
  private static let noThanks = BilingualText(ja: "いえ、いりません。", en: "No, thank you.")

  mutating func call(_ number: String) {
    note(.called(number))
    switch number {
    case "help-desk":
      hear("system", BilingualText(ja: "ヘルプデスクから、手順どおりの対応を案内された。", en: "The help desk tells the proper way."))
    case "call-centre":
      hear("system", BilingualText(ja: "コールセンターにつながった。", en: "The call centre answers."))
    default:
      hear(
        "system",
        BilingualText(ja: "隣の係: 「たぶん、もう一度最初から押せば直るよ」", en: "The next desk: 'Just press everything again, I guess.'"))
    }
  }

  // MARK: What is filled into texts

  /// A text with its `{…}` filled in from the case.
  public func filled(_ text: BilingualText) -> BilingualText {
    guard text.ja.contains("{") || text.en.contains("{") else { return text }
    return BilingualText(ja: fill(text.ja, .ja), en: fill(text.en, .en))
  }

  private func fill(_ text: String, _ language: Language) -> String {
    var result = ""
    var rest = text[...]
    while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
      result += rest[..<open]
      let key = String(rest[rest.index(after: open)..<close])
      result += value(of: key, language) ?? "{\(key)}"
      rest = rest[rest.index(after: close)...]
    }
    return result + rest
  }

  /// The words that texts may have in braces, beside the names of the lesson's facts.
  public static let placeholders = [
    "name", "family", "birth", "age", "address", "customer", "relation", "today", "tomorrow", "card.end", "sign.end",
    "auth.end", "sign.new", "auth.new", "sign.window", "auth.window", "insurance.until", "office",
  ]

  private func value(of key: String, _ language: Language) -> String? {
    guard let holder = record(RecordName.holder) else { return nil }
    func day(_ day: CalendarDay?) -> String? { day.map { Self.words(for: $0, language) } }
    switch key {
    case "name": return holder.name
    case "family": return holder.name.split(separator: "\u{3000}").first.map(String.init)
    case "birth": return day(holder.birth)
    case "age": return holder.birth.map { String(BirthdayRule(born: $0).age(on: state.now.day)) }
    case "address": return holder.address
    case "office": return holder.office[language]
    case "customer": return variant.customer.name
    case "relation": return variant.lesson.customer.relation?[language]
    case "today": return day(state.now.day)
    case "tomorrow": return day(state.now.day.adding(days: 1))
    case "card.end": return day(holder.cardEnd)
    case "sign.end": return day(holder[.sign]?.end)
    case "auth.end": return day(holder[.auth]?.end)
    case "sign.window": return day(holder[.sign]?.window.opens)
    case "auth.window": return day(holder[.auth]?.window.opens)
    case "sign.new": return day(newEnd(.sign, holder))
    case "auth.new": return day(newEnd(.auth, holder))
    case "insurance.until":
      return day(holder[.auth].map { CertificateTerm(end: $0.end, of: .auth).healthInsuranceUntil })
    default:
      guard let fact = variant.facts[key] else { return nil }
      return CalendarDay(fact).map { Self.words(for: $0, language) } ?? fact
    }
  }

  /// The end of a certificate issued today: that of the one issued already, or that of the one that would be.
  private func newEnd(_ kind: CertificateKind, _ holder: RecordFacts) -> CalendarDay? {
    if let present = holder[kind], present.issued == state.now.day, present.isAlive { return present.end }
    return world.endIfIssued(kind, of: RecordName.holder, at: state.now)
  }

  private static let months = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
  ]

  /// A day in words.
  static func words(for day: CalendarDay, _ language: Language) -> String {
    switch language {
    case .ja: "\(day.year)年\(day.month)月\(day.day)日"
    case .en: "\(day.day) \(months[day.month - 1]) \(day.year)"
    }
  }
}
