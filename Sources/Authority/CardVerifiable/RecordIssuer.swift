import Cryptography

/// The municipality's key that signs the records of one of the two card-face applications, with its card-verifiable certificate.
///
/// The certificate of a test card names the municipality as its subject: `1322121/000` for 13221 in 券面事項確認AP (measured).
/// For 券面事項入力補助AP the last two digits are our choice, 31, after the issuers' 6000023 and 6000033.
public struct RecordIssuer: Sendable {
  /// The key; its public half is in the certificate.
  public let key: RSAPrivateKey
  /// EF 0004: 568 bytes.
  public let certificate: CardVerifiableCertificate

  /// The key of a municipality for one application.
  /// - Parameters:
  ///   - chain: visual inspection or text input; its issuer signs the certificate.
  ///   - municipality: the code of five digits.
  public init(_ chain: CardVerifiableAuthority, municipality: String) throws {
    let suffix = chain.purpose == .textInput ? "31" : "21"
    key = try KeyPool.key(seed: 0, label: "record issuer \(chain.purpose.rawValue) \(municipality)")
    certificate = try CardVerifiableCertificate(
      issuer: chain.issuer, subject: KeyIdentifier(number: municipality + suffix, group: "000"),
      publicKey: key.publicKey, signedWith: chain.issuerKey)
  }
}
