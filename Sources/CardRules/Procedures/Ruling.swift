/// A yes or a no with the rule behind it.
public struct Ruling: Hashable, Sendable {
  /// Whether it may be done.
  public let isAllowed: Bool
  /// The rule that decides.
  public let rule: Rule
  /// The reason, or what has to be heeded.
  public let reason: BilingualText

  static func yes(_ rule: Rule, ja: String, en: String) -> Ruling {
    Ruling(isAllowed: true, rule: rule, reason: BilingualText(ja: ja, en: en))
  }

  static func no(_ rule: Rule, ja: String, en: String) -> Ruling {
    Ruling(isAllowed: false, rule: rule, reason: BilingualText(ja: ja, en: en))
  }
}

/// Who stands at the counter.
public enum Applicant: String, CaseIterable, Sendable {
  /// The holder (本人).
  case holder
  /// Parent or guardian (法定代理人).
  case legalRepresentative
  /// A proxy (任意代理人).
  case proxy
}

/// The card's status as the office's terminal shows it.
public enum CardStatus: String, CaseIterable, Sendable {
  /// 交付前.
  case undelivered
  /// 運用中.
  case active
  /// 一時停止.
  case stopped
  /// 廃止.
  case abolished
  /// 失効 or 有効期限切れ.
  case lapsed

  /// The status in words.
  public var name: BilingualText {
    switch self {
    case .undelivered: BilingualText(ja: "交付前", en: "not handed over")
    case .active: BilingualText(ja: "運用中", en: "active")
    case .stopped: BilingualText(ja: "一時停止", en: "stopped")
    case .abolished: BilingualText(ja: "廃止", en: "abolished")
    case .lapsed: BilingualText(ja: "失効", en: "lapsed")
    }
  }
}

/// Who may have and do what (rules 3.1 to 3.9).
public enum Eligibility {
  /// Whether a certificate may be issued to a holder of that age on the day that counts (rules 3.1, 3.2, R15).
  public static func mayHave(
    _ kind: CertificateKind, age: Int, isAdultWard: Bool = false, withLegalRepresentative: Bool = false,
    profile: MunicipalityProfile = .national
  ) -> Ruling {
    guard kind == .sign, age < Issuance.minimumSignAge || isAdultWard else {
      return .yes(.people1, ja: "発行できる", en: "it may be issued")
    }
    if profile.restrictedSign == .withLegalRepresentative, withLegalRepresentative {
      return .yes(.people2, ja: "本人と法定代理人がそろって来たので発行できる", en: "holder and legal representative both come")
    }
    return age < Issuance.minimumSignAge
      ? .no(.r15, ja: "15歳未満には発行しない", en: "not issued to people under 15")
      : .no(.people1, ja: "成年被後見人には発行しない", en: "not issued to adult wards")
  }

  /// Whether a card of that status can take certificates or new PINs (rule 3.9).
  public static func mayUse(_ status: CardStatus) -> Ruling {
    status == .active
      ? .yes(.people9, ja: "カードは運用中", en: "the card is active")
      : .no(.people9, ja: "カードは\(status.name.ja)", en: "the card is \(status.name.en)")
  }

  /// Whether somebody of that age can act without a legal representative (rule 3.3).
  public static func mayActAlone(age: Int, isAdultWard: Bool = false) -> Ruling {
    age < Issuance.minimumSignAge || isAdultWard
      ? .no(.people3, ja: "法定代理人の申請か同行が必要", en: "the legal representative applies or comes along")
      : .yes(.people3, ja: "ひとりで申請できる", en: "may apply alone")
  }
}
