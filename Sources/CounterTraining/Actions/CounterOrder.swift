import CardRules

/// A procedure at the counter, as the clerk chooses it on the terminal. What it needs to know comes from the lesson's facts.
public enum CounterOrder: Hashable, Sendable {
  /// Issues certificates.
  case issue(Set<CertificateKind>)
  /// Renews certificates in their window.
  case renew(Set<CertificateKind>)
  /// Revokes certificates on request.
  case revoke(Set<CertificateKind>)
  /// New PINs without the old ones, in one visit.
  case reset([CardSecret])
  /// A new PIN by the old one.
  case change(CardSecret)
  /// What needs no choice.
  case plain(Plain)

  /// Procedures that need no choice.
  public enum Plain: String, CaseIterable, Sendable {
    /// Writes a new address.
    case move
    /// Writes a new name.
    case rename
    /// Writes the card's new end after a longer stay.
    case extendStay = "extend-stay"
    /// Two months more while the extension is pending.
    case specialPeriod = "special-period"
    /// Stops the card for the time being.
    case stop
    /// Ends a stop.
    case release
    /// Takes the card back for good.
    case surrender
    /// Takes an application for a new card; the old one is abolished.
    case reissue
    /// Takes an application that renews the card; the old one works on.
    case renewCard = "renew-card"
    /// Continuing use before leaving Japan.
    case leaveJapan = "leave-japan"
    /// Makes it a face-authentication card.
    case toFaceAuthentication = "to-face-authentication"
    /// Makes it an ordinary card again.
    case fromFaceAuthentication = "from-face-authentication"
    /// Hands a new card over.
    case handOver = "hand-over"
  }

  /// Whether something is written to the chip: the card has to lie on the reader.
  public var writes: Bool {
    switch self {
    case .issue, .renew, .reset, .change: true
    case .revoke: false
    case .plain(let plain):
      switch plain {
      case .move, .rename, .extendStay, .specialPeriod, .toFaceAuthentication, .fromFaceAuthentication, .handOver,
        .leaveJapan:
        true
      case .stop, .release, .surrender, .reissue, .renewCard: false
      }
    }
  }
}
