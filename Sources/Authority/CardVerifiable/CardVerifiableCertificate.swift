import Cryptography

/// A card-verifiable certificate: who signed, whose key, the key, the signature; 568 bytes (Docs/Certificates.md,
/// "Card-verifiable certificates").
///
/// ```
/// 7F21 82 0233
///   5F4E 82 0129   issuer's key identifier, subject's key identifier, 90 03 010001, 91 82 0100 modulus
///   5F37 82 0100   PKCS#1 v1.5 with SHA-256 over the content of 5F4E
/// ```
public struct CardVerifiableCertificate: Sendable, Equatable {
  /// Bytes of every such certificate.
  public static let length = 568

  /// Whose key signed.
  public let issuer: KeyIdentifier
  /// Whose key this is.
  public let subject: KeyIdentifier
  /// The key.
  public let publicKey: RSAPublicKey
  /// The whole certificate.
  public let bytes: [UInt8]

  private static let header: [UInt8] = [0x7F, 0x21, 0x82, 0x02, 0x33]
  private static let contentHeader: [UInt8] = [0x5F, 0x4E, 0x82, 0x01, 0x29]
  private static let signatureHeader: [UInt8] = [0x5F, 0x37, 0x82, 0x01, 0x00]
  private static let contentLength = 297
  private static let exponentObject: [UInt8] = [0x90, 0x03, 0x01, 0x00, 0x01]
  private static let modulusHeader: [UInt8] = [0x91, 0x82, 0x01, 0x00]

  /// The public key as cards write it: exponent (tag 90) and modulus (tag 91); 265 bytes.
  public static func keyObjects(_ key: RSAPublicKey) -> [UInt8] { exponentObject + modulusHeader + key.modulus }

  /// Issues one.
  public init(
    issuer: KeyIdentifier, subject: KeyIdentifier, publicKey: RSAPublicKey, signedWith key: RSAPrivateKey
  ) throws(CryptographyError) {
    let content = issuer.bytes + subject.bytes + Self.keyObjects(publicKey)
    self.issuer = issuer
    self.subject = subject
    self.publicKey = publicKey
    bytes = try Self.header + Self.contentHeader + content + Self.signatureHeader + key.signPKCS1SHA256(content)
  }

  /// Reads one; what follows its 568 bytes is left alone.
  public init(prefixOf bytes: [UInt8]) throws {
    let bytes = Array(bytes.prefix(Self.length))
    let signatureStart = 10 + Self.contentLength
    guard bytes.count == Self.length, bytes.starts(with: Self.header + Self.contentHeader),
      bytes[signatureStart...].starts(with: Self.signatureHeader)
    else { throw CryptographyError.malformed("card-verifiable certificate") }
    let content = bytes[10..<signatureStart]
    guard content.dropFirst(32).starts(with: Self.exponentObject + Self.modulusHeader) else {
      throw CryptographyError.malformed("public key of a card-verifiable certificate")
    }
    issuer = try KeyIdentifier(bytes: Array(content.prefix(16)))
    subject = try KeyIdentifier(bytes: Array(content.dropFirst(16).prefix(16)))
    publicKey = try RSAPublicKey(modulus: Array(content.suffix(256)))
    self.bytes = bytes
  }

  /// Whether `key` signed it.
  public func isSigned(by key: RSAPublicKey) -> Bool {
    let content = Array(bytes[10..<(10 + Self.contentLength)])
    return (try? key.verifyPKCS1SHA256(Array(bytes.suffix(256)), message: content)) == true
  }

  /// The data of the first `80 A2`: all up to the end of object 5F4E, the outer header with its full length; 307 bytes.
  public var firstPart: [UInt8] { Array(bytes.prefix(10 + Self.contentLength)) }

  /// The data of the second `80 A2`: object 5F37; 261 bytes.
  public var secondPart: [UInt8] { Array(bytes.dropFirst(10 + Self.contentLength)) }
}
