import Authority
import CardRules
import MyNumberCard

/// Turns the mappings of one document into a resident; what is wrong goes to the document's faults.
struct ResidentReader {
  let root: YAMLMap
  let name: String
  /// The day of minting.
  let today: CalendarDay

  func read() -> Resident? {
    defer { root.finish() }
    if root.number("format", in: 1...ResidentFile.format) == nil, !root.has("format") {
      root.complain("'format' is missing", fix: "begin the file with: format: \(ResidentFile.format)")
    }
    let title = texts("title") ?? LocalizedText(japanese: name, english: name)
    let (fixture, story, sees) = (readFixture(), texts("story"), readSees())
    let holder = root.requiredMap("holder", fix: "say who holds the card; see Docs/Residents.md").flatMap(readHolder)
    let card = root.requiredMap("card", fix: "say when the card was issued; see Docs/Residents.md")
    let certificates = root.requiredMap(
      "certificates", fix: "write certificates: with sign: and auth: under it, or none for each")
    let (pins, tries) = (readPINs(), readTries())
    let (choices, faults) = (readChoices(), readFaults())
    guard let holder, let card, let certificates else {
      // Asked for, so that nobody hears that it means nothing.
      _ = root.items("events")
      return nil
    }
    guard var resident = readLife(of: holder, card: card, certificates: certificates, title: title) else { return nil }
    checkRoots(of: resident, card)
    resident.fixture = fixture
    resident.story = story
    resident.sees = sees
    resident.pins = pins
    resident.tries = tries
    resident.choices = choices
    resident.faults = faults
    checkPINs(of: resident)
    return resident
  }

  /// The texts in both languages under a key.
  private func texts(_ key: String, in map: YAMLMap? = nil) -> LocalizedText? {
    let outer = map ?? root
    guard outer.has(key), let map = outer.map(key) else { return nil }
    defer { map.finish() }
    let ja = map.requiredText("ja", fix: "say it in Japanese")
    let en = map.requiredText("en", fix: "say it in English")
    guard let ja, let en else { return nil }
    return LocalizedText(japanese: ja.trimmed, english: en.trimmed)
  }

  private func readFixture() -> String? {
    guard let text = root.text("fixture") else { return nil }
    if text.utf8.count != 3 || !text.hasPrefix("F") || !text.dropFirst().allSatisfy(\.isNumber) {
      root.complain("'\(text)' is no fixture", at: "fixture", fix: "write F01 to F99, or leave the line out")
    }
    return text
  }

  private func readSees() -> Resident.Sees? {
    guard root.has("sees"), let map = root.map("sees") else { return nil }
    defer { map.finish() }
    let texts = ["opensc", "login", "signing"].map { key -> LocalizedText? in
      if !map.has(key) { map.complain("'\(key)' is missing", fix: "say what it sees, with ja: and en: under it") }
      return self.texts(key, in: map)
    }
    guard let opensc = texts[0], let login = texts[1], let signing = texts[2] else { return nil }
    return Resident.Sees(opensc: opensc, login: login, signing: signing)
  }

  /// A day under a key.
  func day(_ map: YAMLMap, _ key: String) -> CalendarDay? {
    guard let text = map.text(key) else { return nil }
    return day(text, in: map, at: map.place(key))
  }

  /// The day that a text means.
  func day(_ text: String, in map: YAMLMap, at place: ResidentFault.Position?) -> CalendarDay? {
    guard let day = DateExpression.day(text, today: today) else {
      map.complain("'\(text)' is no date", at: place, fix: DateExpression.advice)
      return nil
    }
    return day
  }

  func requiredDay(_ map: YAMLMap, _ key: String) -> CalendarDay? {
    if !map.has(key) { map.complain("'\(key)' is missing", fix: DateExpression.advice) }
    return day(map, key)
  }

  /// A day that has come already.
  func pastDay(_ map: YAMLMap, _ key: String, of what: String, required: Bool = false) -> CalendarDay? {
    guard let day = required ? requiredDay(map, key) : day(map, key) else { return nil }
    if day > today {
      map.complain("\(what) is on \(day), after today (\(today))", at: key, fix: "write an earlier date")
    }
    return day
  }

  private func readPINs() -> [PINName: String] {
    guard root.has("pins"), let map = root.map("pins") else { return [:] }
    defer { map.finish() }
    var pins: [PINName: String] = [:]
    for (name, format) in PINForms.settable {
      guard let value = map.text(name.rawValue) else { continue }
      if let fix = PINForms.fault(in: value, of: name, format: format) {
        map.complain("the \(name.rawValue) PIN has not the right form", at: name.rawValue, fix: fix)
      }
      pins[name] = value
    }
    return pins
  }

  /// PINs that this holder or this card does not have.
  private func checkPINs(of resident: Resident) {
    guard !resident.pins.isEmpty, let map = root.map("pins") else { return }
    if resident.card.isForFaceAuthentication {
      map.complain(
        "a face-authentication card has no PINs (rule \(Rule.faceAuthentication.id))",
        fix: "leave 'pins' out, or 'faceAuthentication'")
    }
    guard resident.pins[.sign] != nil, root.map("certificates")?.isNone("sign") == true,
      let born = resident.registered.birth.day, !PINKind.sign.exists(atAge: BirthdayRule(born: born).age(on: today))
    else { return }
    map.complain(
      "a child under \(Issuance.minimumSignAge) has no sign PIN (rule R15)", at: "sign", fix: "leave the line out")
  }

  private func readTries() -> [PINName: Int] {
    guard root.has("tries"), let map = root.map("tries") else { return [:] }
    defer { map.finish() }
    var tries: [PINName: Int] = [:]
    for name in PINName.allCases {
      if let count = map.number(name.rawValue, in: 0...PINForms.triesMax(of: name)) { tries[name] = count }
    }
    return tries
  }

  private func readChoices() -> [String: String] {
    guard root.has("choices"), let map = root.map("choices") else { return [:] }
    var choices: [String: String] = [:]
    for key in map.keys {
      guard let value = map.text(key) else { continue }
      var probe = CardContents().choices
      if !probe.set(key, to: value) {
        map.complain(
          "there is no choice '\(key)' with the value '\(value)'", at: key,
          fix: "see Docs/CardModel.md, \"Our choices\"")
      }
      choices[key] = value
    }
    return choices
  }

  private func readFaults() -> [Resident.Fault] {
    root.texts("faults").compactMap { text, place in
      guard let fault = Resident.Fault(rawValue: text) else {
        root.complain(
          "there is no fault '\(text)'", at: place,
          fix: "use one of: " + Resident.Fault.allCases.map(\.rawValue).joined(separator: ", "))
        return nil
      }
      return fault
    }
  }
}

extension YAMLMap {
  /// The mapping under a key that must be there.
  func requiredMap(_ key: String, fix: String) -> YAMLMap? {
    if !has(key) {
      _ = map(key)
      complain("'\(key)' is missing", fix: fix)
      return nil
    }
    return map(key)
  }
}

extension YAMLMap {
  /// Whether the word `none` stands under a key.
  func isNone(_ key: String) -> Bool { isText(key) && text(key) == "none" }
}

extension String {
  /// Without the line feed that a YAML block leaves at its end.
  var trimmed: String { String(trimmingSuffix { $0 == "\n" || $0 == " " }) }

  private func trimmingSuffix(while predicate: (Character) -> Bool) -> Substring {
    var rest = self[...]
    while let last = rest.last, predicate(last) { rest = rest.dropLast() }
    return rest
  }
}
