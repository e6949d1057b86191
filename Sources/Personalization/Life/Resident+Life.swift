import Authority
import CardRules

/// What happens to a resident's card, by the rules. The reader of resident files plays a life up to the day of minting with
/// it; the ward office goes on from there.
extension Resident {
  /// Lets something happen: certificates, card and person change as the rules say.
  public mutating func apply(_ event: ResidentEvent, profile: MunicipalityProfile = .national) {
    let effect = event.event.effect(profile: profile)
    for index in certificates.indices where event.kinds.contains(certificates[index].kind) {
      certificates[index].state = Self.state(
        of: certificates[index], after: effect[certificates[index].kind], on: event)
    }
    if event.event == .death { death = event.on }
    // What is abolished stays so.
    if case .becomes(let status) = effect.card, status != card.status, card.status != .abolished {
      card.status = status
      card.statusSince = event.on
    }
    if event.event == .stayExtension { card.specialPeriod = event.stayUntil == nil ? event.on : nil }
    if let name = event.name { registered.name = name }
    if let address = event.address { registered.address = address }
    if let municipality = event.municipality { registered.municipality = municipality }
    if let until = event.stayUntil { registered.residence = .stay(until: until) }
    if let end = event.cardEnd { card.end = end }
    if event.isFaceUpdated { holder = registered }
    if event.event == .toFaceAuthentication {
      card.isForFaceAuthentication = true
      for index in certificates.indices where certificates[index].kind == .sign { certificates[index].isOnCard = false }
    }
    if event.event == .fromFaceAuthentication { card.isForFaceAuthentication = false }
  }

  private static func state(
    of certificate: CertificateFacts, after effect: CertificateEffect, on event: ResidentEvent
  ) -> CertificateFacts.State {
    // What is over or revoked stays so.
    guard certificate.isAlive(on: event.on) else { return certificate.state }
    switch (effect, certificate.state) {
    case (.revoked(let reason), _): return .revoked(reason: "\(reason)", since: event.second)
    case (.onHold, .good): return .hold(since: event.second)
    case (.released, .hold): return .good
    default: return certificate.state
    }
  }

  /// What an issue of certificates asks for.
  public struct Issue: Sendable {
    /// The certificates.
    public var kinds: Set<CertificateKind>
    /// The day.
    public var on: CalendarDay
    /// The second, since 1970; made from the seed when absent.
    public var at: Int?
    /// Ends that do not follow from the rules.
    public var ends: [CertificateKind: CalendarDay] = [:]
    /// Holder and legal representative come together.
    public var withLegalRepresentative = false

    /// An issue.
    public init(_ kinds: Set<CertificateKind>, on day: CalendarDay, at second: Int? = nil) {
      self.kinds = kinds
      on = day
      at = second
    }
  }

  /// Issues certificates; those that they replace are superseded. A kind that the rules refuse is not issued.
  /// - Returns: the decision, whose refusals name their rules; `nil` when every end was given.
  @discardableResult
  public mutating func issue(_ wish: Issue, profile: MunicipalityProfile = .national) -> IssuanceDecision? {
    let ruled = wish.kinds.filter { wish.ends[$0] == nil }
    let decision = ruled.isEmpty ? nil : registered.birth.day.map { decide(wish, ruled, born: $0, profile: profile) }
    for kind in CertificateKind.allCases.reversed() where wish.kinds.contains(kind) {
      var end = wish.ends[kind]
      if end == nil, case .issued(let term)? = decision?[kind] { end = term.end }
      if let end { add(kind, end: end, wish) }
    }
    return decision
  }

  private func decide(
    _ wish: Issue, _ kinds: Set<CertificateKind>, born: CalendarDay, profile: MunicipalityProfile
  ) -> IssuanceDecision {
    // For the first card the day of issue decides on sign, so the day of application is left out.
    var request = IssuanceRequest(born: born, issued: wish.on, card: .existing(end: card.end))
    request.residence = registered.residence
    request.isAdultWard = registered.isAdultWard
    request.withLegalRepresentative = wish.withLegalRepresentative
    func plan(_ kind: CertificateKind) -> CertificatePlan {
      let alive = certificates.last { $0.kind == kind && $0.isAlive(on: wish.on) }?.end
      if let end = wish.ends[kind] { return .keep(end: end) }
      if kinds.contains(kind) { return .issue(replacing: alive) }
      return alive.map { .keep(end: $0) } ?? .none
    }
    request.auth = plan(.auth)
    request.sign = plan(.sign)
    return Issuance.decide(request, profile: profile)
  }

  private mutating func add(_ kind: CertificateKind, end: CalendarDay, _ wish: Issue) {
    let second = wish.at ?? JapanInstant(startOf: wish.on).unixSeconds + 9 * 3600
    for index in certificates.indices where certificates[index].kind == kind {
      certificates[index].isOnCard = false
      if certificates[index].isAlive(on: wish.on) { certificates[index].state = .superseded(since: second) }
    }
    let issue = certificates.reduce(0) { $1.kind == kind ? $0 + 1 : $0 }
    certificates.append(
      CertificateFacts(kind: kind, issued: wish.on, issuedAt: wish.at, end: end, issue: issue, holder: registered))
  }
}
