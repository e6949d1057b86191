import CardRules
import MyNumberCard

extension OfficeOrder {
  /// What the order is as an event of the card's life.
  var event: LifeEvent {
    switch self {
    case .issue: .issue
    case .renew: .renewal
    case .revoke: .revocationRequest
    case .resetPIN: .resetPIN
    case .changePIN: .changePIN
    case .move(_, let municipality, _): municipality == nil ? .moveWithin : .moveIn
    case .rename: .nameChange
    case .extendStay, .specialPeriod: .stayExtension
    case .handOver: .handOver
    case .fromFaceAuthentication: .fromFaceAuthentication
    case .event(let event): event
    }
  }
}

// What may be done at all.
extension WardOffice {
  /// Refuses what a card of this status does not take (``LifeEvent/statuses``), and everything after the holder's death.
  func requireStatus(for order: OfficeOrder, _ resident: Resident) throws(OfficeRefusal) {
    guard today >= resident.card.issued else {
      throw OfficeRefusal(
        "the card was issued on \(resident.card.issued), so nothing can be done with it on \(today)",
        fix: "name a day on which the card is there")
    }
    let status = Self.status(of: resident, on: today)
    let ruling = Eligibility.mayHappen(order.event, to: status, holderDiedOn: resident.death)
    guard !ruling.isAllowed else { return }
    throw OfficeRefusal(ruling, fix: Self.advice(order.event, status, isHolderDead: resident.death != nil))
  }

  private static func advice(_ event: LifeEvent, _ status: CardRules.CardStatus, isHolderDead: Bool) -> String {
    if isHolderDead {
      return "nothing is done with this card any more; 'vmyna undo' takes a death back that was told just now"
    }
    switch (event, status) {
    case (.handOver, _): return "reset a PIN instead: vmyna operator reset-pin"
    case (.unclaimed, _): return "take it back instead: vmyna operator surrender"
    case (.release, .active): return "only a stopped card is released; see 'vmyna status'"
    case (.stop, .stopped): return "it is stopped already; release it: vmyna operator release"
    case (_, .stopped): return "release it first: vmyna operator release"
    case (.reissue, .undelivered), (.surrender, .undelivered), (.stop, .undelivered):
      return "hand it over first: vmyna operator hand-over; or destroy it: vmyna operator destroy"
    case (_, .undelivered): return "hand it over first: vmyna operator hand-over"
    case (_, .lapsed): return "only a new card helps: vmyna operator reissue"
    case (_, .abolished): return "only a new card helps: mint one with a later issue"
    case (_, .active): return "see 'vmyna status'"
    }
  }

  /// The card's status on a day: its end counts too.
  public static func status(of resident: Resident, on day: CalendarDay) -> CardRules.CardStatus {
    resident.card.status == .active && resident.card.end < day ? .lapsed : resident.card.status
  }

  /// Certificates and face are written with PIN-J, the holder's proof (rules 4.2, 4.3, 4.11).
  func requireResidentRecordPIN(_ resident: Resident, _ pins: PINs, rule: Rule) throws(OfficeRefusal) {
    guard let pin = pins[.residentRecord], pin.value != nil, pin.triesLeft == 0 else { return }
    throw OfficeRefusal(
      "the residentRecord PIN is locked, and this procedure asks for it", rule: rule,
      fix: "reset it first: vmyna operator reset-pin residentRecord --new 1234")
  }

  /// Issue and renewal ask the PINs of the certificates that are there, so none of them may be locked (rule 4.0-pins).
  func requireCertificatePINs(_ resident: Resident, _ pins: PINs) throws(OfficeRefusal) {
    for kind in CertificateKind.allCases {
      let name = kind.pinName
      guard let certificate = resident[kind], certificate.isAlive(on: today), let pin = pins[name],
        pin.value != nil, pin.triesLeft == 0
      else { continue }
      throw OfficeRefusal(
        "the \(name.rawValue) PIN is locked, and issue and renewal ask for it", rule: .asked,
        fix: "reset it first: vmyna operator reset-pin \(name.rawValue) --new …")
    }
  }
}

extension CertificateKind {
  /// The PIN of the certificate's key.
  var pinName: PINName { self == .sign ? .sign : .auth }
}
