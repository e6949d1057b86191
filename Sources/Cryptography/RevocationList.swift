import COpenSSL

/// Why a certificate was revoked (RFC 5280, 5.3.1); 7 is not used and removeFromCRL belongs to delta lists only.
public enum RevocationReason: UInt8, Sendable, CaseIterable {
  /// 0
  case unspecified = 0
  /// 1
  case keyCompromise = 1
  /// 2
  case cACompromise = 2
  /// 3
  case affiliationChanged = 3
  /// 4
  case superseded = 4
  /// 5
  case cessationOfOperation = 5
  /// 6
  case certificateHold = 6

  /// The identifier that RFC 5280 gives it, which is the name of the case.
  public var name: String { String(describing: self) }
}

/// A certificate revocation list: everything but its signature. What stands here is what comes out.
public struct RevocationListTemplate: Sendable {
  /// One revoked certificate.
  public struct Entry: Sendable, Equatable {
    /// The serial number's magnitude, highest byte first.
    public var serial: [UInt8]
    /// When it was revoked, seconds since 1970.
    public var revoked: Int64
    /// Why.
    public var reason: RevocationReason

    /// An entry of the list.
    public init(serial: [UInt8], revoked: Int64, reason: RevocationReason) {
      self.serial = serial
      self.revoked = revoked
      self.reason = reason
    }
  }

  /// The issuer's Name, DER.
  public var issuer: [UInt8]
  /// When the list was made, seconds since 1970.
  public var thisUpdate: Int64
  /// When the next one comes at the latest, seconds since 1970.
  public var nextUpdate: Int64
  /// The revoked certificates.
  public var entries: [Entry]
  /// The list's extensions in their order.
  public var extensions: [CertificateExtension]

  /// A list to be signed.
  public init(
    issuer: [UInt8], thisUpdate: Int64, nextUpdate: Int64, entries: [Entry], extensions: [CertificateExtension]
  ) {
    self.issuer = issuer
    self.thisUpdate = thisUpdate
    self.nextUpdate = nextUpdate
    self.entries = entries
    self.extensions = extensions
  }

  /// The list, version 2, entries by serial number, signed with sha256WithRSAEncryption; DER.
  public func signed(with key: RSAPrivateKey) throws(CryptographyError) -> [UInt8] {
    let list = try OpenSSLHandle(X509_CRL_new(), "X509_CRL_new") { X509_CRL_free($0) }
    let crl = list.pointer
    defer { withExtendedLifetime(list) {} }
    let (this, next) = (try ASN1Time(thisUpdate), try ASN1Time(nextUpdate))
    try require(X509_CRL_set_version(crl, 1), "X509_CRL_set_version")
    let issuer = try nameHandle(self.issuer)
    try require(X509_CRL_set_issuer_name(crl, issuer.pointer), "X509_CRL_set_issuer_name")
    try require(X509_CRL_set1_lastUpdate(crl, this.pointer), "X509_CRL_set1_lastUpdate")
    try require(X509_CRL_set1_nextUpdate(crl, next.pointer), "X509_CRL_set1_nextUpdate")
    for entry in entries {
      guard let revoked = try entry.handle() else { continue }
      // The list takes the entry over only when it says yes.
      guard X509_CRL_add0_revoked(crl, revoked) == 1 else {
        X509_REVOKED_free(revoked)
        throw .last("X509_CRL_add0_revoked")
      }
    }
    try require(X509_CRL_sort(crl), "X509_CRL_sort")
    for entry in extensions {
      let handle = try entry.handle()
      try require(X509_CRL_add_ext(crl, handle.pointer, -1), "X509_CRL_add_ext")
    }
    try require(X509_CRL_sign(crl, key.handle.pointer, EVP_sha256()), "X509_CRL_sign")
    return try encodedDER("i2d_X509_CRL") { i2d_X509_CRL(crl, $0) }
  }
}

extension RevocationListTemplate.Entry {
  /// OpenSSL's form, owned by the caller.
  fileprivate func handle() throws(CryptographyError) -> OpaquePointer? {
    guard let entry = X509_REVOKED_new() else { throw .last("X509_REVOKED_new") }
    do throws(CryptographyError) {
      let (number, moment) = (try ASN1Integer(serial), try ASN1Time(revoked))
      try require(X509_REVOKED_set_serialNumber(entry, number.pointer), "X509_REVOKED_set_serialNumber")
      try require(X509_REVOKED_set_revocationDate(entry, moment.pointer), "X509_REVOKED_set_revocationDate")
      // RFC 5280, 5.3.1: unspecified is said by leaving the extension out.
      if reason != .unspecified {
        let code = try CertificateExtension(.reasonCode, value: DER.enumerated(reason.rawValue)).handle()
        try require(X509_REVOKED_add_ext(entry, code.pointer, -1), "X509_REVOKED_add_ext")
      }
    } catch {
      X509_REVOKED_free(entry)
      throw error
    }
    return entry
  }
}
