import Cryptography

/// The choices that the public facts leave open, or that tests want both ways. Defaults: Docs/Certificates.md, "Choices".
public struct CertificateProfile: Sendable, Equatable {
  /// Which value of a policy identifier.
  public enum Policy: String, Sendable, Codable, CaseIterable {
    /// That of test cards.
    case test
    /// That of real cards; the issuer's name still says that it is none.
    case production
  }

  /// 1.2.392.200149.8.5.1.0.20 (test, the default) or …1.1.20. That test cards differ in this digit is known.
  public var signPolicy: Policy = .test
  /// …1.3.30 (production, the default) or …1.0.30. The value of test cards is not known: the second one is a guess.
  public var authPolicy: Policy = .production
  /// Whether authorityKeyIdentifier holds the root's name and serial number beside its key identifier.
  public var hasWholeAuthorityKeyIdentifier = true
  /// Whether sign certificates name an OCSP responder as auth certificates do.
  public var hasResponderInSign = false
  /// The OCSP responder's address; a reserved name (RFC 6761), so that nothing is ever reached.
  public var responderAddress = "http://ocsp.jpki-virtual.invalid"
  /// The practice statement's address, as on real certificates; no program fetches it.
  public var statementAddress = "http://www.jpki.go.jp/cps.html"

  /// The defaults.
  public init() {}

  func policy(_ hierarchy: Hierarchy) -> ObjectIdentifier {
    switch (hierarchy, hierarchy == .sign ? signPolicy : authPolicy) {
    case (.sign, .test): ObjectIdentifier(1, 2, 392, 200149, 8, 5, 1, 0, 20)
    case (.sign, .production): ObjectIdentifier(1, 2, 392, 200149, 8, 5, 1, 1, 20)
    case (.auth, .test): ObjectIdentifier(1, 2, 392, 200149, 8, 5, 1, 0, 30)
    case (.auth, .production): ObjectIdentifier(1, 2, 392, 200149, 8, 5, 1, 3, 30)
    }
  }
}

extension ObjectIdentifier {
  /// One of the holder's data in a sign certificate: 1 氏名, 2 its flags, 3 性別, 4 生年月日, 5 住所, 6 its flags.
  public static func holderData(_ suffix: UInt64) -> ObjectIdentifier {
    ObjectIdentifier(1, 2, 392, 200149, 8, 5, 5, suffix)
  }
}
