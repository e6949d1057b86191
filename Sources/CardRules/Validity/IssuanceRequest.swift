/// Whose rules a holder's card follows (rule R11).
public enum Residence: Hashable, Sendable {
  /// A Japanese national.
  case japanese
  /// A permanent or special permanent resident, or a highly skilled professional (ii): as Japanese.
  case permanent
  /// A foreign resident whose stay ends on that day.
  case stay(until: CalendarDay)
}

/// The card that carries the certificates.
public enum CardPlan: Hashable, Sendable {
  /// The card is issued on the same day; `renewing` is the end of the live card that it follows (rule R10).
  case issued(renewing: CalendarDay?)
  /// The card is there already and ends on that day.
  case existing(end: CalendarDay)
}

/// What is to happen with one certificate on the day of issue.
public enum CertificatePlan: Hashable, Sendable {
  /// The holder has none and wants none.
  case none
  /// The holder's live certificate stays as it is.
  case keep(end: CalendarDay)
  /// A certificate is issued; `replacing` is the end of the certificate that it follows, if any.
  case issue(replacing: CalendarDay?)
}

/// Everything on which the ends of card and certificates depend. No clock: the days are passed in.
public struct IssuanceRequest: Hashable, Sendable {
  /// The holder's day of birth.
  public var born: CalendarDay
  /// The day of issue (rule R2).
  public var issued: CalendarDay
  /// The day the application was received; `nil` for the day of issue.
  public var applied: CalendarDay?
  /// Nationality and residence.
  public var residence = Residence.japanese
  /// The card.
  public var card: CardPlan
  /// The authentication certificate.
  public var auth: CertificatePlan
  /// The signature certificate.
  public var sign: CertificatePlan
  /// Whether the holder is an adult ward (成年被後見人).
  public var isAdultWard = false
  /// Whether holder and legal representative come together (difference C5).
  public var withLegalRepresentative = false

  /// A request with both certificates and a new card, for a Japanese holder.
  public init(
    born: CalendarDay, issued: CalendarDay, applied: CalendarDay? = nil, card: CardPlan = .issued(renewing: nil),
    auth: CertificatePlan = .issue(replacing: nil), sign: CertificatePlan = .issue(replacing: nil)
  ) {
    self.born = born
    self.issued = issued
    self.applied = applied
    self.card = card
    self.auth = auth
    self.sign = sign
  }
}

/// What becomes of one certificate.
public enum CertificateDecision: Hashable, Sendable {
  /// There is none, as wished.
  case none
  /// The live certificate stays.
  case kept(CertificateTerm)
  /// A new certificate.
  case issued(CertificateTerm)
  /// It may not be issued; the rule says why.
  case refused(Rule)

  /// The term of the certificate that is there afterwards.
  public var term: CertificateTerm? {
    switch self {
    case .kept(let term), .issued(let term): term
    case .none, .refused: nil
    }
  }

  /// The rule that forbids it.
  public var refusal: Rule? {
    if case .refused(let rule) = self { rule } else { nil }
  }
}

/// One applied rule, with what it gave.
public struct RuleStep: Hashable, Sendable {
  /// What the step is about.
  public enum Subject: Hashable, Sendable {
    /// The card.
    case card
    /// One of the certificates.
    case certificate(CertificateKind)

    /// `card`, `auth` or `sign`.
    public var code: String {
      switch self {
      case .card: "card"
      case .certificate(let kind): kind.rawValue
      }
    }
  }

  /// The rule.
  public let rule: Rule
  /// What it was applied to.
  public let subject: Subject
  /// The day it gave, if it gives one.
  public let day: CalendarDay?
  /// The step in words.
  public let text: BilingualText
}

/// The answer: ends of card and certificates, and the rules that led there in the order of their use.
public struct IssuanceDecision: Hashable, Sendable {
  /// The last day of the card.
  public let cardEnd: CalendarDay
  /// The authentication certificate.
  public let auth: CertificateDecision
  /// The signature certificate.
  public let sign: CertificateDecision
  /// The applied rules.
  public let steps: [RuleStep]

  /// The decision about one of the two.
  public subscript(kind: CertificateKind) -> CertificateDecision {
    switch kind {
    case .sign: sign
    case .auth: auth
    }
  }

  /// Whether at least one certificate is issued, or none was asked for.
  public var isYes: Bool {
    let decisions = [auth, sign]
    let issued = decisions.contains { if case .issued = $0 { true } else { false } }
    return issued || decisions.allSatisfy { $0.refusal == nil }
  }
}
