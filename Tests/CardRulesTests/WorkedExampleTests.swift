import CardRules
import Testing

/// Parses a day of a test table; a typo there becomes a day that no expectation holds.
func day(_ text: String) -> CalendarDay { CalendarDay(text) ?? .last }

/// One row of the worked examples V01 to V35.
struct WorkedExample: Sendable, CustomTestStringConvertible {
  var name: String
  var request: IssuanceRequest
  var profile = MunicipalityProfile.national
  var cardEnd: String
  var auth: String?
  var sign: String?
  var opens: String?

  init(
    _ name: String, born: String, issued: String, applied: String? = nil, residence: Residence = .japanese,
    card: String? = nil, renewsCard: String? = nil, auth authPlan: CertificatePlan = .issue(replacing: nil),
    sign signPlan: CertificatePlan = .issue(replacing: nil), change: ((inout MunicipalityProfile) -> Void)? = nil,
    gives cardEnd: String, _ auth: String?, _ sign: String?, opens: String? = nil
  ) {
    self.name = name
    let plan = card.map { CardPlan.existing(end: day($0)) } ?? .issued(renewing: renewsCard.map { day($0) })
    request = IssuanceRequest(
      born: day(born), issued: day(issued), applied: applied.map { day($0) }, card: plan, auth: authPlan, sign: signPlan
    )
    request.residence = residence
    change?(&profile)
    self.cardEnd = cardEnd
    self.auth = auth
    self.sign = sign
    self.opens = opens
  }

  var testDescription: String { name }
}

private let born = "1990-09-10"
private let card = "2035-09-10"
private let stay = Residence.stay(until: day("2027-11-30"))
private func renewing(_ end: String) -> CertificatePlan { .issue(replacing: day(end)) }
private func keeping(_ end: String) -> CertificatePlan { .keep(end: day(end)) }

private let examples: [WorkedExample] = [
  WorkedExample(
    "V01", born: "1980-02-17", issued: "2025-10-27", gives: "2035-02-17", "2030-02-17", "2030-02-17",
    opens: "2029-11-18"),
  WorkedExample(
    "V02", born: born, issued: "2026-06-01", gives: card, "2030-09-10", "2030-09-10", opens: "2030-06-11"),
  WorkedExample("V03", born: born, issued: "2026-09-10", gives: "2036-09-10", "2031-09-10", "2031-09-10"),
  WorkedExample("V04", born: born, issued: "2026-09-09", gives: card, "2030-09-10", "2030-09-10"),
  WorkedExample("V05", born: born, issued: "2026-09-11", gives: "2036-09-10", "2031-09-10", "2031-09-10"),
  WorkedExample(
    "V06", born: born, issued: "2030-06-11", card: card, auth: renewing("2030-09-10"), sign: renewing("2030-09-10"),
    gives: card, "2035-09-10", "2035-09-10"),
  WorkedExample(
    "V07", born: born, issued: "2030-06-10", card: card, auth: renewing("2030-09-10"), sign: renewing("2030-09-10"),
    gives: card, "2034-09-10", "2034-09-10"),
  WorkedExample(
    "V08", born: born, issued: "2030-09-10", card: card, auth: renewing("2030-09-10"), sign: renewing("2030-09-10"),
    gives: card, "2035-09-10", "2035-09-10"),
  WorkedExample("V09", born: born, issued: "2030-12-01", card: card, gives: card, "2035-09-10", "2035-09-10"),
  WorkedExample(
    "V09 with the old ends", born: born, issued: "2030-12-01", card: card, auth: renewing("2030-09-10"),
    sign: renewing("2030-09-10"), gives: card, "2035-09-10", "2035-09-10"),
  WorkedExample("V10", born: born, issued: "2032-10-01", card: card, gives: card, "2035-09-10", "2035-09-10"),
  WorkedExample(
    "V11", born: born, issued: "2030-06-11", card: card, auth: renewing("2030-09-10"), sign: renewing("2030-09-10"),
    change: { $0.authRenewal = .fifth }, gives: card, "2034-09-10", "2034-09-10"),
  WorkedExample(
    "V11 by the seed city", born: born, issued: "2030-06-11", card: card, auth: renewing("2030-09-10"),
    sign: renewing("2030-09-10"), change: { $0 = .nagoya }, gives: card, "2034-09-10", "2034-09-10",
    opens: "2034-06-10"),
  WorkedExample(
    "V12", born: born, issued: "2028-03-15", card: card, auth: keeping("2030-09-10"), gives: card, "2030-09-10",
    "2030-09-10"),
  WorkedExample("V13", born: born, issued: "2028-03-15", card: card, gives: card, "2032-09-10", "2032-09-10"),
  WorkedExample("V14", born: born, issued: "2034-01-10", card: card, auth: .none, gives: card, nil, "2035-09-10"),
  WorkedExample(
    "V15", born: "2016-04-20", issued: "2026-05-20", gives: "2031-04-20", "2031-04-20", nil, opens: "2031-01-21"),
  WorkedExample(
    "V16", born: "2010-08-01", issued: "2026-05-20", gives: "2030-08-01", "2030-08-01", "2030-08-01",
    opens: "2030-05-02"),
  WorkedExample(
    "V17 the card", born: "2011-12-24", issued: "2026-05-20", gives: "2030-12-24", "2030-12-24", nil,
    opens: "2030-09-25"),
  WorkedExample(
    "V17 sign added", born: "2011-12-24", issued: "2027-01-05", card: "2030-12-24", auth: keeping("2030-12-24"),
    gives: "2030-12-24", "2030-12-24", "2030-12-24"),
  WorkedExample(
    "V18", born: "2008-06-10", issued: "2026-06-20", applied: "2026-06-05", gives: "2031-06-10", "2031-06-10",
    "2031-06-10"),
  WorkedExample(
    "V18 by age at issue", born: "2008-06-10", issued: "2026-06-20", applied: "2026-06-05",
    change: { $0.cardAgeDay = .issue }, gives: "2036-06-10", "2031-06-10", "2031-06-10"),
  WorkedExample(
    "V19", born: "2008-06-10", issued: "2026-06-25", applied: "2026-06-10", gives: "2036-06-10", "2031-06-10",
    "2031-06-10"),
  WorkedExample(
    "V20", born: "2003-01-15", issued: "2022-04-05", applied: "2022-03-20", gives: "2027-01-15", "2027-01-15",
    "2027-01-15"),
  WorkedExample(
    "V21", born: "1995-07-07", issued: "2026-05-20", residence: stay, gives: "2027-11-30", "2027-11-30",
    "2027-11-30"),
  WorkedExample(
    "V22", born: "1995-07-07", issued: "2027-11-20", residence: stay, card: "2028-01-30",
    auth: renewing("2027-11-30"), sign: renewing("2027-11-30"), gives: "2028-01-30", "2028-01-30", "2028-01-30"),
  WorkedExample(
    "V23", born: "1995-07-07", issued: "2028-01-15", card: "2030-11-30", gives: "2030-11-30", "2030-11-30",
    "2030-11-30"),
  WorkedExample(
    "V24", born: born, issued: "2026-06-01", residence: .permanent, gives: card, "2030-09-10", "2030-09-10"),
  WorkedExample(
    "V25", born: "2000-02-29", issued: "2026-04-01", gives: "2036-02-29", "2031-02-28", "2031-02-28",
    opens: "2030-11-29"),
  WorkedExample(
    "V25 switch", born: "2000-02-29", issued: "2026-04-01", change: { $0.leapDayBirthday = .alwaysTwentyEighth },
    gives: "2036-02-28", "2031-02-28", "2031-02-28"),
  WorkedExample("V26", born: "2000-02-29", issued: "2023-04-01", gives: "2033-02-28", "2028-02-29", "2028-02-29"),
  WorkedExample(
    "V26 switch", born: "2000-02-29", issued: "2023-04-01", change: { $0.leapDayBirthday = .alwaysTwentyEighth },
    gives: "2033-02-28", "2028-02-28", "2028-02-28"),
  WorkedExample(
    "V29", born: born, issued: "2035-07-20", renewsCard: card, auth: renewing(card), sign: renewing(card),
    gives: "2045-09-10", "2040-09-10", "2040-09-10"),
  WorkedExample(
    "V31 new year", born: "1985-01-01", issued: "2026-01-02", gives: "2036-01-01", "2031-01-01", "2031-01-01",
    opens: "2030-10-02"),
  WorkedExample(
    "V31 new year's eve", born: "1985-12-31", issued: "2026-12-30", gives: "2035-12-31", "2030-12-31", "2030-12-31",
    opens: "2030-10-01"),
  WorkedExample("V32", born: born, issued: "2028-03-15", card: card, gives: card, "2032-09-10", "2032-09-10"),
  WorkedExample(
    "V33 as renewal", born: born, issued: "2030-07-01", card: card, auth: renewing("2030-09-10"), gives: card,
    "2035-09-10", "2035-09-10"),
  WorkedExample(
    "V33 literal", born: born, issued: "2030-07-01", card: card, auth: renewing("2030-09-10"),
    change: { $0.signBesideAuthRenewal = .literal }, gives: card, "2035-09-10", "2034-09-10"),
  WorkedExample(
    "V35 the card", born: "1975-11-01", issued: "2016-02-01", gives: "2025-11-01", "2020-11-01", "2020-11-01"),
  WorkedExample(
    "V35 renewed", born: "1975-11-01", issued: "2020-09-15", card: "2025-11-01", auth: renewing("2020-11-01"),
    sign: renewing("2020-11-01"), gives: "2025-11-01", "2025-11-01", "2025-11-01"),
]

@Suite("Worked examples")
struct WorkedExampleTests {
  @Test("card, auth and sign end as worked out", arguments: examples)
  func ends(example: WorkedExample) {
    let decision = Issuance.decide(example.request, profile: example.profile)
    #expect(decision.cardEnd.description == example.cardEnd)
    #expect(decision.auth.term?.end.description == example.auth)
    #expect(decision.sign.term?.end.description == example.sign)
    if let opens = example.opens { #expect(decision.auth.term?.window.opens.description == opens) }
    #expect(decision.steps.allSatisfy { Rule.all.contains($0.rule) && !$0.text.ja.isEmpty && !$0.text.en.isEmpty })
  }

  @Test("V27: windows of month ends", arguments: ["2031-05-28", "2031-05-29", "2031-05-30", "2031-05-31"])
  func clampedWindow(end: String) {
    #expect(RenewalWindow(end: day(end)).opens.description == "2031-03-01")
  }

  @Test(
    "V28: published windows",
    arguments: [
      ("2026-05-05", "2026-02-06"), ("2026-07-17", "2026-04-18"), ("2026-06-15", "2026-03-16"),
      ("2022-10-15", "2022-07-16"), ("2024-03-15", "2023-12-16"), ("2024-12-31", "2024-10-01"),
    ])
  func publishedWindow(end: String, opens: String) {
    #expect(RenewalWindow(end: day(end)).opens == day(opens))
  }

  @Test("V30: the last second")
  func lastSecond() throws {
    let term = CertificateTerm(end: day("2030-09-10"), of: .auth)
    #expect(term.notAfter.generalizedTime == "20300910145959Z")
    let good = try #require(JapanInstant("2030-09-10T14:59:59Z"))
    let over = try #require(JapanInstant("2030-09-11T00:00:00+09:00"))
    #expect(!term.isExpired(at: good))
    #expect(term.isExpired(at: over))
    #expect(over.unixSeconds == good.unixSeconds + 1)
  }

  @Test(
    "V34: health insurance tail",
    arguments: [
      ("2026-04-01", "2026-07-31"), ("2026-11-30", "2027-02-28"), ("2027-11-01", "2028-02-29"),
    ])
  func healthInsurance(end: String, until: String) {
    #expect(CertificateTerm(end: day(end), of: .auth).healthInsuranceUntil == day(until))
  }

  @Test(
    "V22: special period",
    arguments: [
      ("2027-11-30", "2028-01-30"), ("2026-10-31", "2026-12-31"), ("2026-12-31", "2027-02-28"),
    ])
  func specialPeriod(end: String, until: String) {
    #expect(CardEnd.specialPeriod(after: day(end)) == day(until))
  }

  @Test("a child of 14 and a ward get no sign, but for the profile that lets the representative come along")
  func refusals() {
    var request = IssuanceRequest(born: day("2011-10-16"), issued: day("2026-10-15"))
    #expect(Issuance.decide(request).sign == .refused(.r15))
    request.withLegalRepresentative = true
    #expect(Issuance.decide(request).sign == .refused(.r15))
    var matsuyama = MunicipalityProfile.national
    matsuyama.restrictedSign = .withLegalRepresentative
    #expect(Issuance.decide(request, profile: matsuyama).sign.term != nil)
    request.issued = day("2026-10-16")
    #expect(Issuance.decide(request).sign.term != nil)
    request.isAdultWard = true
    request.withLegalRepresentative = false
    #expect(Issuance.decide(request, profile: matsuyama).sign == .refused(.people1))
    request.card = .existing(end: day("2026-10-15"))
    let lapsed = Issuance.decide(request)
    #expect(lapsed.auth == .refused(.people9))
    #expect(!lapsed.isYes)
  }

  @Test("at the counter the application day decides about 15, for the first card the issue")
  func dayOfFifteen() {
    var request = IssuanceRequest(born: day("2011-10-16"), issued: day("2026-10-20"), applied: day("2026-10-10"))
    #expect(Issuance.decide(request).sign.term != nil)
    request.card = .existing(end: day("2030-10-16"))
    #expect(Issuance.decide(request).sign == .refused(.r15))
  }

  @Test("a card made after the old one ended wins no extra birthday")
  func lateCard() {
    let late = IssuanceRequest(
      born: day(born), issued: day("2035-10-01"), applied: day("2035-09-08"), card: .issued(renewing: day(card)))
    #expect(Issuance.decide(late).cardEnd == day("2045-09-10"))
  }
}
