import Authority
import CardRules

extension ResidentReader {
  private enum SexWord: String, CaseIterable {
    case male, female, notApplicable, unknown
    var certified: CertifiedHolder.Sex {
      switch self {
      case .male: .male
      case .female: .female
      case .notApplicable: .notApplicable
      case .unknown: .unknown
      }
    }
  }

  private enum ResidenceWord: String, CaseIterable {
    case japanese, permanent, stay
  }

  func readHolder(_ map: YAMLMap) -> Resident.Holder? {
    defer { map.finish() }
    let substitutes = readSubstitutes(map)
    let name = composed(
      map.requiredText("name", fix: "write family and given name with a full-width space between them"))
    let birth = readBirth(map)
    let sex = map.word("sex", as: SexWord.self)
    if !map.has("sex") { map.complain("'sex' is missing", fix: "write male, female, notApplicable or unknown") }
    let address = composed(readAddress(map))
    let municipality = readMunicipality(map, "municipality")
    if municipality == nil, !map.has("municipality") {
      map.complain(
        "'municipality' is missing", fix: "write its code of five digits in quotation marks, such as \"23106\"")
    }
    let residence = readResidence(map)
    let number = readNumber(map)
    let alias = composed(map.text("alias"))
    let isAdultWard = map.flag("adultWard") ?? false
    if let name { checkText(name, map, "name", substitutes, longest: CertifiedText.longestName) }
    if let alias { checkText(alias, map, "alias", substitutes, longest: CertifiedText.longestName) }
    if let address {
      checkText(
        address, map, map.has("address") ? "address" : "leftJapan", substitutes, longest: CertifiedText.longestAddress)
    }
    checkRoom(name, alias, address, map)
    guard let name, let birth, let sex, let address, let municipality, let residence else { return nil }
    var holder = Resident.Holder(
      name: name, birth: birth, sex: sex.certified, address: address, municipality: municipality,
      residence: residence, number: number)
    holder.alias = alias
    holder.isAdultWard = isAdultWard
    holder.substitutes = substitutes
    return holder
  }

  /// A date, one with zeros for what is not known, or a birthday and the age that is reached on it.
  private func readBirth(_ map: YAMLMap) -> BirthDate? {
    guard map.has("birth"), !map.isText("birth") else {
      guard let text = map.requiredText("birth", fix: DateExpression.advice) else { return nil }
      if let birth = BirthDate(text), birth.day == nil { return birth }
      guard let day = day(text, in: map, at: map.place("birth")) else { return nil }
      return past(day, map)
    }
    guard let inner = map.map("birth") else { return nil }
    defer { inner.finish() }
    let birthday = requiredDay(inner, "birthday")
    let turns = inner.number("turns", in: 0...130)
    if !inner.has("turns") { inner.complain("'turns' is missing", fix: "say which age is reached on that birthday") }
    guard let birthday, let turns else { return nil }
    guard let day = DateExpression.birth(birthday: birthday, turns: turns) else {
      inner.complain("nobody can turn \(turns) on \(birthday)", at: "turns", fix: "write a lower age")
      return nil
    }
    return past(day, map)
  }

  private func past(_ day: CalendarDay, _ map: YAMLMap) -> BirthDate {
    if day > today {
      map.complain("the holder is born on \(day), after today (\(today))", at: "birth", fix: "write an earlier date")
    }
    return BirthDate(day)
  }

  /// The address, or for somebody who left Japan the text that the record has instead.
  private func readAddress(_ map: YAMLMap) -> String? {
    guard let left = pastDay(map, "leftJapan", of: "leaving Japan") else {
      if map.has("leftJapan") { return nil }
      return map.requiredText("address", fix: "write the address as the resident record has it, without postal code")
    }
    if map.text("address") != nil {
      map.complain(
        "somebody who left Japan has no address there", at: "address", fix: "leave out 'address' or 'leftJapan'")
    }
    return Resident.Holder.addressAbroad(since: left)
  }

  private func readSubstitutes(_ map: YAMLMap) -> [String: String] {
    guard map.has("substitutes"), let inner = map.map("substitutes") else { return [:] }
    var substitutes: [String: String] = [:]
    for key in inner.keys {
      guard let value = inner.text(key) else { continue }
      if key.count != 1 || value.count != 1 {
        inner.complain("'\(key): \(value)' is not one character for another", at: key, fix: "write it like 髙: 高")
      }
      substitutes[key] = value
    }
    return substitutes
  }

  /// One form of a text for all that shows it: certificates compose か and U+3099 to が, so text file and face do too.
  func composed(_ text: String?) -> String? { text.map(CertifiedText.composed) }

  /// Refuses at its line what no certificate can hold.
  func checkText(_ text: String, _ map: YAMLMap, _ key: String, _ substitutes: [String: String], longest: Int) {
    do throws(AuthorityError) {
      _ = try CertifiedText(text, choices: Self.characters(substitutes), longest: longest)
    } catch {
      map.complain("\(key): \(error.problem)", at: key, fix: error.fix + Self.substituteHint(error))
    }
  }

  private static func substituteHint(_ error: AuthorityError) -> String {
    error.problem.hasPrefix("certificates do not know") ? ": under holder, substitutes: {…: …}" : ""
  }

  /// The same choices as certificates take them.
  static func characters(_ substitutes: [String: String]) -> [Character: Character] {
    var characters: [Character: Character] = [:]
    for (key, value) in substitutes {
      if let from = key.first, let to = value.first { characters[from] = to }
    }
    return characters
  }

  /// The text file of the card holds 512 bytes with its tags, the birth date and the sex.
  private func checkRoom(_ name: String?, _ alias: String?, _ address: String?, _ map: YAMLMap) {
    guard let name, let address else { return }
    // Where there is another name beside the name, the face may have to show both.
    guard let fault = AttributesRecord.fault(name: name + (alias ?? ""), address: address) else { return }
    map.complain(fault.problem, at: fault.key.flatMap { map.has($0) ? $0 : nil }, fix: fault.fix)
  }

  func readMunicipality(_ map: YAMLMap, _ key: String) -> Municipality? {
    guard map.has(key), let inner = map.mapOrCode(key) else { return nil }
    do throws(AuthorityError) {
      switch inner {
      case .code(let code): return try Municipality(code: code)
      case .map(let own):
        defer { own.finish() }
        let fix = "write code, prefecture and name, romanised: 23106, Aichi-ken, Nagoya-shi Naka-ku"
        let code = own.requiredText("code", fix: fix)
        let prefecture = own.requiredText("prefecture", fix: fix)
        let name = own.requiredText("name", fix: fix)
        guard let code, let prefecture, let name else { return nil }
        return try Municipality(code: code, prefecture: prefecture, name: name)
      }
    } catch {
      map.complain(error.problem, at: key, fix: "write code:, prefecture: and name: (romanised) under it")
      return nil
    }
  }

  private func readResidence(_ map: YAMLMap) -> Residence? {
    if map.has("stayUntil"), map.text("residence") != "stay" {
      map.complain("only a residence 'stay' has an end", at: "stayUntil", fix: "write residence: stay, or leave it out")
    }
    guard map.has("residence") else { return .japanese }
    switch map.word("residence", as: ResidenceWord.self) {
    case nil: return nil
    case .japanese: return .japanese
    case .permanent: return .permanent
    case .stay: return requiredDay(map, "stayUntil").map { .stay(until: $0) }
    }
  }

  private func readNumber(_ map: YAMLMap) -> String? {
    guard let number = map.text("number") else { return nil }
    if !MyNumber.isValid(number) {
      map.complain(
        "'\(number)' is no my number: twelve digits, the last of them a check digit", at: "number",
        fix: MyNumber.corrected(number).map { "with the right check digit it is \($0)" }
          ?? "leave the line out; one is made")
    }
    return number
  }
}

extension YAMLMap {
  /// A code, or a mapping that spells out what the code would mean.
  enum MapOrCode {
    case code(String)
    case map(YAMLMap)
  }

  func mapOrCode(_ key: String) -> MapOrCode? {
    if isText(key) { return text(key).map { .code($0) } }
    return map(key).map { .map($0) }
  }
}
