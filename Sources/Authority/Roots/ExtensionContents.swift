import Cryptography

/// The extensions of this PKI's certificates and lists, each built in one place.
extension CertificateExtension {
  /// keyUsage from the bits as they stand in the BIT STRING, the unused ones counted off.
  static func keyUsage(_ bits: UInt8) -> CertificateExtension {
    CertificateExtension(
      .keyUsage, critical: true, value: DER.bitString([bits], unusedBits: UInt8(min(7, bits.trailingZeroBitCount))))
  }

  static func extendedKeyUsage(_ purpose: ObjectIdentifier) -> CertificateExtension {
    CertificateExtension(.extendedKeyUsage, value: DER.sequence(purpose.der))
  }

  static let authorityConstraints = CertificateExtension(
    .basicConstraints, critical: true, value: DER.sequence(DER.boolean(true)))

  static func subjectAltName(_ names: [[UInt8]]) -> CertificateExtension {
    CertificateExtension(.subjectAltName, value: DER.sequence(names))
  }

  static func issuerAltName(_ name: DistinguishedName) -> CertificateExtension {
    CertificateExtension(.issuerAltName, value: DER.sequence(name.generalName))
  }

  /// One DistributionPoint whose fullName is a directoryName.
  static func distributionPoint(_ name: DistinguishedName) -> CertificateExtension {
    let point = DER.sequence(DER.constructed(0, DER.constructed(0, name.generalName)))
    return CertificateExtension(.crlDistributionPoints, value: DER.sequence(point))
  }

  /// The list for one distribution point (RFC 5280, 5.2.5): must be critical.
  static func issuingDistributionPoint(_ name: DistinguishedName) -> CertificateExtension {
    let point = DER.constructed(0, DER.constructed(0, name.generalName))
    return CertificateExtension(.issuingDistributionPoint, critical: true, value: DER.sequence(point))
  }

  static func subjectKeyIdentifier(_ key: RSAPublicKey) -> CertificateExtension {
    CertificateExtension(.subjectKeyIdentifier, value: DER.octetString(key.sha1KeyIdentifier))
  }

  /// `whole` adds the root's issuer and serial number, which tell generations of one name apart without their keys.
  static func authorityKeyIdentifier(_ root: X509Certificate, whole: Bool) -> CertificateExtension {
    var content = DER.primitive(0, root.publicKey.sha1KeyIdentifier)
    if whole {
      content += DER.constructed(1, DER.constructed(4, root.issuer))
      content += DER.primitive(2, DER.integerContent(root.serial))
    }
    return CertificateExtension(.authorityKeyIdentifier, value: DER.element(0x30, content))
  }

  /// One policy with the address of its practice statement.
  static func policy(_ policy: ObjectIdentifier, statement: String) -> CertificateExtension {
    let qualifier = DER.sequence(ObjectIdentifier.policyQualifierCPS.der, DER.ia5String(statement))
    let information = DER.sequence(policy.der, DER.sequence(qualifier))
    return CertificateExtension(.certificatePolicies, critical: true, value: DER.sequence(information))
  }

  /// Where an OCSP responder is said to be.
  static func responder(_ address: String) -> CertificateExtension {
    let location = DER.primitive(6, [UInt8](address.utf8))
    return CertificateExtension(
      .authorityInfoAccess, value: DER.sequence(DER.sequence(ObjectIdentifier.accessMethodOCSP.der, location)))
  }
}
