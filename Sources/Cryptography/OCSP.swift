import COpenSSL

/// A question to an OCSP responder (RFC 6960, 4.1), parsed. A signature on it is not looked at.
public struct OCSPRequest: Sendable {
  /// What a client asks about: a certificate by its issuer's hashes and its serial number.
  public struct CertificateID: Sendable {
    /// SHA-1 or another hash.
    public let hashAlgorithm: ObjectIdentifier
    /// Hash over the issuer's Name, DER.
    public let issuerNameHash: [UInt8]
    /// Hash over the issuer's key (the content of its BIT STRING).
    public let issuerKeyHash: [UInt8]
    /// The serial number's magnitude, highest byte first.
    public let serial: [UInt8]
    /// The whole CertID, DER; an answer repeats it.
    public let der: [UInt8]

    /// Whether the hashes are those of this issuer. Hashes other than SHA-1 and SHA-256 fit nobody.
    public func names(issuer name: [UInt8], key: RSAPublicKey) -> Bool {
      switch hashAlgorithm {
      case .sha1: issuerNameHash == SHA1.digest(name) && issuerKeyHash == SHA1.digest(key.pkcs1DER)
      case .sha256: issuerNameHash == SHA256.digest(name) && issuerKeyHash == SHA256.digest(key.pkcs1DER)
      default: false
      }
    }
  }

  /// The certificates asked about, in order; at least one.
  public let certificates: [CertificateID]
  /// The content of the nonce extension, when the client sent one.
  public let nonce: [UInt8]?

  /// Most certificates that one request may name.
  public static let mostCertificates = 64
  /// Longest nonce that is taken, in bytes of the extension's value (RFC 9654 allows 128 octets and their header).
  public static let longestNonce = 131

  /// The request that fills `bytes` exactly.
  public init(der bytes: [UInt8]) throws(CryptographyError) {
    let request = try decodedDER(bytes, what: "OCSP request", free: { OCSP_REQUEST_free($0) }) {
      d2i_OCSP_REQUEST(nil, $0, $1)
    }
    let count = Int(OCSP_request_onereq_count(request.pointer))
    guard (1...Self.mostCertificates).contains(count) else {
      throw .malformed("OCSP request (it names \(count) certificates)")
    }
    certificates = try (0..<Int32(count)).map { index throws(CryptographyError) in
      try CertificateID(reading: OCSP_onereq_get0_id(OCSP_request_onereq_get0(request.pointer, index)))
    }
    let position = OCSP_REQUEST_get_ext_by_NID(request.pointer, NID_id_pkix_OCSP_Nonce, -1)
    nonce =
      position < 0
      ? nil : try CertificateExtension(reading: OCSP_REQUEST_get_ext(request.pointer, position)).value
    if let nonce, nonce.count > Self.longestNonce { throw .malformed("OCSP request (its nonce is too long)") }
  }
}

extension OCSPRequest.CertificateID {
  init(reading id: OpaquePointer?) throws(CryptographyError) {
    guard let id else { throw .malformed("OCSP request") }
    var nameHash: UnsafeMutablePointer<ASN1_OCTET_STRING>?
    var keyHash: UnsafeMutablePointer<ASN1_OCTET_STRING>?
    var algorithm: OpaquePointer?
    var number: UnsafeMutablePointer<ASN1_INTEGER>?
    try require(OCSP_id_get0_info(&nameHash, &algorithm, &keyHash, &number, id), "OCSP_id_get0_info")
    hashAlgorithm = try ObjectIdentifier(
      content: DERElement(encodedDER("i2d_ASN1_OBJECT") { i2d_ASN1_OBJECT(algorithm, $0) }).content)
    issuerNameHash = bytes(of: nameHash)
    issuerKeyHash = bytes(of: keyHash)
    serial = try magnitude(of: number)
    der = try encodedDER("i2d_OCSP_CERTID") { i2d_OCSP_CERTID(id, $0) }
  }
}

/// What an OCSP responder says of one certificate.
public enum OCSPStatus: Sendable, Equatable {
  /// Not revoked.
  case good
  /// Revoked at that second, for that reason.
  case revoked(at: Int64, RevocationReason)
  /// Not one of ours, or nobody's.
  case unknown
}

/// Answers without a body (RFC 6960, 4.2.1).
public enum OCSPRefusal: UInt8, Sendable {
  /// The request could not be read.
  case malformedRequest = 1
  /// The responder is broken.
  case internalError = 2
  /// Later, perhaps.
  case tryLater = 3
  /// Not for you.
  case unauthorized = 6

  /// The answer, DER: one enumerated value in a sequence.
  public var der: [UInt8] { DER.sequence(DER.enumerated(rawValue)) }
}

/// A basic OCSP response before it is signed.
public struct OCSPResponseTemplate: Sendable {
  /// The answers, each with the CertID (DER) that it is about.
  public var answers: [(certificate: [UInt8], status: OCSPStatus)]
  /// When the state was true, seconds since 1970.
  public var thisUpdate: Int64
  /// Until when it may be kept; `nil` says that newer news is always to be had.
  public var nextUpdate: Int64?
  /// When the answer is made, seconds since 1970.
  public var producedAt: Int64
  /// The value of the request's nonce extension, sent back as it came.
  public var nonce: [UInt8]?

  /// A response to be signed.
  public init(
    answers: [(certificate: [UInt8], status: OCSPStatus)], thisUpdate: Int64, nextUpdate: Int64?, producedAt: Int64,
    nonce: [UInt8]?
  ) {
    self.answers = answers
    self.thisUpdate = thisUpdate
    self.nextUpdate = nextUpdate
    self.producedAt = producedAt
    self.nonce = nonce
  }

  /// The whole OCSPResponse, DER, signed with sha256WithRSAEncryption by a responder whose certificate goes with it.
  public func signed(with key: RSAPrivateKey, certificate: X509Certificate) throws(CryptographyError) -> [UInt8] {
    let basic = try OpenSSLHandle(OCSP_BASICRESP_new(), "OCSP_BASICRESP_new") { OCSP_BASICRESP_free($0) }
    let this = try ASN1GeneralizedTime(thisUpdate)
    let next: ASN1GeneralizedTime? =
      if let nextUpdate { try ASN1GeneralizedTime(nextUpdate) } else { nil }
    for answer in answers {
      try add(answer.status, about: answer.certificate, to: basic, this: this, next: next)
    }
    if let nonce {
      let handle = try CertificateExtension(.ocspNonce, value: nonce).handle()
      try require(OCSP_BASICRESP_add_ext(basic.pointer, handle.pointer, -1), "OCSP_BASICRESP_add_ext")
    }
    try require(vmyna_ocsp_set_produced_at(basic.pointer, time_t(producedAt)), "producedAt")
    try require(
      OCSP_basic_sign(
        basic.pointer, certificate.handle.pointer, key.handle.pointer, EVP_sha256(), nil, UInt(OCSP_NOTIME)),
      "OCSP_basic_sign")
    let response = try OpenSSLHandle(
      OCSP_response_create(OCSP_RESPONSE_STATUS_SUCCESSFUL, basic.pointer), "OCSP_response_create"
    ) { OCSP_RESPONSE_free($0) }
    return try encodedDER("i2d_OCSP_RESPONSE") { i2d_OCSP_RESPONSE(response.pointer, $0) }
  }

  private func add(
    _ status: OCSPStatus, about certificate: [UInt8], to basic: OpenSSLHandle, this: ASN1GeneralizedTime,
    next: ASN1GeneralizedTime?
  ) throws(CryptographyError) {
    let id = try decodedDER(certificate, what: "CertID", free: { OCSP_CERTID_free($0) }) {
      d2i_OCSP_CERTID(nil, $0, $1)
    }
    var code = (status: V_OCSP_CERTSTATUS_GOOD, reason: Int32(0))
    var moment: ASN1GeneralizedTime?
    switch status {
    case .good: break
    case .unknown: code.status = V_OCSP_CERTSTATUS_UNKNOWN
    case .revoked(let at, let reason):
      // OpenSSL writes the reason unless it is negative; RFC 5280 says unspecified by leaving it out.
      code = (V_OCSP_CERTSTATUS_REVOKED, reason == .unspecified ? -1 : Int32(reason.rawValue))
      moment = try ASN1GeneralizedTime(at)
    }
    let added = OCSP_basic_add1_status(
      basic.pointer, id.pointer, code.status, code.reason, moment?.pointer, this.pointer, next?.pointer)
    guard added != nil else { throw .last("OCSP_basic_add1_status") }
  }
}
