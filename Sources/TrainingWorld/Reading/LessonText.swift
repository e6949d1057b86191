import CardRules
import CounterTraining
import Personalization

/// Something wrong with a lesson's file: what, at which line and column, and what to do.
public typealias LessonFault = ResidentFault
/// Everything that is wrong with a lesson's file.
public typealias LessonFaults = ResidentFaults

/// Small things that all readers of the training folder read.
extension YAMLMap {
  /// A text in both languages.
  func bilingual(_ key: String, isRequired: Bool = true) -> BilingualText? {
    guard has(key) else {
      if isRequired {
        complain("'\(key)' is missing", fix: "write \(key): {ja: …, en: …}")
      }
      return nil
    }
    guard !isText(key), let map = map(key) else {
      if isText(key) {
        complain("'\(key)' is not told in both languages", at: key, fix: "write \(key): {ja: …, en: …}")
      }
      return nil
    }
    defer { map.finish() }
    return map.bilingual()
  }

  /// The keys `ja` and `en` of this mapping.
  func bilingual() -> BilingualText? {
    let ja = requiredText("ja", fix: "say it in Japanese")
    let en = requiredText("en", fix: "say it in English")
    guard let ja, let en else { return nil }
    check(ja, at: "ja")
    check(en, at: "en")
    return BilingualText(ja: ja.withoutLineEnd.unquoted, en: en.withoutLineEnd.unquoted)
  }

  /// Braces name something that can be filled in, or nothing will be.
  private func check(_ text: String, at key: String) {
    let opened = text.filter { $0 == "{" }.count
    if opened != text.filter({ $0 == "}" }).count {
      complain("a brace is not closed", at: key, fix: "write {name}, {auth.end} or the name of a fact")
    }
  }

  /// The id of a rule of `Docs/Rules.md`.
  func rule(_ key: String) -> String? {
    guard let text = text(key) else { return nil }
    checkRule(text, at: place(key))
    return text
  }

  func checkRule(_ id: String, at place: ResidentFault.Position?) {
    guard Rule.named(id) == nil else { return }
    let near = Nearest.word(to: id, among: Rule.all.map(\.id))
    complain(
      "there is no rule '\(id)'", at: place,
      fix: near.map { "did you mean '\($0)'? 'vmyna rules list' shows all" } ?? "see 'vmyna rules list'")
  }

  /// A need in its words.
  func need(_ text: String, at place: ResidentFault.Position?) -> Need? {
    do throws(ActionFault) { return try Need(text) } catch {
      complain(error.problem, at: place, fix: error.fix)
      return nil
    }
  }

  /// The PINs of a mapping, each with a word.
  func secrets<Word: RawRepresentable & CaseIterable>(_ type: Word.Type) -> [CardSecret: Word]
  where Word.RawValue == String {
    var words: [CardSecret: Word] = [:]
    for secret in CardSecret.allCases where has(secret.rawValue) { words[secret] = word(secret.rawValue, as: type) }
    return words
  }

  /// A range of two numbers: `[2, 80]`.
  func range(_ key: String, in allowed: ClosedRange<Int>) -> ClosedRange<Int>? {
    guard has(key) else { return nil }
    let numbers = texts(key).compactMap { Int($0.text) }
    guard numbers.count == 2, numbers[0] <= numbers[1], allowed.contains(numbers[0]), allowed.contains(numbers[1])
    else {
      complain(
        "'\(key)' is no range", at: key,
        fix: "write two numbers from \(allowed.lowerBound) to \(allowed.upperBound), the lesser first: [2, 80]")
      return nil
    }
    return numbers[0]...numbers[1]
  }
}

extension String {
  /// Without one pair of quotation marks round all of it: who speaks shows anyway.
  var unquoted: String {
    for (open, close) in [("「", "」"), ("“", "”")] where count > 2 && hasPrefix(open) && hasSuffix(close) {
      let inner = dropFirst().dropLast()
      if !inner.contains(open), !inner.contains(close) { return String(inner) }
    }
    return self
  }

  /// Without the line feed that a YAML block leaves at its end.
  var withoutLineEnd: String {
    var text = self[...]
    while let last = text.last, last == "\n" || last == " " { text = text.dropLast() }
    return String(text)
  }
}
