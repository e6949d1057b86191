/// How certain a rule is.
public enum Certainty: String, CaseIterable, Sendable {
  /// Law or ordinance, the operator's own page, the seed city's page, or several cities' pages that agree.
  case sure
  /// One city's page, a good secondary source, or worked out from sure rules.
  case likely
  /// No public source was found; the text says what is chosen here.
  case unknown

  /// The mark as `Docs/Rules.md` and its Japanese twin write it.
  public var mark: BilingualText {
    switch self {
    case .sure: BilingualText(ja: "確実", en: "sure")
    case .likely: BilingualText(ja: "おそらく", en: "likely")
    case .unknown: BilingualText(ja: "不明", en: "unknown")
    }
  }
}

/// One rule about cards, certificates, PINs and counters: a named thing with its source and its certainty.
///
/// The rules stand in one table, ``Rule/all``, which `Docs/Rules.md` repeats and the tests compare.
public struct Rule: Hashable, Sendable, Identifiable {
  /// The part of the subject that a rule belongs to.
  public enum Subject: String, CaseIterable, Sendable {
    /// From when and until when.
    case validity
    /// Who may have what, and who may ask.
    case people
    /// PINs, their forms and locks.
    case pins
    /// 照合番号 A and B.
    case numbers
    /// What is done at the counter, in shops and at home, and what each event does.
    case procedures
    /// Where cities or sources differ; a municipality's profile decides.
    case differences
  }

  /// The short name, for instance `R5`; never reused.
  public let id: String
  /// The part of the subject.
  public let subject: Subject
  /// A name of a few words.
  public let name: BilingualText
  /// The rule in one sentence or a few.
  public let sentence: BilingualText
  /// Codes of the sources, each a row of ``RuleSource/all``.
  public let sources: [String]
  /// How certain the rule's main statement is; the sentence marks the parts that are surer or less sure.
  public let certainty: Certainty

  init(
    _ id: String, _ subject: Subject, _ certainty: Certainty, _ sources: [String],
    ja: (name: String, sentence: String), en: (name: String, sentence: String)
  ) {
    self.id = id
    self.subject = subject
    self.certainty = certainty
    self.sources = sources
    name = BilingualText(ja: ja.name, en: en.name)
    sentence = BilingualText(ja: ja.sentence, en: en.sentence)
  }

  /// Every rule, in the order of `Docs/Rules.md`.
  public static let all: [Rule] =
    validityRules + peopleRules + pinRules + numberRules + procedureRules + differenceRules

  /// The rule of that name, or `nil`.
  public static func named(_ id: String) -> Rule? { all.first { $0.id == id } }
}

/// Where a rule was read.
public struct RuleSource: Hashable, Sendable {
  /// The short code that rules name.
  public let code: String
  /// The page's address, or what the source is.
  public let address: String

  init(_ code: String, _ address: String) {
    self.code = code
    self.address = address
  }

  /// The source of that code, or `nil`.
  public static func named(_ code: String) -> RuleSource? { all.first { $0.code == code } }
}
