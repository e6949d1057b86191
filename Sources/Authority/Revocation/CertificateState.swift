import Cryptography

/// What the authority says of a certificate it issued. The card shows none of it: a revoked certificate still signs.
public enum CertificateState: Sendable, Equatable {
  /// Nothing against it.
  case good
  /// Revoked for good.
  case revoked(RevocationReason, at: Instant)
  /// On hold since a loss was reported (一時停止).
  case hold(at: Instant)
  /// Revoked because another one took its place; that one's serial number, when known.
  case superseded(by: String?, at: Instant)

  /// When it stopped being good.
  public var since: Instant? {
    switch self {
    case .good: nil
    case .revoked(_, let at), .hold(let at), .superseded(_, let at): at
    }
  }

  /// The reason that lists and responders give.
  public var reason: RevocationReason? {
    switch self {
    case .good: nil
    case .revoked(let reason, _): reason
    case .hold: .certificateHold
    case .superseded: .superseded
    }
  }
}

/// The state with the calendar in it: what a person wants to know.
public enum CertificateStanding: String, Sendable, CaseIterable {
  /// Good and within its dates.
  case good
  /// Its first day has not come.
  case notYetValid
  /// Its last day is over; it lapsed, and stands on no list.
  case expired
  /// Revoked.
  case revoked
  /// On hold.
  case hold
  /// Replaced.
  case superseded
}

extension RevocationReason {
  /// By the name of RFC 5280.
  public init(name: String) throws(AuthorityError) {
    guard let reason = Self.allCases.first(where: { $0.name == name }) else {
      throw AuthorityError(
        "\"\(name)\" is no reason for a revocation",
        fix: "use one of \(Self.allCases.map(\.name).joined(separator: ", "))")
    }
    self = reason
  }

  /// What it means in this service.
  public var meaning: String {
    switch self {
    case .unspecified: "destroyed before it was handed over"
    case .keyCompromise: "the holder's key is compromised"
    case .cACompromise: "the authority's key is compromised"
    case .affiliationChanged: "what it says is no longer true: a move, a new name, a correction"
    case .superseded: "renewed"
    case .cessationOfOperation: "no longer needed: the holder's wish, or the card was abolished"
    case .certificateHold: "on hold because the card was reported lost"
    }
  }
}
