import CardRules
import Foundation
import Testing

/// The table of rules against itself and against `Docs/Rules.md` and `Docs/Rules.ja.md`.
@Suite("Rule table")
struct RuleTableTests {
  static let docs = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Docs")

  /// The cells of the tables under a heading: rows only, without the header and its rule.
  private func rows(_ file: String, under heading: String) throws -> [[String]] {
    let text = try String(contentsOf: Self.docs.appendingPathComponent(file), encoding: .utf8)
    var inside = false
    var rows: [[String]] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("#") { inside = line.drop { $0 == "#" }.dropFirst() == heading }
      guard inside, line.hasPrefix("| ") else { continue }
      let cells = line.dropFirst(2).dropLast(2).components(separatedBy: " | ")
      rows.append(cells.map { $0.trimmingCharacters(in: .whitespaces) })
    }
    return Array(rows.dropFirst())
  }

  private static let headings: [Rule.Subject: BilingualText] = [
    .validity: BilingualText(ja: "有効期間", en: "Validity"),
    .people: BilingualText(ja: "人", en: "People"),
    .pins: BilingualText(ja: "暗証番号", en: "PINs"),
    .numbers: BilingualText(ja: "照合番号", en: "Printed numbers"),
    .procedures: BilingualText(ja: "手続", en: "Procedures"),
    .differences: BilingualText(ja: "違いと選択", en: "Differences and choices"),
  ]

  private static let files: [Language: String] = [.en: "Rules.md", .ja: "Rules.ja.md"]

  @Test("every rule stands in the document, word for word, and nothing else", arguments: Language.allCases)
  func documents(language: Language) throws {
    let file = try #require(Self.files[language])
    for subject in Rule.Subject.allCases {
      let heading = try #require(Self.headings[subject])[language]
      let written = try rows(file, under: heading)
      let expected = Rule.all.filter { $0.subject == subject }.map { rule in
        [
          rule.id, rule.name[language], rule.sentence[language], rule.certainty.mark[language],
          rule.sources.joined(separator: ", "),
        ]
      }
      #expect(written.map(\.first) == expected.map(\.first), "rows of \(heading) in \(file)")
      for (row, rule) in zip(written, expected) { #expect(row == rule) }
    }
  }

  @Test("every source stands in the document", arguments: Language.allCases)
  func sources(language: Language) throws {
    let file = try #require(Self.files[language])
    let written = try rows(file, under: language == .ja ? "出典" : "Sources")
    #expect(written == RuleSource.all.map { [$0.code, $0.address] })
  }

  @Test("every setting stands in the document", arguments: Language.allCases)
  func settings(language: Language) throws {
    let file = try #require(Self.files[language])
    let written = try rows(file, under: language == .ja ? "市区町村の設定" : "Profiles")
    let expected = ProfileSetting.all.map {
      let allowed = language == .ja ? $0.allowed.replacing(" to ", with: "〜") : $0.allowed
      return ["`\($0.key)`", $0.rule.id, allowed, $0.value(.national), $0.value(.nagoya)]
    }
    #expect(written == expected)
  }

  @Test("every event stands in the document", arguments: Language.allCases)
  func events(language: Language) throws {
    let file = try #require(Self.files[language])
    let written = try rows(file, under: language == .ja ? "できごと" : "Events")
    let expected = LifeEvent.allCases.map { event in
      let effect = event.effect()
      return ["`\(event.rawValue)`", word(effect.sign), word(effect.auth), word(effect.card), effect.rule.id]
    }
    #expect(written == expected)
  }

  private func word(_ effect: CertificateEffect) -> String {
    switch effect {
    case .unchanged: "–"
    case .revoked(let reason): "\(reason)"
    case .onHold: "certificateHold"
    case .released: "good"
    case .expires: "expired"
    }
  }

  private func word(_ effect: CardEffect) -> String {
    switch effect {
    case .unchanged: "–"
    case .becomes(let status): status.rawValue
    }
  }

  @Test("names are used once, and every code has a source")
  func consistency() {
    #expect(Set(Rule.all.map(\.id)).count == Rule.all.count)
    #expect(Set(RuleSource.all.map(\.code)).count == RuleSource.all.count)
    let used = Set(Rule.all.flatMap(\.sources))
    #expect(used == Set(RuleSource.all.map(\.code)))
    for rule in Rule.all {
      #expect(Rule.named(rule.id) == rule)
      for text in [rule.name, rule.sentence] {
        #expect(!text.ja.isEmpty && !text.en.isEmpty && !text.ja.contains("|") && !text.en.contains("|"), "\(rule.id)")
      }
    }
    for id in (1...21).map({ "R\($0)" }) + ["R6b"] { #expect(Rule.named(id) != nil) }
  }

  @Test(
    "the papers of a proxy stand in the rules",
    arguments: [
      (Rule.counterProxyIssue, ["照会書兼回答書または委任状", "代理人の本人確認書類"], ["letter of authority", "identity document"]),
      (
        .counterProxyPIN, ["照会書兼回答書", "封をした", "2点", "写真", "即日にはできない"],
        ["sealed", "two", "photograph", "never the same day"]
      ),
    ])
  func proxies(rule: Rule, japanese: [String], english: [String]) {
    #expect(rule.sources.contains("SEED") && Rule.all.contains(rule))
    for word in japanese { #expect(rule.sentence.ja.contains(word)) }
    for word in english { #expect(rule.sentence.en.contains(word)) }
  }

  @Test("every procedure names a rule once")
  func procedures() {
    #expect(Set(Procedure.all.map(\.rule.id)).count == Procedure.all.count)
    #expect(Procedure.all.allSatisfy { Rule.all.contains($0.rule) })
    var strict = MunicipalityProfile.national
    strict.proxyRenewal = .neverSameDay
    let renewal = Procedure.all.first { $0.rule == .renewal }
    #expect(renewal?.proxy(profile: .national) == .sameDayWithNoticeLetter)
    #expect(renewal?.proxy(profile: strict) == .secondVisit)
  }
}
