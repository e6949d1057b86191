import Cryptography

/// What a program needs to act as an authorised terminal (`80 A2`, then EXTERNAL AUTHENTICATE), and what it needs to check the
/// card's records: certificates and keys of the card-verifiable test authority, as files.
public enum CardVerifiableFiles {
  /// One file: its name and content.
  public struct File: Sendable, Equatable {
    /// The name.
    public let name: String
    /// The content.
    public let bytes: [UInt8]
    /// Whether it holds a private key.
    public let isSecret: Bool

    init(_ name: String, _ bytes: [UInt8], isSecret: Bool = false) {
      self.name = name
      self.bytes = bytes
      self.isSecret = isSecret
    }
  }

  /// The terminal: `certificate.bin` (568 bytes), `first.bin` and `second.bin` (the data of the two commands), `key.pem` (PKCS#8).
  public static func terminal() throws -> [File] {
    let chain = try CardVerifiableAuthority(.terminal)
    let certificate = try chain.certificate
    return [
      File("certificate.bin", certificate.bytes), File("first.bin", certificate.firstPart),
      File("second.bin", certificate.secondPart),
      File("key.pem", Array(try chain.subjectKey.pemPKCS8.utf8), isSecret: true),
    ]
  }

  /// The keys at the top of each chain, SubjectPublicKeyInfo in PEM: `visualInspection.pem`, `textInput.pem`, `terminal.pem` and
  /// `cardManager.pem`.
  public static func roots() throws -> [File] {
    var files = try CardVerifiableAuthority.Purpose.allCases.map { purpose in
      File("\(purpose.rawValue).pem", pem(try CardVerifiableAuthority(purpose).issuerKey.publicKey))
    }
    files.append(File("cardManager.pem", pem(try CardManagerChain().rootKey.publicKey)))
    return files
  }

  private static func pem(_ key: RSAPublicKey) -> [UInt8] {
    Array(PEM.encode(key.subjectPublicKeyInfoDER, label: "PUBLIC KEY").utf8)
  }
}
