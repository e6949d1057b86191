import Cryptography

/// Reading back, from a certificate alone, who issued it and where: what the registry needs of a card that it meets for the
/// first time.
extension Registry.Entry {
  /// The entry of a holder certificate of this authority. Anything else is refused, above all a certificate of the real one.
  public init(of certificate: X509Certificate, state: CertificateState = .good) throws {
    let (name, hierarchy) = try IssuedCertificate.issuer(of: certificate)
    self.init(
      authority: name, hierarchy: hierarchy, serial: certificate.serialHex,
      generation: try IssuedCertificate.generation(of: certificate, name, hierarchy),
      municipality: try IssuedCertificate.municipality(of: certificate),
      notBefore: Instant(unixSeconds: Int(certificate.notBefore)),
      notAfter: Instant(unixSeconds: Int(certificate.notAfter)), state: state)
  }
}

/// What a certificate's own bytes say of its origin.
public enum IssuedCertificate {
  /// The authority by the issuer's name. A name that begins as the real authority's does is refused with the reason.
  public static func issuer(of certificate: X509Certificate) throws(AuthorityError) -> (AuthorityName, Hierarchy) {
    for name in AuthorityName.allCases {
      for hierarchy in Hierarchy.allCases
      where certificate.issuer == DistinguishedName.authority(name, hierarchy).der { return (name, hierarchy) }
    }
    if isOfRealAuthority(certificate) {
      throw AuthorityError(
        "the certificate \(certificate.serialHex) names the real authority (O=JPKI) as its issuer; this tool handles test "
          + "certificates only, because a real one is somebody's identity", fix: "take a card made by 'vmyna mint'")
    }
    throw AuthorityError(
      "the certificate \(certificate.serialHex) is not of the test authority", fix: "take a card made by 'vmyna mint'")
  }

  /// Whether issuer or subject has O=JPKI.
  public static func isOfRealAuthority(_ certificate: X509Certificate) -> Bool { certificate.isOfRealAuthority }

  /// The generation of root that it names in authorityKeyIdentifier: all generations have one name. The signature is not
  /// looked at, so that a card whose certificate was tampered with can still be spoken of.
  static func generation(
    of certificate: X509Certificate, _ name: AuthorityName, _ hierarchy: Hierarchy
  ) throws -> Int {
    let named = try? certificate.value(of: .authorityKeyIdentifier).flatMap {
      try DERElement($0.value).children.first { $0.tag == 0x80 }?.content
    }
    let newest = try RootGeneration.issuing(at: Instant(unixSeconds: Int(certificate.notBefore))).number
    for number in (1...newest).reversed() {
      let root = try RootAuthority(hierarchy, generation: RootGeneration(number), name: name)
      if root.key.publicKey.sha1KeyIdentifier == named { return number }
    }
    throw AuthorityError(
      "the certificate \(certificate.serialHex) names no root of the test authority",
      fix: "take a card made by 'vmyna mint'")
  }

  /// The place: its code stands in CN before the window's four characters, its names in cRLDistributionPoints.
  static func municipality(of certificate: X509Certificate) throws(AuthorityError) -> Municipality {
    let number = X509Certificate.attributes(of: certificate.subject).last { $0.type == .commonName }?.text ?? ""
    let point = (try? distributionPoint(of: certificate)) ?? []
    let place = point.last { $0.type == .commonName }?.text ?? ""
    let prefecture = point.last { $0.type == .organizationalUnitName }?.text ?? ""
    guard place.hasSuffix(" CRLDP"), number.utf8.count >= 9 else {
      throw AuthorityError(
        "the certificate \(certificate.serialHex) does not say where it was issued",
        fix: "take a card made by 'vmyna mint'")
    }
    return try Municipality(
      code: String(number.suffix(9).prefix(5)), prefecture: prefecture, name: String(place.dropLast(6)))
  }

  private static func distributionPoint(
    of certificate: X509Certificate
  ) throws(CryptographyError) -> [(type: ObjectIdentifier, text: String)] {
    guard let value = certificate.value(of: .crlDistributionPoints)?.value,
      // SEQUENCE of DistributionPoint, [0] distributionPoint, [0] fullName, [4] directoryName, Name
      let name = try DERElement(value).children.first?.children.first?.children.first?.children.first?.content
    else { return [] }
    return X509Certificate.attributes(of: name)
  }
}
