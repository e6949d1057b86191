/// Why the registry holds a certificate revoked; the raw value is the CRL reason of RFC 5280.
public enum RevocationReason: Int, CaseIterable, Sendable {
  /// Destroyed before hand-over.
  case unspecified = 0
  /// The holder's key is compromised.
  case keyCompromise = 1
  /// The authority's key is compromised.
  case cACompromise = 2
  /// What the certificate says is no longer so: move, name, correction.
  case affiliationChanged = 3
  /// Renewed.
  case superseded = 4
  /// No longer needed: request, card abolished.
  case cessationOfOperation = 5
  /// Stopped for the time being.
  case certificateHold = 6
}

/// What an event does to one certificate in the registry. The chip itself keeps signing all the same.
public enum CertificateEffect: Hashable, Sendable {
  /// Nothing.
  case unchanged
  /// Revoked for good.
  case revoked(RevocationReason)
  /// On hold.
  case onHold
  /// Off hold, good again.
  case released
  /// Its time is over; the registry does not change.
  case expires
}

/// What an event does to the card's status.
public enum CardEffect: Hashable, Sendable {
  /// Nothing.
  case unchanged
  /// The status afterwards.
  case becomes(CardStatus)
}

/// What happens in a card's life.
public enum LifeEvent: String, CaseIterable, Sendable {
  /// Hand-over of a new card.
  case handOver
  /// A made card was never fetched and is destroyed.
  case unclaimed
  /// Issue of certificates at the counter, not a renewal; concerns those that are issued.
  case issue
  /// Renewal in the window; concerns those that are renewed.
  case renewal
  /// The certificates' last day is over.
  case certificateExpiry
  /// The card's last day is over.
  case cardExpiry
  /// A PIN locked.
  case lock
  /// Change of a PIN.
  case changePIN
  /// Reset of a PIN or number.
  case resetPIN
  /// Revocation on request; concerns the chosen ones.
  case revocationRequest
  /// Surrender of the card.
  case surrender
  /// Move inside the municipality.
  case moveWithin
  /// Move into another municipality.
  case moveIn
  /// Continuing use was not arranged in time after a move.
  case continuingUseMissed
  /// Change of name, correction of birth date or sex.
  case nameChange
  /// A correction that the ordinance calls minor.
  case minorCorrection
  /// Loss told by phone.
  case stop
  /// Found again, released at the office.
  case release
  /// Re-issue of the card.
  case reissue
  /// Hand-over of the card that renews the old one.
  case cardRenewal
  /// The card's end is rewritten for a longer stay or the special period.
  case stayExtension
  /// Leaving Japan with continuing use (Japanese nationals).
  case leavingJapanContinuing
  /// Leaving Japan without it.
  case leavingJapan
  /// Death of the holder.
  case death
  /// Switch to the face-authentication card.
  case toFaceAuthentication
  /// Switch back.
  case fromFaceAuthentication
  /// The holder's 15th birthday.
  case turning15
}

/// What a ``LifeEvent`` does, as data.
public struct EventEffect: Hashable, Sendable {
  /// What becomes of the PINs.
  public enum PINs: String, CaseIterable, Sendable {
    /// Nothing.
    case unchanged
    /// All that the holder may have are set.
    case allSet
    /// Those of newly issued certificates are set, counters full.
    case issuedSet
    /// The one concerned is new, its counter full.
    case oneRefilled
    /// No PIN can be entered any more.
    case unusable
  }
  /// Something that must be done in time.
  public enum Deadline: Hashable, Sendable {
    /// Within that many days of the move, the moving-in notice.
    case noticeAfterMove(days: Int)
    /// Within that many days of the planned date, the moving-in notice.
    case noticeAfterPlannedDate(days: Int)
    /// Within that many days of the notice, continuing use of the card.
    case continuingUseAfterNotice(days: Int)
    /// Before the card's present end.
    case beforeCardEnd
    /// By the day before leaving.
    case byDayBeforeLeaving
  }

  /// The event.
  public let event: LifeEvent
  /// The rule behind it.
  public let rule: Rule
  /// What becomes of sign.
  public let sign: CertificateEffect
  /// What becomes of auth.
  public let auth: CertificateEffect
  /// What becomes of the card.
  public let card: CardEffect
  /// What becomes of the PINs.
  public let pins: PINs
  /// Certificates that the counter should offer afterwards.
  public let offers: Set<CertificateKind>
  /// What must be done in time.
  public let deadlines: [Deadline]

  /// The effect on one of the two certificates.
  public subscript(kind: CertificateKind) -> CertificateEffect {
    switch kind {
    case .sign: sign
    case .auth: auth
    }
  }
}
