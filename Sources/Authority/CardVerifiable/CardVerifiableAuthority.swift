import Cryptography

/// One chain of two keys for card-verifiable certificates: an issuer's and the one that it certifies. The key numbers follow
/// those of the test cards (leading 6, or 92 for terminals); the keys are our own and come from fixed seeds, so a program that
/// checks against the operator's keys refuses them.
public struct CardVerifiableAuthority: Sendable {
  /// What the certified key is for.
  public enum Purpose: String, Sendable, CaseIterable {
    /// Signs the records of 券面事項確認AP (its EF 0004).
    case visualInspection
    /// Signs the records of 券面事項入力補助AP (its EF 0004).
    case textInput
    /// A terminal that the JPKI application lets use the auth key without a PIN (`80 A2`, key file 0016).
    case terminal

    var numbers: (issuer: String, subject: String) {
      switch self {
      case .visualInspection: ("6000023", "6000024")
      case .textInput: ("6000033", "6000034")
      case .terminal: ("9200073", "9299774")
      }
    }
  }

  /// What the certified key is for.
  public let purpose: Purpose
  /// The issuer's key; for terminals its public half is what the card keeps in 0016.
  public let issuerKey: RSAPrivateKey
  /// The name of the issuer's key.
  public let issuer: KeyIdentifier
  /// The name of the certified key.
  public let subject: KeyIdentifier

  /// The chain of a purpose.
  public init(_ purpose: Purpose) throws {
    self.purpose = purpose
    issuerKey = try KeyPool.key(seed: 0, label: "card verifiable issuer \(purpose.rawValue)")
    issuer = try KeyIdentifier(number: purpose.numbers.issuer)
    subject = try KeyIdentifier(number: purpose.numbers.subject)
  }

  /// The certified key, worked out anew each time: no card needs it, only a terminal.
  public var subjectKey: RSAPrivateKey {
    get throws { try KeyPool.key(seed: 0, label: "card verifiable subject \(purpose.rawValue)") }
  }

  /// The certificate, worked out anew each time.
  public var certificate: CardVerifiableCertificate {
    get throws {
      try CardVerifiableCertificate(
        issuer: issuer, subject: subject, publicKey: subjectKey.publicKey, signedWith: issuerKey)
    }
  }
}
