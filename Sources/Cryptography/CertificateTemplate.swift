import COpenSSL

/// One extension of a certificate or a revocation list, its content already encoded.
public struct CertificateExtension: Sendable, Equatable {
  /// Which extension.
  public let identifier: ObjectIdentifier
  /// Whether a reader that does not know it must refuse the certificate.
  public let isCritical: Bool
  /// The DER inside the OCTET STRING.
  public let value: [UInt8]

  /// An extension as it shall stand in the certificate.
  public init(_ identifier: ObjectIdentifier, critical: Bool = false, value: [UInt8]) {
    self.identifier = identifier
    isCritical = critical
    self.value = value
  }

  /// OpenSSL's copy of it.
  func handle() throws(CryptographyError) -> OpenSSLHandle {
    let object = try decodedDER(identifier.der, what: "object identifier", free: { ASN1_OBJECT_free($0) }) {
      d2i_ASN1_OBJECT(nil, $0, $1)
    }
    guard let length = Int32(exactly: value.count), let content = ASN1_OCTET_STRING_new() else {
      throw .last("ASN1_OCTET_STRING_new")
    }
    defer { ASN1_OCTET_STRING_free(content) }
    try require(ASN1_OCTET_STRING_set(content, value, length), "ASN1_OCTET_STRING_set")
    let made = X509_EXTENSION_create_by_OBJ(nil, object.pointer, isCritical ? 1 : 0, content)
    return try OpenSSLHandle(made, "X509_EXTENSION_create_by_OBJ") { X509_EXTENSION_free($0) }
  }
}

/// Everything in a certificate but its signature. What stands here is what comes out, byte for byte and in this order.
public struct CertificateTemplate: Sendable {
  /// The serial number's magnitude, highest byte first.
  public var serial: [UInt8]
  /// The issuer's Name, DER.
  public var issuer: [UInt8]
  /// The subject's Name, DER.
  public var subject: [UInt8]
  /// First second of validity, seconds since 1970.
  public var notBefore: Int64
  /// Last second of validity, seconds since 1970.
  public var notAfter: Int64
  /// The key that the certificate speaks for.
  public var publicKey: RSAPublicKey
  /// The extensions in their order.
  public var extensions: [CertificateExtension]

  /// A certificate to be signed.
  public init(
    serial: [UInt8], issuer: [UInt8], subject: [UInt8], notBefore: Int64, notAfter: Int64, publicKey: RSAPublicKey,
    extensions: [CertificateExtension]
  ) {
    self.serial = serial
    self.issuer = issuer
    self.subject = subject
    self.notBefore = notBefore
    self.notAfter = notAfter
    self.publicKey = publicKey
    self.extensions = extensions
  }

  /// The certificate, version 3, signed with sha256WithRSAEncryption. The same template and key give the same bytes.
  public func signed(with key: RSAPrivateKey) throws(CryptographyError) -> X509Certificate {
    let certificate = try OpenSSLHandle(X509_new(), "X509_new") { X509_free($0) }
    let x509 = certificate.pointer
    defer { withExtendedLifetime(certificate) {} }
    let number = try ASN1Integer(serial)
    let (begin, end) = (try ASN1Time(notBefore), try ASN1Time(notAfter))
    try require(X509_set_version(x509, 2), "X509_set_version")
    try require(X509_set_serialNumber(x509, number.pointer), "X509_set_serialNumber")
    let issuer = try nameHandle(self.issuer)
    let subject = try nameHandle(self.subject)
    try require(X509_set_issuer_name(x509, issuer.pointer), "X509_set_issuer_name")
    try require(X509_set_subject_name(x509, subject.pointer), "X509_set_subject_name")
    try require(X509_set1_notBefore(x509, begin.pointer), "X509_set1_notBefore")
    try require(X509_set1_notAfter(x509, end.pointer), "X509_set1_notAfter")
    try require(X509_set_pubkey(x509, publicKey.key.pointer), "X509_set_pubkey")
    for entry in extensions {
      // X509_add_ext copies.
      let handle = try entry.handle()
      try require(X509_add_ext(x509, handle.pointer, -1), "X509_add_ext")
    }
    try require(X509_sign(x509, key.handle.pointer, EVP_sha256()), "X509_sign")
    return try X509Certificate(der: encodedDER("i2d_X509") { i2d_X509(x509, $0) })
  }
}

/// OpenSSL's copy of a Name, with the very bytes given.
func nameHandle(_ der: [UInt8]) throws(CryptographyError) -> OpenSSLHandle {
  try decodedDER(der, what: "X.509 name", free: { X509_NAME_free($0) }) { d2i_X509_NAME(nil, $0, $1) }
}
