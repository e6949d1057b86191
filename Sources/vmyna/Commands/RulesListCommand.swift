import ArgumentParser
import CardRules

/// `vmyna rules list`: the table of rules, or of sources.
struct RulesListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Every rule with its certainty and its sources.")

  @Flag(help: "List the sources instead.")
  var sources = false
  @Option(help: ArgumentHelp("ja or en, for the text.", valueName: "language"))
  var language = Language.en
  @Flag(help: "One JSON object a line.")
  var json = false

  func run() throws {
    for line in sources ? sourceLines : ruleLines { print(line) }
  }

  private var ruleLines: [String] {
    Rule.all.map { rule in
      guard json else {
        let mark = rule.certainty.mark[language]
        return """
          \(rule.id)  \(rule.name[language])  [\(mark): \(rule.sources.joined(separator: ", "))]
              \(rule.sentence[language])
          """
      }
      return OrderedJSON.object([
        ("id", .string(rule.id)),
        ("subject", .string(rule.subject.rawValue)),
        ("name", both(rule.name)),
        ("sentence", both(rule.sentence)),
        ("certainty", .string(rule.certainty.rawValue)),
        ("sources", .array(rule.sources.map { .string($0) })),
      ]).text
    }
  }

  private var sourceLines: [String] {
    RuleSource.all.map { source in
      guard json else { return "\(source.code)  \(source.address)" }
      return OrderedJSON.object([("code", .string(source.code)), ("address", .string(source.address))]).text
    }
  }

  private func both(_ text: BilingualText) -> OrderedJSON {
    .object([("ja", .string(text.ja)), ("en", .string(text.en))])
  }
}

/// `vmyna rules window`: what follows from one end.
struct RulesWindowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "window", abstract: "What follows from the end of a certificate: renewal window, last second, tails.")

  @Argument(help: "The last day of a certificate or card.")
  var end: String
  @Option(help: ArgumentHelp("national, nagoya, or a profile file.", valueName: "profile"))
  var profile = "national"
  @Flag(help: "One JSON object on one line.")
  var json = false

  func run() throws {
    let profile = try ProfileArgument.load(self.profile)
    let end = try RulesOption.day("END", end)
    let auth = CertificateTerm(end: end, of: .auth, profile: profile)
    let sign = CertificateTerm(end: end, of: .sign, profile: profile)
    let facts: [(key: String, words: String, value: String)] = [
      ("end", "last day", end.description),
      ("authRenewalFrom", "auth renewable from", auth.window.opens.description),
      ("signRenewalFrom", "sign renewable from", sign.window.opens.description),
      ("notAfter", "last second", sign.notAfter.generalizedTime),
      ("healthInsuranceUntil", "health insurance use of auth until", auth.healthInsuranceUntil.description),
      ("specialPeriodEnd", "as a card's end, special period until", CardEnd.specialPeriod(after: end).description),
    ]
    if json {
      print(OrderedJSON.object(facts.map { ($0.key, .string($0.value)) }).text)
    } else {
      for fact in facts { print("\(fact.words): \(fact.value)") }
    }
  }
}

/// `vmyna rules profile`: the settings of a municipality.
struct RulesProfileCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "profile", abstract: "The settings of a municipality's profile.")

  @Argument(help: "national, nagoya, or a profile file.")
  var profile = "national"
  @Option(help: ArgumentHelp("ja or en, for the text.", valueName: "language"))
  var language = Language.en
  @Flag(help: "One JSON object on one line.")
  var json = false

  func run() throws {
    let profile = try ProfileArgument.load(self.profile)
    guard !json else {
      let settings = ProfileSetting.all.map { ($0.key, OrderedJSON.string($0.value(profile))) }
      print(OrderedJSON.object([("name", .string(profile.name))] + settings).text)
      return
    }
    // Text that is a profile file again.
    print("name: \(profile.name)")
    for setting in ProfileSetting.all {
      print("# \(setting.rule.id), \(setting.rule.name[language]): \(setting.allowed)")
      print("\(setting.key): \(setting.value(profile))")
    }
  }
}
