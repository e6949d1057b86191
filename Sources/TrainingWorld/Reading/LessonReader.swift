import CardRules
import CounterTraining
import Personalization

/// Reads a lesson's file. Its form: `Docs/Lessons.md`.
struct LessonReader {
  let text: String
  let file: String
  /// What the lesson may name.
  let catalogue: Catalogue
  let profiles: [String]
  let cards: [String]
  /// Free mode: no ending is right.
  var isFree = false

  /// The day from which relative dates of gallery cards count when a lesson lies later.
  static let reference = CalendarDay(year: 2026, month: 11, day: 20) ?? .first

  func read() throws(LessonFaults) -> Lesson {
    try CatalogueReader.document(text, file) { root in
      let phrases = readPhrases(root)
      let words = LessonWords(catalogue: Catalogue(phrases: catalogue.phrases + phrases, papers: catalogue.papers))
      let name = root.requiredText("name", fix: "name the lesson as its file is called")
      let title = root.bilingual("title")
      let about = root.bilingual("about")
      let at = readMoment(root)
      let reference = readReference(root, at)
      let holder = readSource(root)
      let others = readOthers(root)
      let customer = readCustomer(root, words, others: others.map(\.id))
      let (rules, statements) = (readRules(root), readStatements(root))
      let (variation, events, facts) = (readVariation(root), readEvents(root), readFacts(root))
      let profile = readProfile(root)
      let endings = readEndings(root, words, cards: others.map(\.id))
      let mistakes = readMistakes(root, words)
      guard let name, let title, let about, let at, let holder, let customer else { return nil }
      var lesson = Lesson(
        name: name, title: title, about: about, at: at, reference: reference, holder: holder, customer: customer,
        endings: endings)
      lesson.rules = rules
      lesson.statements = statements
      lesson.profile = profile
      lesson.others = others
      lesson.variation = variation
      lesson.events = events
      lesson.facts = facts
      lesson.phrases = phrases
      lesson.mistakes = mistakes
      return lesson
    }
  }

  private func readMoment(_ root: YAMLMap) -> JapanInstant? {
    let advice = "write day and hour in Japan, such as 2026-11-20T10:14"
    guard let text = root.requiredText("at", fix: advice) else { return nil }
    guard text.utf8.count == 16, let moment = JapanInstant(text + ":00+09:00") else {
      root.complain("'\(text)' is no moment", at: "at", fix: advice)
      return nil
    }
    return moment
  }

  private func readReference(_ root: YAMLMap, _ at: JapanInstant?) -> CalendarDay {
    let usual = min(Self.reference, at?.day ?? Self.reference)
    guard let text = root.text("cardAsOf") else { return usual }
    guard let day = CalendarDay(text) else {
      root.complain("'\(text)' is no day", at: "cardAsOf", fix: "write it as 2026-11-20")
      return usual
    }
    return day
  }

  private func readProfile(_ root: YAMLMap) -> String {
    let name = root.text("profile") ?? "training"
    if !profiles.contains(name) {
      root.complain(
        "there is no profile '\(name)'", at: "profile", fix: "use one of: \(profiles.joined(separator: ", "))")
    }
    return name
  }

  private func readRules(_ root: YAMLMap) -> [String] {
    let rules = root.texts("rules")
    if rules.isEmpty {
      root.complain("the lesson names no rule", at: "rules", fix: "write rules: [\"4.6\"], as 'vmyna rules list' has them")
    }
    for (id, place) in rules { root.checkRule(id, at: place) }
    return rules.map(\.text)
  }

  private func readStatements(_ root: YAMLMap) -> [Int] {
    root.texts("statements").compactMap { text, place in
      guard let number = Int(text), (1...25).contains(number) else {
        root.complain("'\(text)' is no row of the coverage table", at: place, fix: "use numbers from 1 to 25")
        return nil
      }
      return number
    }
  }

  private func readPhrases(_ root: YAMLMap) -> [Phrase] {
    root.items("phrases").compactMap { item in
      guard let map = item.map else {
        root.complain("a sentence has keys of its own", at: item.position, fix: "write {id: explain.fine, ja: …, en: …}")
        return nil
      }
      guard let phrase = CatalogueReader.phrase(map) else { return nil }
      if catalogue.phrase(phrase.id) != nil {
        map.complain(
          "the sentence '\(phrase.id)' is in the catalogue already", at: "id", fix: "give it another name, or leave it out")
      }
      return phrase
    }
  }

  // MARK: Residents

  private func readSource(_ map: YAMLMap) -> RecordSource? {
    let inline = readInline(map)
    guard let card = map.text("card") else {
      if inline == nil, !map.has("resident") {
        map.complain("nobody is named", fix: "write card: and a card of the gallery, or a resident: with its own lines")
      }
      return inline
    }
    if inline != nil { map.complain("'card' and 'resident' stand here both", at: "resident", fix: "keep one of the two") }
    if !cards.contains(card) {
      let near = Nearest.word(to: card, among: cards)
      map.complain(
        "the gallery has no card '\(card)'", at: "card",
        fix: near.map { "did you mean '\($0)'?" } ?? "see 'vmyna cards'")
    }
    return .gallery(card)
  }

  /// The lines under `resident:`, which are a resident file of their own.
  private func readInline(_ map: YAMLMap) -> RecordSource? {
    guard map.has("resident"), let inner = map.map("resident"), let place = inner.position else { return nil }
    _ = inner.keys
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let indent = place.column - 1
    var block: [Substring] = []
    for line in lines.dropFirst(place.line - 1) {
      let isEmpty = line.allSatisfy { $0 == " " }
      let isComment = line.drop { $0 == " " }.hasPrefix("#")
      guard isEmpty || isComment || line.prefix(indent).allSatisfy({ $0 == " " }) else { break }
      block.append(isEmpty || isComment ? "" : line.dropFirst(indent))
    }
    return .inline(text: block.joined(separator: "\n") + "\n", line: place.line)
  }

  private func readOthers(_ root: YAMLMap) -> [OtherRecord] {
    root.items("others").compactMap { item in
      guard let map = item.map else {
        root.complain("a record has keys of its own", at: item.position, fix: "write {id: namesake, card: fresh-adult}")
        return nil
      }
      defer { map.finish() }
      let id = map.requiredText("id", fix: "name the record, such as namesake or card-2")
      let source = readSource(map)
      let (name, address) = (map.text("name"), map.text("address"))
      var birth: CalendarDay?
      if let text = map.text("birth") {
        birth = CalendarDay(text)
        if birth == nil { map.complain("'\(text)' is no day", at: "birth", fix: "write it as 1990-09-10") }
      }
      let knows = map.has("knows") ? map.map("knows").map(knowledge) ?? [:] : [:]
      guard let id, let source else { return nil }
      var other = OtherRecord(id: id, source: source)
      other.name = name
      other.birth = birth
      other.address = address
      other.knows = knows
      return other
    }
  }

  func knowledge(_ map: YAMLMap) -> [CardSecret: Knowledge] {
    defer { map.finish() }
    return map.secrets(Knowledge.self)
  }

  // MARK: What changes from seed to seed, and what happens

  private func readVariation(_ root: YAMLMap) -> VariationRules {
    var rules = VariationRules()
    guard root.has("vary"), let map = root.map("vary") else { return rules }
    defer { map.finish() }
    if map.has("birth"), let birth = map.map("birth") {
      rules.ages = birth.range("years", in: 0...110)
      birth.finish()
    }
    if map.has("day"), let day = map.map("day") {
      let (before, after) = (
        day.word("before", as: VariationRules.Anchor.self), day.word("after", as: VariationRules.Anchor.self)
      )
      let days = day.range("days", in: 0...4000)
      day.finish()
      if let anchor = before ?? after, let days {
        rules.day = .init(anchor: anchor, isBefore: before != nil, days: days)
      } else {
        map.complain("the day is not told", at: "day", fix: "write day: {before: auth.end, days: [2, 80]}")
      }
    }
    for (document, place) in map.texts("documents") {
      if catalogue.paper(document) == nil {
        map.complain("there is no paper '\(document)'", at: place, fix: "see papers.yaml")
      }
      rules.documents.append(document)
    }
    if map.has("tries"), let tries = map.map("tries") {
      for secret in CardSecret.allCases { rules.tries[secret] = tries.range(secret.rawValue, in: 0...10) }
      tries.finish()
    }
    rules.drawsNames = map.flag("names") ?? true
    return rules
  }

  private func readEvents(_ root: YAMLMap) -> [ScriptedEvent] {
    root.items("events").compactMap { item in
      guard let map = item.map else {
        root.complain("an event has keys of its own", at: item.position, fix: "write {on: write, nth: 1, do: lift-card}")
        return nil
      }
      defer { map.finish() }
      let moment = map.word("on", as: ScriptedEvent.Moment.self)
      let happening = map.word("do", as: ScriptedEvent.Happening.self)
      let number = map.number("nth", in: 0...50)
      guard let moment, let happening else {
        if !map.has("on") || !map.has("do") {
          map.complain("an event says when and what", fix: "write {on: write, nth: 1, do: lift-card}")
        }
        return nil
      }
      let fits: Bool =
        switch happening {
        case .liftCard: moment == .write
        case .unavailable: moment == .terminal
        case .wrongForm, .unequal: moment == .newPIN
        }
      if !fits {
        map.complain(
          "'\(happening.rawValue)' does not happen on '\(moment.rawValue)'", at: "do",
          fix: "use lift-card on write, unavailable on terminal, wrong-form or unequal on new-pin")
      }
      // A terminal that is down stays down.
      return ScriptedEvent(on: moment, number: number ?? (moment == .terminal ? 0 : 1), do: happening)
    }
  }

  private func readFacts(_ root: YAMLMap) -> [String: String] {
    guard root.has("facts"), let map = root.map("facts") else { return [:] }
    var facts: [String: String] = [:]
    for key in map.keys {
      guard let text = map.text(key) else { continue }
      facts[key] = text
      if text.hasPrefix("today "), ResidentFile.day(text, today: Self.reference) == nil {
        map.complain("'\(text)' is no date", at: key, fix: "write 2028-05-31 or today +558d")
      }
      if key == "fee-cause", Fee.Cause(rawValue: text) == nil {
        map.complain(
          "'\(text)' is no reason for a new card", at: key,
          fix: "use one of: " + Fee.Cause.allCases.map(\.rawValue).joined(separator: ", "))
      }
    }
    return facts
  }
}
