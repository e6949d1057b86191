import Cryptography

/// A holder certificate and the root that stands above it, as both lie on the card.
public struct HolderCertificate: Sendable {
  /// The holder's certificate.
  public let certificate: X509Certificate
  /// The certificate of the issuing root, for the file beside it.
  public let root: X509Certificate
  /// The issuing generation.
  public let generation: Int
  /// The municipality's code, which chooses the revocation list.
  public let municipality: String

  /// Issues it. The profile: Docs/Certificates.md, "Sign" and "Auth".
  public init(_ request: HolderCertificateRequest) throws {
    try request.requireSense()
    let generation =
      if let number = request.generation { try RootGeneration(number) } else {
        try RootGeneration.issuing(at: request.notBefore)
      }
    let root = try RootAuthority(request.hierarchy, generation: generation, name: request.authority)
    let signer =
      request.isSignedByWrongRoot
      ? try RootAuthority(request.hierarchy.other, generation: generation, name: request.authority) : root
    try self.init(request, root: root, organization: request.authority.organization, signer: signer.key)
  }

  init(_ request: HolderCertificateRequest, root: RootAuthority, organization: String, signer: RSAPrivateKey) throws {
    let serial =
      request.serial
      ?? HolderCertificateRequest.serial(request.hierarchy, seed: request.seed, issue: request.issue)
    certificate = try CertificateTemplate(
      serial: serial, issuer: root.certificate.subject, subject: Self.name(request).der,
      notBefore: Int64(request.notBefore.unixSeconds), notAfter: Int64(request.notAfter.unixSeconds),
      publicKey: request.publicKey,
      extensions: Self.extensions(request, root: root.certificate, organization: organization)
    ).signed(with: signer)
    self.root = root.certificate
    generation = root.generation.number
    municipality = request.municipality.code
  }

  private static func name(_ request: HolderCertificateRequest) -> DistinguishedName {
    let number = (ObjectIdentifier.commonName, CommonName.text(request))
    switch request.subject {
    case .auth: return DistinguishedName(japanAnd: [number])
    case .sign:
      return DistinguishedName(japanAnd: [
        (.localityName, request.municipality.prefecture), (.localityName, request.municipality.name), number,
      ])
    }
  }

  private static func extensions(
    _ request: HolderCertificateRequest, root: X509Certificate, organization: String
  ) -> [CertificateExtension] {
    let (hierarchy, profile) = (request.hierarchy, request.profile)
    let policy = CertificateExtension.policy(profile.policy(hierarchy), statement: profile.statementAddress)
    let issuer = CertificateExtension.issuerAltName(.japaneseAuthority(hierarchy))
    let list = CertificateExtension.distributionPoint(
      .distributionPoint(organization: organization, hierarchy, request.municipality))
    let responder = CertificateExtension.responder(profile.responderAddress)
    let keys = [
      CertificateExtension.authorityKeyIdentifier(root, whole: profile.hasWholeAuthorityKeyIdentifier),
      CertificateExtension.subjectKeyIdentifier(request.publicKey),
    ]
    switch request.subject {
    case .sign(let holder):
      return [
        .keyUsage(0b1100_0000),  // digitalSignature, nonRepudiation
        .subjectAltName(holderData(holder)), policy, issuer, list,
      ] + (profile.hasResponderInSign ? [responder] : []) + keys
    case .auth:
      return [
        .keyUsage(0b1000_0000),  // digitalSignature
        .extendedKeyUsage(.clientAuthentication), policy, issuer, list, responder,
      ] + keys
    }
  }

  /// The six otherName entries, in the order in which cards have them: .1 .4 .3 .5 .2 .6.
  private static func holderData(_ holder: CertifiedHolder) -> [[UInt8]] {
    [
      (1, holder.name.text), (4, holder.birth), (3, holder.sex.rawValue), (5, holder.address.text),
      (2, holder.name.flags), (6, holder.address.flags),
    ].map { suffix, text in
      DER.constructed(
        0, ObjectIdentifier.holderData(suffix).der + DER.constructed(0, DER.utf8String(text)))
    }
  }

  /// The fixture of the changed address: one bit of the address in a sign certificate is another, so that it reads well and
  /// its signature is wrong.
  public static func withChangedAddress(_ certificate: X509Certificate) throws -> X509Certificate {
    let address = certificate.subjectOtherNames.first { $0.identifier == .holderData(5) }
    guard let address, !address.text.isEmpty else {
      throw AuthorityError("the certificate holds no address to change", fix: "take a sign certificate")
    }
    let needle = ObjectIdentifier.holderData(5).der + DER.constructed(0, DER.utf8String(address.text))
    var der = certificate.der
    guard let start = der.indices.first(where: { der[$0...].starts(with: needle) }) else {
      throw AuthorityError("the address is not found in the certificate", fix: "take a certificate of this authority")
    }
    // The lowest bit of the last byte: of whatever length the last character is, UTF-8 stays UTF-8.
    der[start + needle.count - 1] ^= 1
    return try X509Certificate(der: der)
  }
}
