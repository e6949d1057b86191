import CardRules
import CounterTraining
import Personalization

/// What the sentences and papers of a lesson are called, for checks.
struct LessonWords {
  let catalogue: Catalogue

  func checkPhrase(_ id: String, in map: YAMLMap, at place: ResidentFault.Position?) {
    guard catalogue.phrase(id) == nil else { return }
    let near = Nearest.word(to: id, among: catalogue.phrases.map(\.id))
    map.complain(
      "there is no sentence '\(id)'", at: place,
      fix: near.map { "did you mean '\($0)'?" } ?? "see phrases.yaml, or add it under phrases:")
  }

  private func checkPaper(_ id: String, in map: YAMLMap, at place: ResidentFault.Position?) {
    guard catalogue.paper(id) == nil else { return }
    let near = Nearest.word(to: id, among: catalogue.papers.map(\.id))
    map.complain(
      "there is no paper '\(id)'", at: place, fix: near.map { "did you mean '\($0)'?" } ?? "see papers.yaml")
  }

  func check(_ need: Need, in map: YAMLMap, at place: ResidentFault.Position?) {
    switch need {
    case .say(let id): checkPhrase(id, in: map, at: place)
    case .printed(let paper): checkPaper(paper, in: map, at: place)
    case .not(let need): check(need, in: map, at: place)
    case .and(let first, let second), .or(let first, let second), .before(let first, let second):
      check(first, in: map, at: place)
      check(second, in: map, at: place)
    case .noted(let what):
      if !Action.notes.contains(what) {
        map.complain("'\(what)' cannot be noted", at: place, fix: "use one of: " + Action.notes.joined(separator: ", "))
      }
    case .called(let number):
      if !Action.numbers.contains(number) {
        map.complain(
          "'\(number)' cannot be called", at: place, fix: "use one of: " + Action.numbers.joined(separator: ", "))
      }
    default: break
    }
  }
}

extension LessonReader {
  func readEndings(_ root: YAMLMap, _ words: LessonWords, cards: [String]) -> [Ending] {
    let items = root.items("endings")
    if items.isEmpty, !isFree { root.complain("the lesson has no right ending", at: "endings", fix: "write at least one ending") }
    return items.compactMap { item in
      guard let map = item.map else {
        root.complain("an ending has keys of its own", at: item.position, fix: "write name, text, orders and needs")
        return nil
      }
      defer { map.finish() }
      let name = map.requiredText("name", fix: "name the ending, such as renewed or refused")
      let text = map.bilingual("text")
      if !map.has("orders") { map.complain("'orders' is missing", fix: "write orders: [] when nothing is changed") }
      let orders = readOrders(map, cards: cards)
      let needs = map.texts("needs").compactMap { text, place -> Need? in
        guard let need = map.need(text, at: place) else { return nil }
        words.check(need, in: map, at: place)
        return need
      }
      let end = readEnd(map)
      guard let name, let text else { return nil }
      return Ending(name: name, text: text, orders: orders, needs: needs, end: end)
    }
  }

  private func readOrders(_ map: YAMLMap, cards: [String]) -> [String] {
    map.texts("orders").compactMap { text, place in
      do throws(ActionFault) {
        switch try Action(text) {
        case .order(_, let card):
          if let card, !cards.contains(card) {
            map.complain("there is no card '\(card)'", at: place, fix: "name one of the others, or leave it out")
          }
        case .kiosk(.reset): break
        default:
          map.complain("'\(text)' is no order", at: place, fix: "write orders as reset sign, renew sign auth or move")
        }
        return text
      } catch {
        map.complain(error.problem, at: place, fix: error.fix)
        return nil
      }
    }
  }

  private func readEnd(_ map: YAMLMap) -> [String: String] {
    guard map.has("end"), let inner = map.map("end") else { return [:] }
    var end: [String: String] = [:]
    for key in inner.keys {
      guard let value = inner.text(key) else { continue }
      if !EndState.isKey(key) {
        inner.complain("'\(key)' cannot be asserted", at: inner.place(key), fix: "use \(EndState.advice)")
      }
      end[key] = value
    }
    return end
  }

  func readMistakes(_ root: YAMLMap, _ words: LessonWords) -> [LessonMistake] {
    root.items("mistakes").compactMap { item in
      guard let map = item.map else {
        guard let code = item.text else { return nil }
        checkCode(code, in: root, at: item.position)
        return LessonMistake(code: code)
      }
      defer { map.finish() }
      let code = map.requiredText("code", fix: "write E3, or a short name and when:")
      let when = map.text("when").flatMap { map.need($0, at: map.place("when")) }
      if let when { words.check(when, in: map, at: map.place("when")) }
      let (rule, text) = (map.rule("rule"), map.bilingual("text", isRequired: false))
      let consequence = map.bilingual("consequence", isRequired: false)
      guard let code else { return nil }
      let isPhrase = words.catalogue.phrases.contains { $0.mistake == code }
      if when == nil, !isPhrase { checkCode(code, in: map, at: map.place("code")) }
      if Mistake.named(code) == nil, !isPhrase || when != nil, text == nil || rule == nil {
        map.complain(
          "the error '\(code)' has no number, so the lesson tells it", at: "code",
          fix: "write its text: {ja: …, en: …}, its rule and its consequence")
      }
      var mistake = LessonMistake(code: code)
      mistake.when = when
      mistake.rule = rule
      mistake.text = text
      mistake.consequence = consequence
      return mistake
    }
  }

  private func checkCode(_ code: String, in map: YAMLMap, at place: ResidentFault.Position?) {
    guard Mistake.named(code) == nil else { return }
    map.complain("there is no error '\(code)'", at: place, fix: "write E1 to E18, or say when: it is made")
  }
}
