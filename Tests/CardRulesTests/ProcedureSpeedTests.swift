import CardRules
import Testing

@Suite("How soon a procedure is done, for whom")
struct ProcedureSpeedTests {
  private func row(_ rule: Rule) throws -> Procedure { try #require(Procedure.all.first { $0.rule == rule }) }

  @Test(
    "a proxy's reset, change and issue take a second visit",
    arguments: [Rule.reset, .change, .laterIssue, .afterExpiry])
  func secondVisit(rule: Rule) throws {
    let procedure = try row(rule)
    #expect(procedure.holder == .sameDay)
    #expect(procedure.proxy == .secondVisit)
  }

  @Test("a proxy renews the same day with the notice's letter, where the profile lets it be so")
  func noticeLetter() throws {
    var profile = MunicipalityProfile.national
    let renewal = try row(.renewal)
    #expect(renewal.proxy(profile: profile) == .sameDayWithNoticeLetter)
    profile.proxyRenewal = .neverSameDay
    #expect(renewal.proxy(profile: profile) == .secondVisit)
  }

  @Test(
    "no proxy ever at a shop, with an app or at the hand-over",
    arguments: [Rule.storeSign, .storeAuth, .application, .handOver])
  func never(rule: Rule) throws {
    #expect(try row(rule).proxy == .never)
  }

  @Test(
    "issue and renewal ask PIN-J and the PINs of both kinds; a reset asks none",
    arguments: [Rule.laterIssue, .renewal, .afterExpiry])
  func pins(rule: Rule) throws {
    guard case .asks(let kinds) = try row(rule).pins else { throw Unexpected() }
    #expect(Set(kinds) == [.residentRecord, .sign, .auth])
    #expect(try row(.reset).pins == .asks([]))
  }

  private struct Unexpected: Error {}
}
