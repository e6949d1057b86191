/// What a procedure costs.
public struct Fee: Hashable, Sendable {
  /// Why a card is made anew.
  public enum Cause: String, CaseIterable, Sendable {
    /// Lost, damaged or wished, by the holder's own cause.
    case ownCause
    /// The note space on the face is full.
    case noteSpaceFull
    /// Return from abroad.
    case returnFromAbroad
    /// The individual number changed.
    case numberChanged
    /// Renewal in the last 3 months before the card's end.
    case renewal
    /// The card simply ran out.
    case lapsed
    /// A foreign resident missed the card's end.
    case missedStay
  }
  /// What is paid for.
  public enum Service: Hashable, Sendable {
    /// Issue or renewal of certificates on a card that is there, at any time.
    case certificates
    /// Change or reset of a PIN or number.
    case pin
    /// A new card.
    case card(cause: Cause, withCertificates: Bool, express: Bool)
  }

  /// For the card, in yen.
  public let card: Int
  /// For the certificates, one or both, in yen.
  public let certificates: Int
  /// The rule.
  public let rule: Rule

  /// The sum, in yen.
  public var total: Int { card + certificates }

  /// The fee of a service.
  public static func of(_ service: Service, profile: MunicipalityProfile = .national) -> Fee {
    switch service {
    case .certificates: return Fee(card: 0, certificates: 0, rule: .feeNone)
    case .pin: return Fee(card: 0, certificates: 0, rule: .reset)
    case .card(let cause, let withCertificates, let express):
      let isPaid: Bool
      switch cause {
      case .ownCause, .missedStay: isPaid = true
      case .noteSpaceFull, .returnFromAbroad, .numberChanged, .renewal: isPaid = false
      case .lapsed: isPaid = profile.lapsedCardFee == .paid
      }
      guard isPaid else { return Fee(card: 0, certificates: 0, rule: cause == .lapsed ? .choiceLapsedFee : .feeWaived) }
      let certificates = withCertificates ? 200 : 0
      return express
        ? Fee(card: 1800, certificates: certificates, rule: .feeExpress)
        : Fee(card: 800, certificates: certificates, rule: .feeReissue)
    }
  }
}
