import Authority
import CardRules
import Foundation
import MyNumberCard

/// Reads resident files.
public enum ResidentFile {
  /// The version of the form that this release reads.
  public static let format = 1
  /// A resident file is never longer.
  private static let largestFile = 256 << 10

  /// Reads a file.
  /// - Parameters:
  ///   - url: the file.
  ///   - today: the day of minting, from which relative dates count.
  /// - Throws: every fault, each with line, column and advice.
  public static func load(_ url: URL, today: CalendarDay) throws(ResidentFaults) -> Resident {
    let text: String
    do {
      let size = try url.resourceValues(forKeys: [.fileSizeKey]).fileSize ?? 0
      guard size <= largestFile else {
        throw ResidentFaults(faults: [
          ResidentFault("the file has more than \(largestFile) bytes", file: url.path, fix: "name a resident file")
        ])
      }
      text = try String(contentsOf: url, encoding: .utf8)
    } catch let faults as ResidentFaults {
      throw faults
    } catch {
      throw ResidentFaults(faults: [
        ResidentFault(
          "the file cannot be read", file: url.path, fix: "check its name, its permissions, and that it is UTF-8")
      ])
    }
    return try parse(text, file: url.path, name: url.deletingPathExtension().lastPathComponent, today: today)
  }

  /// Reads the text of a resident file.
  public static func parse(
    _ text: String, file: String, name: String, today: CalendarDay
  ) throws(ResidentFaults) -> Resident {
    let faults = YAMLMap.Faults()
    let root: YAMLMap
    do throws(ResidentFault) {
      root = try YAMLMap.parse(text, file: file, faults: faults)
    } catch {
      throw ResidentFaults(faults: [error])
    }
    let resident = ResidentReader(root: root, name: name, today: today).read()
    guard faults.list.isEmpty, let resident else {
      throw ResidentFaults(faults: faults.list.sorted { ($0.position?.line ?? 0) < ($1.position?.line ?? 0) })
    }
    return resident
  }
}

/// Turns the mappings of one document into a resident; what is wrong goes to the document's faults.
private struct ResidentReader {
  let root: YAMLMap
  let name: String
  let today: CalendarDay

  private static let dateFix = "write 1990-09-10, or from the day of minting: today -71d -36y"

  func read() -> Resident? {
    if root.number("format", in: 1...ResidentFile.format) == nil, !root.has("format") {
      root.complain("'format' is missing", fix: "begin the file with: format: \(ResidentFile.format)")
    }
    let title = readTitle()
    let holder = root.map("holder").flatMap(readHolder)
    if !root.has("holder") {
      root.complain("'holder' is missing", fix: "say who holds the card; see Docs/Residents.md")
    }
    let certificates = root.map("certificates")
    if certificates == nil, !root.has("certificates") {
      root.complain(
        "'certificates' is missing", fix: "write certificates: with sign: and auth: under it, or none for each")
    }
    let (pins, tries) = readPINs()
    let choices = readChoices()
    let cardMap = root.map("card")
    if !root.has("card") {
      root.complain("'card' is missing", fix: "say when the card was issued; see Docs/Residents.md")
    }
    guard let holder, let cardMap, let certificates else {
      root.finish()
      return nil
    }
    let fixture = root.text("fixture")
    var resident = readCard(
      cardMap, certificates: certificates, holder: holder, title: title, pins: pins, tries: tries, choices: choices)
    resident?.fixture = fixture
    root.finish()
    return resident
  }

  private func readTitle() -> LocalizedText {
    guard let map = root.map("title") else { return LocalizedText(japanese: name, english: name) }
    defer { map.finish() }
    return LocalizedText(japanese: map.text("ja") ?? name, english: map.text("en") ?? name)
  }

  private func day(_ map: YAMLMap, _ key: String) -> CalendarDay? {
    guard let text = map.text(key) else { return nil }
    guard let day = DateExpression.day(text, today: today) else {
      map.complain("'\(text)' is no date", at: key, fix: Self.dateFix)
      return nil
    }
    return day
  }

  private func requiredDay(_ map: YAMLMap, _ key: String) -> CalendarDay? {
    if !map.has(key) { map.complain("'\(key)' is missing", fix: Self.dateFix) }
    return day(map, key)
  }

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

  private func readHolder(_ map: YAMLMap) -> Resident.Holder? {
    defer { map.finish() }
    let name = map.requiredText("name", fix: "write family and given name with a full-width space between them")
    let birth = requiredDay(map, "birth")
    let sex = map.word("sex", as: SexWord.self)
    if !map.has("sex") { map.complain("'sex' is missing", fix: "write male, female, notApplicable or unknown") }
    let address = map.requiredText(
      "address", fix: "write the address as the resident record has it, without postal code")
    let municipality = readMunicipality(map)
    let residence = readResidence(map)
    let number = map.text("number")
    if let number, !MyNumber.isValid(number) {
      map.complain(
        "'\(number)' is no my number: twelve digits, the last of them a check digit", at: "number",
        fix: MyNumber.corrected(number).map { "with the right check digit it is \($0)" }
          ?? "leave the line out; one is made")
    }
    guard let name, let birth, let sex, let address, let municipality, let residence else { return nil }
    if let fault = AttributesRecord.fault(name: name, address: address) {
      map.complain(fault.problem, at: fault.key, fix: fault.fix)
    }
    if birth > today {
      map.complain("the holder is born on \(birth), after today (\(today))", at: "birth", fix: "write an earlier date")
    }
    return Resident.Holder(
      name: name, birth: birth, sex: sex.certified, address: address, municipality: municipality,
      residence: residence, number: number)
  }

  private func readMunicipality(_ map: YAMLMap) -> Municipality? {
    if let inner = map.has("municipality") ? map.mapOrCode("municipality") : nil {
      switch inner {
      case .code(let code):
        do throws(AuthorityError) { return try Municipality(code: code) } catch {
          map.complain(error.problem, at: "municipality", fix: error.fix)
        }
      case .map(let own):
        defer { own.finish() }
        let fix = "write code, prefecture and name, romanised: 23106, Aichi-ken, Nagoya-shi Naka-ku"
        guard let code = own.requiredText("code", fix: fix), let prefecture = own.requiredText("prefecture", fix: fix),
          let name = own.requiredText("name", fix: fix)
        else { return nil }
        do throws(AuthorityError) { return try Municipality(code: code, prefecture: prefecture, name: name) } catch {
          map.complain(error.problem, at: "municipality", fix: error.fix)
        }
      }
      return nil
    }
    if !map.has("municipality") {
      map.complain(
        "'municipality' is missing", fix: "write its code of five digits in quotation marks, such as \"23106\"")
    }
    return nil
  }

  private func readResidence(_ map: YAMLMap) -> Residence? {
    guard map.has("residence") else { return .japanese }
    switch map.word("residence", as: ResidenceWord.self) {
    case nil: return nil
    case .japanese: return .japanese
    case .permanent: return .permanent
    case .stay: return requiredDay(map, "stayUntil").map { .stay(until: $0) }
    }
  }

  private func readPINs() -> (pins: [PINName: String], tries: [PINName: Int]) {
    var pins: [PINName: String] = [:]
    var tries: [PINName: Int] = [:]
    if let map = root.map("pins") {
      defer { map.finish() }
      for (name, format) in PINForms.settable {
        guard let value = map.text(name.rawValue) else { continue }
        if let fix = PINForms.fault(in: value, of: name, format: format) {
          map.complain("the \(name.rawValue) PIN has not the right form", at: name.rawValue, fix: fix)
        }
        pins[name] = value
      }
    }
    if let map = root.map("tries") {
      defer { map.finish() }
      for name in PINName.allCases {
        if let count = map.number(name.rawValue, in: 0...PINForms.triesMax(of: name)) { tries[name] = count }
      }
    }
    return (pins, tries)
  }

  private func readChoices() -> [String: String] {
    guard let map = root.map("choices") else { return [:] }
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

  private func readCard(
    _ map: YAMLMap, certificates: YAMLMap, holder: Resident.Holder, title: LocalizedText, pins: [PINName: String],
    tries: [PINName: Int], choices: [String: String]
  ) -> Resident? {
    defer {
      map.finish()
      certificates.finish()
    }
    let issued = requiredDay(map, "issued")
    let applied = day(map, "applied")
    let givenEnd = day(map, "end")
    let code = map.text("securityCode") ?? "1234"
    if code.utf8.count != 4 || !code.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
      map.complain("'\(code)' is no security code", at: "securityCode", fix: "use four digits")
    }
    let personality = map.text("personality") ?? Personality.defaultName
    if Personality.named(personality) == nil {
      map.complain(
        "there is no personality '\(personality)'", at: "personality",
        fix: "use one of: " + Personality.all.map(\.name).joined(separator: ", "))
    }
    let (options, carrier, generation) = CardOptions.read(from: map, today: today)
    if CardGeneration.named(generation) == nil {
      map.complain(
        "there is no generation '\(generation)'", at: "generation",
        fix: "use one of: " + CardGeneration.all.map(\.name).joined(separator: ", "))
    }
    guard let issued else { return nil }
    if issued > today {
      map.complain(
        "the card is issued on \(issued), after today (\(today))", at: "issued", fix: "write an earlier date")
    }
    if issued < holder.birth {
      map.complain(
        "the card is issued on \(issued), before its holder is born", at: "issued", fix: "write a later date")
    }
    let auth = readCertificate(certificates, "auth", cardIssued: issued)
    let sign = readCertificate(certificates, "sign", cardIssued: issued)

    var request = IssuanceRequest(born: holder.birth, issued: issued, applied: applied)
    request.residence = holder.residence
    if let givenEnd { request.card = .existing(end: givenEnd) }
    request.auth = .none
    request.sign = .none
    let cardEnd = Issuance.decide(request).cardEnd
    let terms = CertificateTerms(holder: holder, cardIssued: issued, cardApplied: applied, cardEnd: cardEnd)
    let authFacts = auth.flatMap { terms.facts(of: $0, kind: .auth, authEnd: nil, in: certificates) }
    let signFacts = sign.flatMap { terms.facts(of: $0, kind: .sign, authEnd: authFacts?.end, in: certificates) }
    return Resident(
      name: name, title: title, holder: holder,
      card: Resident.CardFacts(
        issued: issued, applied: applied, end: cardEnd, securityCode: code, personality: personality,
        generation: generation, carrier: carrier, options: options),
      sign: signFacts, auth: authFacts, pins: pins, tries: tries, choices: choices)
  }

  private func readCertificate(_ map: YAMLMap, _ key: String, cardIssued: CalendarDay) -> CertificateTerms.Wish? {
    let (inner, word) = map.mapOrWord(key, words: ["withCard", "none"])
    if word == nil && inner == nil {
      if !map.has(key) { map.complain("'\(key)' is missing", fix: "write \(key): withCard, or none") }
      return nil
    }
    guard let inner else { return word == "withCard" ? CertificateTerms.Wish(issued: cardIssued) : nil }
    defer { inner.finish() }
    let issued = inner.has("issued") ? day(inner, "issued") : cardIssued
    let replaced = day(inner, "renewing")
    let end = day(inner, "end")
    let forced = inner.flag("force") ?? false
    guard let issued else { return nil }
    if issued > today {
      inner.complain(
        "the certificate is issued on \(issued), after today (\(today))", at: "issued", fix: "write an earlier date")
    }
    if let end, end < issued {
      inner.complain(
        "the certificate ends on \(end), before it begins on \(issued)", at: "end", fix: "write a later date")
    }
    return CertificateTerms.Wish(issued: issued, renewing: replaced, end: end, isForced: forced)
  }
}

/// The terms of a resident's certificates, by the rules.
private struct CertificateTerms {
  let holder: Resident.Holder
  let cardIssued: CalendarDay
  let cardApplied: CalendarDay?
  let cardEnd: CalendarDay

  /// What the file asks for.
  struct Wish {
    var issued: CalendarDay
    var renewing: CalendarDay?
    var end: CalendarDay?
    var isForced = false
  }

  func facts(
    of wish: Wish, kind: CertificateKind, authEnd: CalendarDay?, in map: YAMLMap
  ) -> Resident.CertificateFacts? {
    let issue = wish.renewing == nil ? 0 : 1
    if wish.isForced, let end = wish.end {
      return Resident.CertificateFacts(issued: wish.issued, end: end, issue: issue)
    }
    var request = IssuanceRequest(
      born: holder.birth, issued: wish.issued, applied: wish.issued == cardIssued ? cardApplied : nil)
    request.card = .existing(end: cardEnd)
    request.auth = kind == .auth ? .issue(replacing: wish.renewing) : authEnd.map { .keep(end: $0) } ?? .none
    request.sign = kind == .sign ? .issue(replacing: wish.renewing) : .none
    let decision = Issuance.decide(request)
    let verdict = kind == .auth ? decision.auth : decision.sign
    switch verdict {
    case .issued(let term):
      if let end = wish.end, end != term.end {
        map.complain(
          "by the rules this certificate ends on \(term.end), not on \(end)", at: kind.rawValue,
          fix: "leave 'end' out, or add force: true for a card that cannot exist")
      }
      return Resident.CertificateFacts(issued: wish.issued, end: term.end, issue: issue)
    case .refused(let rule):
      map.complain(
        "this holder may not have this certificate (rule \(rule.id): \(rule.sentence.en))", at: kind.rawValue,
        fix: "write \(kind.rawValue): none, or give its end and force: true for a card that cannot exist")
      return nil
    case .kept, .none:
      return nil
    }
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
