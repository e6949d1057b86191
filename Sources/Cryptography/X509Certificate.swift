import COpenSSL

/// An X.509 certificate, parsed; its bytes are the truth and everything else is read out of them.
public struct X509Certificate: Sendable, Equatable {
  /// The whole certificate.
  public let der: [UInt8]
  /// The serial number's magnitude, highest byte first, no leading zero.
  public let serial: [UInt8]
  /// The issuer's Name, DER.
  public let issuer: [UInt8]
  /// The subject's Name, DER.
  public let subject: [UInt8]
  /// First second of validity, seconds since 1970.
  public let notBefore: Int64
  /// Last second of validity, seconds since 1970.
  public let notAfter: Int64
  /// The key that the certificate speaks for.
  public let publicKey: RSAPublicKey
  /// The extensions in their order.
  public let extensions: [CertificateExtension]

  let handle: OpenSSLHandle

  /// The certificate that fills `bytes` exactly.
  public init(der bytes: [UInt8]) throws(CryptographyError) {
    handle = try decodedDER(bytes, what: "X.509 certificate", free: { X509_free($0) }) { d2i_X509(nil, $0, $1) }
    let x509 = handle.pointer
    der = bytes
    serial = try magnitude(of: X509_get0_serialNumber(x509))
    let names = (X509_get_issuer_name(x509), X509_get_subject_name(x509))
    issuer = try encodedDER("i2d_X509_NAME") { i2d_X509_NAME(names.0, $0) }
    subject = try encodedDER("i2d_X509_NAME") { i2d_X509_NAME(names.1, $0) }
    notBefore = try unixSeconds(X509_get0_notBefore(x509))
    notAfter = try unixSeconds(X509_get0_notAfter(x509))
    guard let key = X509_get_pubkey(x509) else {
      ERR_clear_error()
      throw .unsupported("the certificate's public key")
    }
    publicKey = try RSAPublicKey(owning: OpenSSLHandle(key, "X509_get_pubkey") { EVP_PKEY_free($0) })
    extensions = try (0..<X509_get_ext_count(x509)).map { index throws(CryptographyError) in
      try CertificateExtension(reading: X509_get_ext(x509, index))
    }
  }

  /// The certificate at the beginning of `bytes`; filler after it, as in a card's file, is left alone.
  public init(prefixOf bytes: [UInt8]) throws(CryptographyError) {
    try self.init(der: DERElement(prefixOf: bytes).bytes)
  }

  /// From a PEM file.
  public init(pem: String) throws(CryptographyError) {
    try self.init(der: PEM.decode(pem, label: "CERTIFICATE"))
  }

  /// PEM form.
  public var pem: String { PEM.encode(der, label: "CERTIFICATE") }

  /// The serial number in upper-case hex, two digits a byte.
  public var serialHex: String { hex(serial.isEmpty ? [0] : serial) }

  /// The extension of that identifier.
  public func value(of identifier: ObjectIdentifier) -> CertificateExtension? {
    extensions.first { $0.identifier == identifier }
  }

  /// The otherName entries of subjectAltName in their order, those whose value is a UTF8String.
  public var subjectOtherNames: [(identifier: ObjectIdentifier, text: String)] {
    guard let value = value(of: .subjectAltName)?.value, let names = try? DERElement(value).children else { return [] }
    return names.compactMap { name in
      // otherName [0] IMPLICIT { type-id OBJECT IDENTIFIER, value [0] EXPLICIT ANY }
      guard name.tag == 0xA0, let parts = try? name.children, parts.count == 2, parts[1].tag == 0xA0,
        let identifier = parts[0].objectIdentifier, let text = try? DERElement(parts[1].content), text.tag == 0x0C
      else { return nil }
      return (identifier, String(decoding: text.content, as: UTF8.self))
    }
  }

  /// The name's attributes in order, as `type=text` pairs; for reading, not for comparing.
  public static func attributes(of name: [UInt8]) -> [(type: ObjectIdentifier, text: String)] {
    guard let sets = try? DERElement(name).children else { return [] }
    return sets.flatMap { (try? $0.children) ?? [] }.compactMap { attribute in
      guard let parts = try? attribute.children, parts.count == 2, let type = parts[0].objectIdentifier else {
        return nil
      }
      return (type, String(decoding: parts[1].content, as: UTF8.self))
    }
  }

  /// Whether the signature is that of `key`. Nothing else is looked at: no dates, no names.
  public func isSigned(by key: RSAPublicKey) -> Bool {
    let answer = X509_verify(handle.pointer, key.key.pointer)
    ERR_clear_error()
    return answer == 1
  }

  /// Two certificates are one when their bytes are.
  public static func == (a: X509Certificate, b: X509Certificate) -> Bool { a.der == b.der }
}

extension CertificateExtension {
  init(reading source: OpaquePointer?) throws(CryptographyError) {
    guard let source, let object = X509_EXTENSION_get_object(source), let data = X509_EXTENSION_get_data(source) else {
      throw .last("X509_EXTENSION")
    }
    let identifier = try DERElement(encodedDER("i2d_ASN1_OBJECT") { i2d_ASN1_OBJECT(object, $0) })
    self.init(
      ObjectIdentifier(content: identifier.content), critical: X509_EXTENSION_get_critical(source) != 0,
      value: bytes(of: data))
  }
}
