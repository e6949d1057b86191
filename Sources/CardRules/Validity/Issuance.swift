/// Decides ends of card and certificates (rules R1 to R17, 3.1, 3.9).
///
/// | what  | ends on                                                                            | rules      |
/// |-------|------------------------------------------------------------------------------------|------------|
/// | card  | 10th birthday, minors 5th; renewed 11th and 6th; not after the stay                | R9 – R11   |
/// | auth  | min(n-th birthday, card)                                                           | R3         |
/// | sign  | min(n-th birthday, auth if there is one, card)                                     | R4         |
/// | n     | 6 when a live certificate of the kind is replaced inside its window, otherwise 5   | R5, R6, R7 |
///
/// Birthdays are counted strictly after the day of issue (R1).
public struct Issuance: Sendable {
  /// The request that is decided.
  public let request: IssuanceRequest
  /// The municipality's settings.
  public let profile: MunicipalityProfile

  /// The last day of the old age line (rule R9).
  public static let lastDayOfOldAgeLine = CalendarDay(year: 2022, month: 3, day: 31) ?? .first
  /// The age from which sign is issued (rule R15).
  public static let minimumSignAge = 15

  private let birthdays: BirthdayRule
  private var steps: [RuleStep] = []

  /// Decides the request.
  public static func decide(
    _ request: IssuanceRequest, profile: MunicipalityProfile = .national
  ) -> IssuanceDecision {
    var issuance = Issuance(request: request, profile: profile)
    return issuance.decide()
  }

  private init(request: IssuanceRequest, profile: MunicipalityProfile) {
    self.request = request
    self.profile = profile
    birthdays = BirthdayRule(born: request.born, leapDay: profile.leapDayBirthday)
  }

  private mutating func decide() -> IssuanceDecision {
    if request.born.month == 2, request.born.day == 29 {
      let always = profile.leapDayBirthday == .alwaysTwentyEighth
      note(
        .r14, .card, nil, ja: "2月29日生まれ: \(always ? "毎年2月28日" : "平年は2月28日、うるう年は2月29日")を誕生日とする",
        en: "born on 29 February: the birthday is "
          + (always ? "28 February in every year" : "28 February in common years, 29 February in leap years"))
    }
    let cardEnd = decideCard()
    let auth = decideAuth(cardEnd: cardEnd)
    let sign = decideSign(cardEnd: cardEnd, auth: auth)
    return IssuanceDecision(cardEnd: cardEnd, auth: auth, sign: sign, steps: steps)
  }

  private mutating func note(
    _ rule: Rule, _ subject: RuleStep.Subject, _ day: CalendarDay?, ja: String, en: String
  ) {
    steps.append(RuleStep(rule: rule, subject: subject, day: day, text: BilingualText(ja: ja, en: en)))
  }

  // MARK: Card

  private mutating func decideCard() -> CalendarDay {
    switch request.card {
    case .existing(let end):
      note(.people9, .card, end, ja: "今のカードの満了日は\(end)", en: "the card that is there ends on \(end)")
      return end
    case .issued(let renewed):
      return newCardEnd(renewing: renewed)
    }
  }

  private mutating func newCardEnd(renewing renewed: CalendarDay?) -> CalendarDay {
    let applied = request.applied ?? request.issued
    let ageDay = profile.cardAgeDay == .application ? applied : request.issued
    let line = ageDay <= Self.lastDayOfOldAgeLine ? 20 : 18
    let age = birthdays.age(on: ageDay)
    let isAdult = age >= line
    // Inside the window by its application, and made before the old card ended: otherwise a birthday would be won.
    let isRenewal = renewed.map { RenewalWindow(end: $0).contains(applied) && request.issued <= $0 } ?? false
    let n = (isAdult ? 10 : 5) + (isRenewal ? 1 : 0)
    let end = birthdays.birthday(n, after: request.issued)
    note(
      .r9, .card, nil, ja: "\(ageDay)の年齢は\(age)歳、境は\(line)歳: \(isAdult ? 10 : 5)回目の誕生日まで",
      en: "age on \(ageDay) is \(age), the line is \(line): the \(isAdult ? "10th" : "5th") birthday")
    if let renewed {
      note(
        .r10, .card, nil,
        ja: isRenewal ? "\(renewed)に満了するカードの期間内の更新: \(n)回目" : "\(renewed)に満了するカードの更新期間の外: 回数は増えない",
        en: isRenewal
          ? "renews inside the window of the card that ends on \(renewed): the \(ordinal(n))"
          : "outside the renewal window of the card that ends on \(renewed): no extra birthday")
    }
    note(
      .r1, .card, end, ja: "発行日\(request.issued)より後の\(n)回目の誕生日は\(end)",
      en: "the \(ordinal(n)) birthday after the issue on \(request.issued) is \(end)")
    switch request.residence {
    case .japanese: return end
    case .permanent:
      note(.r11, .card, end, ja: "永住者は日本人と同じ", en: "a permanent resident is treated as Japanese")
      return end
    case .stay(let until):
      let capped = min(end, until)
      note(
        .r11, .card, capped, ja: "在留期間の満了日\(until)と比べて早い方: \(capped)",
        en: "the stay ends on \(until); the earlier is \(capped)")
      return capped
    }
  }

  // MARK: Certificates

  private mutating func decideAuth(cardEnd: CalendarDay) -> CertificateDecision {
    switch request.auth {
    case .none:
      note(.people6, .certificate(.auth), nil, ja: "発行を希望しない", en: "there is none, as wished")
      return .none
    case .keep(let end):
      return keep(.auth, end: end)
    case .issue(let replaced):
      if let refusal = refuseForCard(.auth, cardEnd: cardEnd) { return refusal }
      let n = count(.auth, replacing: replaced)
      let birthday = countBirthday(n, for: .auth)
      let end = min(birthday, cardEnd)
      note(
        .r3, .certificate(.auth), end, ja: "\(birthday)とカードの満了日\(cardEnd)の早い方: \(end)",
        en: "the earlier of \(birthday) and the card's end \(cardEnd): \(end)")
      return .issued(finish(.auth, end: end))
    }
  }

  private mutating func decideSign(cardEnd: CalendarDay, auth: CertificateDecision) -> CertificateDecision {
    switch request.sign {
    case .none:
      note(.people6, .certificate(.sign), nil, ja: "発行を希望しない", en: "there is none, as wished")
      return .none
    case .keep(let end):
      return keep(.sign, end: end)
    case .issue(let replaced):
      if let refusal = refuseForHolder() { return refusal }
      if let refusal = refuseForCard(.sign, cardEnd: cardEnd) { return refusal }
      let n = signCount(replacing: replaced)
      let birthday = countBirthday(n, for: .sign)
      let end = min(birthday, auth.term?.end ?? cardEnd, cardEnd)
      if case .kept(let term) = auth {
        note(
          .r16, .certificate(.sign), term.end, ja: "利用者証明用は\(term.end)のまま変わらず、それを超えない",
          en: "auth stays as it is and caps sign at \(term.end)")
      }
      let caps = auth.term.map { ($0.end.description + "、", ", auth's end \($0.end)") } ?? ("", "")
      note(
        .r4, .certificate(.sign), end,
        ja: "\(birthday)、\(caps.0.isEmpty ? "" : "利用者証明用の満了日\(caps.0)")カードの満了日\(cardEnd)のうち最も早い日: \(end)",
        en: "the earliest of \(birthday)\(caps.1) and the card's end \(cardEnd): \(end)")
      return .issued(finish(.sign, end: end))
    }
  }

  /// Rules 3.1 and R15: who may have sign.
  private mutating func refuseForHolder() -> CertificateDecision? {
    // The application day decides at the counter; for the first card, the day of issue.
    let ageDay: CalendarDay
    switch request.card {
    case .existing: ageDay = request.applied ?? request.issued
    case .issued: ageDay = request.issued
    }
    let age = birthdays.age(on: ageDay)
    let isTooYoung = age < Self.minimumSignAge
    guard isTooYoung || request.isAdultWard else { return nil }
    let rule: Rule = isTooYoung ? .r15 : .people1
    let who = BilingualText(
      ja: isTooYoung ? "\(ageDay)の年齢は\(age)歳で、15歳(\(birthdays.day(ofAge: 15)))に達していない" : "成年被後見人である",
      en: isTooYoung
        ? "age on \(ageDay) is \(age), 15 is reached on \(birthdays.day(ofAge: 15))" : "the holder is an adult ward")
    if profile.restrictedSign == .withLegalRepresentative, request.withLegalRepresentative {
      note(
        .people2, .certificate(.sign), nil, ja: "\(who.ja)が、本人と法定代理人がそろって来たので発行する",
        en: "\(who.en), but holder and legal representative both come: it is issued")
      return nil
    }
    note(rule, .certificate(.sign), nil, ja: "\(who.ja): 発行しない", en: "\(who.en): not issued")
    return .refused(rule)
  }

  private mutating func refuseForCard(_ kind: CertificateKind, cardEnd: CalendarDay) -> CertificateDecision? {
    guard cardEnd < request.issued else { return nil }
    note(
      .people9, .certificate(kind), nil, ja: "カードは\(cardEnd)に満了している: 発行しない",
      en: "the card ended on \(cardEnd): not issued")
    return .refused(.people9)
  }

  private mutating func keep(_ kind: CertificateKind, end: CalendarDay) -> CertificateDecision {
    note(
      .r17, .certificate(kind), end, ja: "発行せず、今の証明書のまま: \(end)まで",
      en: "not issued anew; the present one stays, to \(end)")
    return .kept(CertificateTerm(end: end, of: kind, profile: profile))
  }

  /// 6 for a renewal inside the window, otherwise 5 (rules R5, R6, R7).
  private mutating func count(_ kind: CertificateKind, replacing replaced: CalendarDay?) -> Int {
    guard let replaced else {
      note(.r7, .certificate(kind), nil, ja: "新規発行: 5回目", en: "a new issue: the 5th")
      return 5
    }
    let window = RenewalWindow(end: replaced, of: kind, profile: profile)
    let isLiteral = kind == .auth && profile.authWindow == .threeMonthsBefore
    let rule: Rule = isLiteral ? .r6b : .r6
    note(
      rule, .certificate(kind), window.opens, ja: "\(replaced)に満了する証明書の更新期間は\(window.opens)から",
      en: "the certificate that ends on \(replaced) can be renewed from \(window.opens)")
    guard window.contains(request.issued) else {
      let early = request.issued < window.opens
      note(
        .r7, .certificate(kind), nil, ja: "\(early ? "更新期間の前" : "満了後")なので新規発行: 5回目",
        en: "\(early ? "before the window" : "after the end"), so a new issue: the 5th")
      return 5
    }
    if kind == .auth, profile.authRenewal == .fifth {
      note(
        .differenceAuthRenewal, .certificate(kind), nil, ja: "更新だが、設定により利用者証明用は5回目",
        en: "a renewal, but by the profile auth ends on the 5th")
      return 5
    }
    note(.r5, .certificate(kind), nil, ja: "期間内の更新: 6回目", en: "renewed inside the window: the 6th")
    return 6
  }

  /// sign counts by itself, but issued anew beside a renewal of auth the pair may count as one renewal (V33).
  private mutating func signCount(replacing replaced: CalendarDay?) -> Int {
    let isLive = replaced.map { $0 >= request.issued } ?? false
    if !isLive, profile.signBesideAuthRenewal == .asRenewal, profile.authRenewal == .sixth,
      case .issue(let auth?) = request.auth,
      RenewalWindow(end: auth, of: .auth, profile: profile).contains(request.issued)
    {
      note(
        .differenceSignBesideAuth, .certificate(.sign), nil, ja: "利用者証明用の更新と同時の発行は、組で1つの更新とみる: 6回目",
        en: "issued beside a renewal of auth, the pair counts as one renewal: the 6th")
      return 6
    }
    return count(.sign, replacing: replaced)
  }

  private mutating func countBirthday(_ n: Int, for kind: CertificateKind) -> CalendarDay {
    let birthday = birthdays.birthday(n, after: request.issued)
    note(
      .r1, .certificate(kind), birthday, ja: "発行日\(request.issued)より後の\(n)回目の誕生日は\(birthday)",
      en: "the \(ordinal(n)) birthday after the issue on \(request.issued) is \(birthday)")
    return birthday
  }

  private mutating func finish(_ kind: CertificateKind, end: CalendarDay) -> CertificateTerm {
    let term = CertificateTerm(end: end, of: kind, profile: profile)
    let rule: Rule = kind == .auth && profile.authWindow == .threeMonthsBefore ? .r6b : .r6
    note(
      rule, .certificate(kind), term.window.opens, ja: "次の更新は\(term.window.opens)から",
      en: "the next renewal is possible from \(term.window.opens)")
    note(
      .r8, .certificate(kind), end, ja: "\(end) 23:59:59(日本時間)= \(term.notAfter.generalizedTime)まで",
      en: "good until \(end) 23:59:59 Japan time = \(term.notAfter.generalizedTime)")
    return term
  }

  private func ordinal(_ n: Int) -> String { "\(n)th" }
}
