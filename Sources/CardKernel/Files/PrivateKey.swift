import ISO7816

/// An RSA-2048 private key on the card.
public struct PrivateKey: Sendable, Equatable {
  /// PKCS#8, DER; empty when the card never had this key. The kernel never looks inside.
  public var material: [UInt8]
  /// Who may sign with it.
  public let rule: AccessRule
  /// What it is for.
  public let use: Use
  /// Whether a terminal that has authenticated itself may use it without the PIN.
  public let isOpenToTerminals: Bool

  /// What a key is for.
  public enum Use: Sendable, Hashable {
    /// COMPUTE DIGITAL SIGNATURE.
    case signature
    /// INTERNAL AUTHENTICATE.
    case internalAuthentication
  }

  /// A key.
  public init(_ material: [UInt8], rule: AccessRule, use: Use = .signature, isOpenToTerminals: Bool = false) {
    self.material = material
    self.rule = rule
    self.use = use
    self.isOpenToTerminals = isOpenToTerminals
  }
}

/// An RSA public key as the card keeps one: 256 bytes of modulus; the exponent is 65537.
public struct PublicKey: Sendable, Hashable {
  /// The modulus, big-endian.
  public let modulus: [UInt8]

  /// The length of a modulus in bytes (RSA-2048).
  public static let modulusLength = 256

  /// A key; `nil` when the modulus has another length.
  public init?(modulus: [UInt8]) {
    guard modulus.count == Self.modulusLength else { return nil }
    self.modulus = modulus
  }
}

/// What IEF 0016 of the JPKI application holds: the key that signs terminal certificates.
public struct TerminalAuthority: Sendable, Hashable {
  /// The authority's key.
  public let key: PublicKey

  /// An authority.
  public init(key: PublicKey) { self.key = key }
}
