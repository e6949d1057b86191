/// What the card asks of the world around it. The kernel itself has no memory that survives it, no randomness and no
/// cryptography.
public protocol CardEffects {
  /// Makes a change of the card's memory durable. When this returns, the change survives the death of the process.
  mutating func commit(_ change: CardChange) throws(EffectFailure)
  /// Random bytes.
  mutating func randomBytes(_ count: Int) throws(EffectFailure) -> [UInt8]
  /// SHA-256.
  mutating func sha256(_ data: [UInt8]) -> [UInt8]
  /// EMSA-PKCS1-v1_5 block type 1 around `block` (1…245 bytes) as it is, then the private operation: 256 bytes.
  mutating func signPKCS1(_ block: [UInt8], with key: KeyHandle) throws(EffectFailure) -> [UInt8]
  /// RSASSA-PSS with SHA-256 and MGF1-SHA-256 over a hash of 32 bytes: 256 bytes.
  mutating func signPSS(hash: [UInt8], saltLength: Int, with key: KeyHandle) throws(EffectFailure) -> [UInt8]
  /// RSAES-OAEP with SHA-256 and MGF1-SHA-256.
  mutating func decryptOAEP(_ cryptogram: [UInt8], with key: KeyHandle) throws(DecryptionFailure) -> [UInt8]
  /// Whether `signature` is RSASSA-PKCS1-v1_5 with SHA-256 over `message`.
  mutating func verifyPKCS1(_ signature: [UInt8], over message: [UInt8], with key: PublicKey) -> Bool
  /// AES-128 in CBC mode without padding; `data` is whole blocks.
  mutating func encryptAES(_ data: [UInt8], key: [UInt8], iv: [UInt8]) throws(EffectFailure) -> [UInt8]
  /// The inverse of ``encryptAES(_:key:iv:)``.
  mutating func decryptAES(_ data: [UInt8], key: [UInt8], iv: [UInt8]) throws(EffectFailure) -> [UInt8]
}

/// A private key, as the world around the card may remember it: parsed once, found again by its path.
public struct KeyHandle: Sendable, Hashable {
  /// Where the key stands.
  public let path: FilePath
  /// PKCS#8, DER.
  public let material: [UInt8]

  /// A handle.
  public init(path: FilePath, material: [UInt8]) {
    self.path = path
    self.material = material
  }
}

/// The world could not do what the card asked.
public enum EffectFailure: Error, Sendable, Hashable {
  /// The memory could not be written (disk full, folder gone).
  case memory
  /// A key that is none, or no randomness.
  case cryptography
}

/// Why a cryptogram did not open.
public enum DecryptionFailure: Error, Sendable, Hashable {
  /// The number is not below the modulus.
  case outOfRange
  /// The padding is wrong.
  case malformed
  /// There is no usable key.
  case cryptography
}

/// One change of the card's memory, absolute: replaying it twice does no harm.
public enum CardChange: Sendable, Equatable {
  /// A retry counter has this value now.
  case triesLeft(FilePath, Int)
  /// A PIN has this value (`nil`: none) and this counter now.
  case pin(FilePath, value: [UInt8]?, triesLeft: Int)
  /// A transparent file has these bytes now.
  case contents(FilePath, [UInt8])
  /// A record file has these records now.
  case records(FilePath, [[UInt8]])
  /// A key file has this key (PKCS#8, DER; empty: none) now.
  case key(FilePath, [UInt8])

  /// The file that changes.
  public var path: FilePath {
    switch self {
    case .triesLeft(let path, _), .pin(let path, _, _), .contents(let path, _), .records(let path, _),
      .key(let path, _):
      path
    }
  }
}
