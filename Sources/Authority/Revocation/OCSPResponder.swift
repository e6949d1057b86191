import Cryptography

/// The OCSP responder (RFC 6960) as a pure function: request bytes and the registry in, response bytes out. Each root has a
/// responder of its own, whose certificate the root issued (delegation, RFC 6960, 4.2.2.2).
public struct OCSPResponder: Sendable {
  /// One root's responder.
  struct Signer: Sendable {
    let root: RootAuthority
    let key: RSAPrivateKey
    let certificate: X509Certificate

    /// The responder's certificate: signs answers and nothing else; nocheck spares verifiers the question about itself.
    init(_ root: RootAuthority) throws {
      self.root = root
      key = try KeyPool.key(
        seed: UInt64(root.generation.number), label: "ocsp \(root.hierarchy.rawValue) \(root.name.rawValue)")
      let name = DistinguishedName(japanAnd: [
        (.organizationName, root.name.organization), (.organizationalUnitName, root.hierarchy.unit),
        (.commonName, "OCSP Responder"),
      ])
      certificate = try CertificateTemplate(
        serial: [0x70, 0, UInt8(root.generation.number & 0xFF), root.hierarchy == .sign ? 0x11 : 0x12],
        issuer: root.certificate.subject, subject: name.der,
        notBefore: Int64(root.generation.notBefore.unixSeconds), notAfter: Int64(root.generation.notAfter.unixSeconds),
        publicKey: key.publicKey,
        extensions: [
          .keyUsage(0b1000_0000),  // digitalSignature
          .extendedKeyUsage(.ocspSigning), CertificateExtension(.ocspNoCheck, value: DER.null),
          .authorityKeyIdentifier(root.certificate, whole: false), .subjectKeyIdentifier(key.publicKey),
        ]
      ).signed(with: root.key)
    }
  }

  /// O= of the authorities it answers for.
  public let name: AuthorityName
  private let signers: [Signer]

  /// The responder for all roots of both hierarchies that had begun at that instant.
  public init(name: AuthorityName = .virtual, at now: Instant) throws {
    self.name = name
    signers = try Hierarchy.allCases.flatMap { try RootAuthority.begun($0, by: now, name: name) }.map(Signer.init)
  }

  /// The answer. Never throws: what cannot be read is `malformedRequest`, a question about somebody else's certificates is
  /// `unauthorized`, and trouble of our own is `internalError`.
  public func respond(to request: [UInt8], registry: Registry, at now: Instant) -> [UInt8] {
    guard let request = try? OCSPRequest(der: request), let first = request.certificates.first else {
      return OCSPRefusal.malformedRequest.der
    }
    guard let signer = signers.first(where: { names(first, $0) }) else { return OCSPRefusal.unauthorized.der }
    let answers = request.certificates.map { id in
      // One signature can speak for one issuer only; the others in the same request are not known here.
      (certificate: id.der, status: names(id, signer) ? status(of: id, signer, registry, now) : .unknown)
    }
    let template = OCSPResponseTemplate(
      answers: answers, thisUpdate: Int64(now.unixSeconds), nextUpdate: nil, producedAt: Int64(now.unixSeconds),
      nonce: request.nonce)
    return (try? template.signed(with: signer.key, certificate: signer.certificate)) ?? OCSPRefusal.internalError.der
  }

  private func names(_ id: OCSPRequest.CertificateID, _ signer: Signer) -> Bool {
    id.names(issuer: signer.root.certificate.subject, key: signer.root.key.publicKey)
  }

  private func status(
    of id: OCSPRequest.CertificateID, _ signer: Signer, _ registry: Registry, _ now: Instant
  ) -> OCSPStatus {
    guard let serial = SerialNumber.normal(hex: id.serial.map(Self.twoDigits).joined()),
      let entry = registry.entry(name, signer.root.hierarchy, serial: serial),
      entry.generation == signer.root.generation.number
    else { return .unknown }
    // Lapsed is not revoked: the dates stand in the certificate, and a responder says nothing of them.
    guard let since = entry.state.since, since <= now, let reason = entry.state.reason else { return .good }
    return .revoked(at: Int64(since.unixSeconds), reason)
  }

  private static func twoDigits(_ byte: UInt8) -> String { (byte < 16 ? "0" : "") + String(byte, radix: 16) }
}
