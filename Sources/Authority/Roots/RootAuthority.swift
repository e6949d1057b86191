import Cryptography

/// A root: one generation of one of the two hierarchies, with its key. All is made from fixed seeds, so that every copy of
/// vmyna has the same roots and trusts the same test cards; the private keys are public knowledge (see `KeyPool`).
public struct RootAuthority: Sendable {
  /// O= of its name.
  public let name: AuthorityName
  /// Which of the two.
  public let hierarchy: Hierarchy
  /// Which generation.
  public let generation: RootGeneration
  /// The self-signed certificate.
  public let certificate: X509Certificate
  /// The key that signs holder certificates, lists and responders.
  public let key: RSAPrivateKey

  /// A root by its generation.
  public init(_ hierarchy: Hierarchy, generation: RootGeneration, name: AuthorityName = .virtual) throws {
    self.name = name
    self.hierarchy = hierarchy
    self.generation = generation
    key = try KeyPool.key(seed: UInt64(generation.number), label: "root \(hierarchy.rawValue) \(name.rawValue)")
    certificate = try Self.certificate(
      hierarchy, generation: generation, organization: name.organization, key: key)
  }

  /// The root that issues at that instant.
  public init(_ hierarchy: Hierarchy, issuingAt instant: Instant, name: AuthorityName = .virtual) throws {
    try self.init(hierarchy, generation: RootGeneration.issuing(at: instant), name: name)
  }

  /// All generations that had begun at that instant, newest first.
  public static func begun(_ hierarchy: Hierarchy, by instant: Instant, name: AuthorityName = .virtual) throws
    -> [RootAuthority]
  {
    try (1...RootGeneration.issuing(at: instant).number).reversed().map {
      try RootAuthority(hierarchy, generation: RootGeneration($0), name: name)
    }
  }

  /// Serial numbers: 1 for the first root and four bytes for the later ones, as published; from 0x70000000 on so that nobody
  /// takes them for real ones.
  static func serial(_ hierarchy: Hierarchy, _ generation: RootGeneration) -> [UInt8] {
    guard generation.number > 1 else { return [1] }
    return [0x70, 0, UInt8(generation.number & 0xFF), hierarchy == .sign ? 1 : 2]
  }

  /// The certificate profile of a root: Docs/Certificates.md, "Root".
  static func certificate(
    _ hierarchy: Hierarchy, generation: RootGeneration, organization: String, key: RSAPrivateKey
  ) throws -> X509Certificate {
    let name = DistinguishedName.authority(organization: organization, hierarchy)
    return try CertificateTemplate(
      serial: serial(hierarchy, generation), issuer: name.der, subject: name.der,
      notBefore: Int64(generation.notBefore.unixSeconds), notAfter: Int64(generation.notAfter.unixSeconds),
      publicKey: key.publicKey,
      extensions: [
        .keyUsage(0b0000_0110),  // keyCertSign, cRLSign
        .subjectAltName([DistinguishedName.japaneseAuthority(hierarchy).generalName]),
        .authorityConstraints,
        .distributionPoint(name),
        .subjectKeyIdentifier(key.publicKey),
      ]
    ).signed(with: key)
  }
}
