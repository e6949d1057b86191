extension ObjectIdentifier {
  // Attributes of names (X.520).
  /// countryName, C
  public static let countryName = ObjectIdentifier(2, 5, 4, 6)
  /// localityName, L
  public static let localityName = ObjectIdentifier(2, 5, 4, 7)
  /// organizationName, O
  public static let organizationName = ObjectIdentifier(2, 5, 4, 10)
  /// organizationalUnitName, OU
  public static let organizationalUnitName = ObjectIdentifier(2, 5, 4, 11)
  /// commonName, CN
  public static let commonName = ObjectIdentifier(2, 5, 4, 3)

  // Extensions (RFC 5280, 4.2 and 5.2; RFC 6960, 4.2.2.2.1 and 4.4.1).
  /// subjectKeyIdentifier
  public static let subjectKeyIdentifier = ObjectIdentifier(2, 5, 29, 14)
  /// keyUsage
  public static let keyUsage = ObjectIdentifier(2, 5, 29, 15)
  /// subjectAltName
  public static let subjectAltName = ObjectIdentifier(2, 5, 29, 17)
  /// issuerAltName
  public static let issuerAltName = ObjectIdentifier(2, 5, 29, 18)
  /// basicConstraints
  public static let basicConstraints = ObjectIdentifier(2, 5, 29, 19)
  /// cRLNumber
  public static let crlNumber = ObjectIdentifier(2, 5, 29, 20)
  /// reasonCode of a list's entry
  public static let reasonCode = ObjectIdentifier(2, 5, 29, 21)
  /// issuingDistributionPoint
  public static let issuingDistributionPoint = ObjectIdentifier(2, 5, 29, 28)
  /// cRLDistributionPoints
  public static let crlDistributionPoints = ObjectIdentifier(2, 5, 29, 31)
  /// certificatePolicies
  public static let certificatePolicies = ObjectIdentifier(2, 5, 29, 32)
  /// authorityKeyIdentifier
  public static let authorityKeyIdentifier = ObjectIdentifier(2, 5, 29, 35)
  /// extKeyUsage
  public static let extendedKeyUsage = ObjectIdentifier(2, 5, 29, 37)
  /// authorityInfoAccess
  public static let authorityInfoAccess = ObjectIdentifier(1, 3, 6, 1, 5, 5, 7, 1, 1)
  /// id-pkix-ocsp-nocheck
  public static let ocspNoCheck = ObjectIdentifier(1, 3, 6, 1, 5, 5, 7, 48, 1, 5)
  /// id-pkix-ocsp-nonce
  public static let ocspNonce = ObjectIdentifier(1, 3, 6, 1, 5, 5, 7, 48, 1, 2)

  // Values inside extensions.
  /// id-ad-ocsp
  public static let accessMethodOCSP = ObjectIdentifier(1, 3, 6, 1, 5, 5, 7, 48, 1)
  /// id-qt-cps
  public static let policyQualifierCPS = ObjectIdentifier(1, 3, 6, 1, 5, 5, 7, 2, 1)
  /// id-kp-clientAuth
  public static let clientAuthentication = ObjectIdentifier(1, 3, 6, 1, 5, 5, 7, 3, 2)
  /// id-kp-OCSPSigning
  public static let ocspSigning = ObjectIdentifier(1, 3, 6, 1, 5, 5, 7, 3, 9)

  // Hashes.
  /// SHA-1
  public static let sha1 = ObjectIdentifier(1, 3, 14, 3, 2, 26)
  /// SHA-256
  public static let sha256 = ObjectIdentifier(2, 16, 840, 1, 101, 3, 4, 2, 1)
}
