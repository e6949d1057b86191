import Authority
import CardImage
import CardKernel
import CardRules
import Cryptography
import MyNumberCard

/// The ward office: does what an order says by the rules, or refuses it with the rule.
///
/// The card is what its resident's facts make it. So the office changes the facts, makes the card of the old and of the new
/// ones, and what differs is what has to be written: keys and certificates, records and pictures, all in one step.
public struct WardOffice: Sendable {
  /// The minter that made the card.
  public let minter: Minter
  /// The municipality's settings.
  public let profile: MunicipalityProfile
  /// The second at which it happens.
  public let now: JapanInstant

  /// What the office sees of the PINs on the card.
  public typealias PINs = [PINName: PIN]

  /// What an order leads to.
  public struct Outcome: Sendable {
    /// The resident's facts afterwards.
    public var resident: Resident
    /// What has to be written to the card, all at once.
    public var changes: [CardChange]
    /// The rule that was followed.
    public var rule: Rule
    /// What should be said to the holder.
    public var remarks: [BilingualText] = []
  }

  /// The office that keeps the record of a card.
  public init(image: CardImage, profile: MunicipalityProfile = .national, now: JapanInstant) {
    var minter = Minter(
      today: (JapanInstant(image.manifest.minted.at) ?? now).day, seed: image.manifest.minted.seed,
      authority: image.manifest.registry?.first?.authority.flatMap { AuthorityName(rawValue: $0) } ?? .virtual)
    minter.facePolicy = .optional(report: { _ in })
    self.minter = minter
    self.profile = profile
    self.now = now
    usesRandomKeys = image.manifest.minted.keys == "random"
  }

  let usesRandomKeys: Bool
  var today: CalendarDay { now.day }

  /// Carries out an order.
  /// - Parameters:
  ///   - order: what is asked for.
  ///   - resident: the facts as they are.
  ///   - pins: the PINs on the card.
  /// - Throws: ``OfficeRefusal`` with the rule, and nothing has changed.
  public func carryOut(_ order: OfficeOrder, for resident: Resident, pins: PINs) throws -> Outcome {
    try requireStatus(for: order, resident)
    let order = order.composed
    var outcome = try prepare(order, for: resident, pins: pins)
    outcome.remarks += weaknesses(of: order.newPINs, resident)
    return outcome
  }

  private func prepare(_ order: OfficeOrder, for resident: Resident, pins: PINs) throws -> Outcome {
    switch order {
    case .issue(let kinds, let new): return try issue(kinds, new, resident, pins, rule: .laterIssue)
    case .renew(let kinds, let new): return try renew(kinds, new, resident, pins)
    case .revoke(let kinds): return try revoke(kinds, resident)
    case .resetPIN(let name, let new): return try reset(name, to: new, resident, pins)
    case .changePIN(let name, let new):
      return Outcome(resident: resident, changes: try Self.set(name, to: new, pins), rule: .change)
    case .move(let address, let municipality, let isFaceUpdated):
      var event = event(municipality == nil ? .moveWithin : .moveIn)
      (event.address, event.municipality, event.isFaceUpdated) = (address, municipality, isFaceUpdated)
      return try rewrite(event, resident, pins)
    case .rename(let name, let isFaceUpdated):
      var event = event(.nameChange)
      (event.name, event.isFaceUpdated) = (name, isFaceUpdated)
      return try rewrite(event, resident, pins)
    case .extendStay(let until): return try extend(until: until, resident, pins)
    case .specialPeriod: return try extend(until: nil, resident, pins)
    case .handOver(let new): return try handOver(new, resident, pins)
    case .fromFaceAuthentication(let new):
      guard resident.card.isForFaceAuthentication else {
        throw OfficeRefusal("it is no face-authentication card", rule: .faceAuthentication, fix: "see 'vmyna show'")
      }
      return try setAll(new, by: .fromFaceAuthentication, resident, pins)
    case .event(.leavingJapanContinuing): return try continueAbroad(resident, pins)
    case .event(let event): return try simple(event, resident, pins)
    }
  }

  func event(_ event: LifeEvent) -> ResidentEvent {
    ResidentEvent(event, on: today, at: now.unixSeconds)
  }
}
