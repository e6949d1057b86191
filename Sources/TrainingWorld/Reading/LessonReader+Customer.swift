import CardRules
import CounterTraining
import Personalization

extension LessonReader {
  func readCustomer(_ root: YAMLMap, _ words: LessonWords, others: [String]) -> Customer? {
    guard root.has("customer"), let map = root.map("customer") else {
      if !root.has("customer") {
        root.complain("'customer' is missing", fix: "say who stands there: customer: {who: holder, opening: …}")
      }
      return nil
    }
    defer { map.finish() }
    let role = map.word("who", as: Customer.Role.self)
    if !map.has("who") {
      map.complain("'who' is missing", fix: "write holder, proxy, household or legalRepresentative")
    }
    let opening = map.bilingual("opening")
    let way = map.word("by", as: Customer.Way.self) ?? .counter
    let relation = map.bilingual("relation", isRequired: false)
    let (name, age) = (map.text("name"), map.number("age", in: 0...110))
    let sex = map.text("sex")
    if let sex, sex != "male", sex != "female" {
      map.complain("'sex' cannot be '\(sex)'", at: "sex", fix: "write male or female")
    }
    let knows = map.has("knows") ? map.map("knows").map(knowledge) ?? [:] : [:]
    let papers = readPapers(map, words, isHolder: role == .holder, others: others)
    let answers = readAnswers(map, words)
    let insists = map.flag("insists") ?? false
    let (sign, auth) = (map.flag("wants-sign"), map.flag("wants-auth"))
    guard let role, let opening else { return nil }
    var customer = Customer(role: role, opening: opening)
    customer.way = way
    customer.relation = relation
    customer.name = name
    customer.age = age
    customer.isWoman = sex.map { $0 == "female" } ?? true
    customer.knows = knows
    customer.brings = papers
    customer.answers = answers
    customer.insists = insists
    customer.wantsSign = sign
    customer.wantsAuth = auth
    return customer
  }

  private func readAnswers(_ map: YAMLMap, _ words: LessonWords) -> [String: BilingualText] {
    guard map.has("answers"), let answers = map.map("answers") else { return [:] }
    var texts: [String: BilingualText] = [:]
    for key in answers.keys {
      if key != "insist" { words.checkPhrase(key, in: answers, at: answers.place(key)) }
      texts[key] = answers.bilingual(key)
    }
    return texts
  }

  // MARK: What is in the bag

  private func readPapers(
    _ map: YAMLMap, _ words: LessonWords, isHolder: Bool, others: [String]
  ) -> [BroughtPaper] {
    map.items("brings").compactMap { item in
      if let word = item.text {
        return paper(word, id: word, in: map, at: item.position, isHolder: isHolder, others: others)
      }
      guard let details = item.map else { return nil }
      return readPaper(details, words, isHolder: isHolder, others: others)
    }
  }

  private func paper(
    _ kind: String, id: String, in map: YAMLMap, at place: ResidentFault.Position?, isHolder: Bool, others: [String]
  ) -> BroughtPaper? {
    // One of the documents that `vary` names, drawn by the seed.
    if kind == VariationRules.anyDocument {
      return BroughtPaper(id: id, kind: kind, owner: isHolder ? .holder : .customer)
    }
    if kind == CardThing.kind { return BroughtPaper(id: id, kind: kind, owner: .holder) }
    if others.contains(kind) { return BroughtPaper(id: kind, kind: CardThing.kind, owner: .record(kind)) }
    guard let paper = catalogue.paper(kind) else {
      let near = Nearest.word(to: kind, among: catalogue.papers.map(\.id) + others)
      map.complain(
        "there is no paper '\(kind)'", at: place,
        fix: near.map { "did you mean '\($0)'?" } ?? "use card, one of the others' names, or a paper of papers.yaml")
      return nil
    }
    // Letters and notices are the holder's; documents, of whoever stands there.
    let isDocument = paper.proof == .photo || paper.proof == .plain
    return BroughtPaper(id: id, kind: kind, owner: isDocument && !isHolder ? .customer : .holder)
  }

  private func readPaper(
    _ map: YAMLMap, _ words: LessonWords, isHolder: Bool, others: [String]
  ) -> BroughtPaper? {
    defer { map.finish() }
    guard let kind = map.requiredText("paper", fix: "name the paper, such as inquiry-letter") else { return nil }
    let id = map.text("id") ?? kind
    let found = paper(kind, id: id, in: map, at: map.place("paper"), isHolder: isHolder, others: others)
    let owner = map.text("of")
    let (isSealed, validUntil) = (map.flag("sealed"), map.text("valid-until"))
    let photograph = map.word("photo", as: BroughtPaper.Photograph.self) ?? .same
    let (name, address) = (map.text("name"), map.text("address"))
    let text = map.bilingual("text", isRequired: false)
    let pins = readLetter(map)
    let place = map.text("at")
    if let place, place != "office" {
      map.complain("a paper does not lie at '\(place)'", at: "at", fix: "write office, or leave it out")
    }
    let after = map.text("after")
    if let after { words.checkPhrase(after, in: map, at: map.place("after")) }
    if let validUntil, ResidentFile.day(validUntil, today: Self.reference) == nil {
      map.complain("'\(validUntil)' is no date", at: "valid-until", fix: "write 2028-05-31 or today -3d")
    }
    guard var found else { return nil }
    switch owner {
    case nil: break
    case "holder": found.owner = .holder
    case "customer": found.owner = isHolder ? .holder : .customer
    case let record?:
      if !others.contains(record) {
        map.complain(
          "there is no record '\(record)'", at: "of", fix: "write holder, customer or one of the others' names")
      }
      found.owner = .record(record)
    }
    let isLetter = catalogue.paper(found.kind)?.proof == .letter
    found.isSealed = isSealed ?? (isLetter ? true : nil)
    found.validUntil = validUntil
    found.photograph = photograph
    found.name = name
    found.address = address
    found.text = text
    found.after = after
    found.isAtOffice = place == "office"
    found.pins = pins.pins
    found.hasNewPIN = pins.hasNew
    return found
  }

  private func readLetter(_ map: YAMLMap) -> (pins: [CardSecret: Knowledge], hasNew: Bool) {
    guard map.has("pins"), let inner = map.map("pins") else { return ([:], false) }
    defer { inner.finish() }
    let hasNew = inner.has("new") && inner.text("new") != nil
    return (inner.secrets(Knowledge.self), hasNew)
  }
}
