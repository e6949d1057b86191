import CardKernel
import Cryptography
import ISO7816

/// The world around a card under test: real cryptography, seeded randomness, and a memory in memory whose writes can be
/// made to fail.
public struct TestEffects: CardEffects {
  /// What was made durable, in order.
  public private(set) var commits: [CardChange] = []
  /// How many commits were asked for, failed ones included.
  public private(set) var commitCount = 0
  /// Every commit from this number (1, 2, …) on fails: the disk is full.
  public var failsFrom: Int?
  /// The commit of this number reaches the disk, and the process dies before it hears so.
  public var diesAfter: Int?
  /// The commit of this number does not reach the disk: the process dies in it.
  public var diesBefore: Int?
  /// Whether the process has died; nothing works any more.
  public private(set) var isDead = false
  private var random: RandomBytes
  private var keys: [[UInt8]: RSAPrivateKey] = [:]
  private var isKeyless: Bool

  /// A world.
  /// - Parameter isKeyless: answers 256 zeros in place of a signature, for tests that make very many of them.
  public init(seed: UInt64 = 1, isKeyless: Bool = false) {
    random = RandomBytes(seed: seed)
    self.isKeyless = isKeyless
  }

  /// What the durable memory holds, put on a fresh card: the card after the process was started again.
  public func restart(_ fresh: Card) -> Card {
    var card = fresh
    for change in commits { _ = card.apply(change) }
    return card
  }

  /// Makes a change durable, or fails as told.
  public mutating func commit(_ change: CardChange) throws(EffectFailure) {
    guard !isDead else { throw .memory }
    commitCount += 1
    if let failsFrom, commitCount >= failsFrom { throw .memory }
    if commitCount == diesBefore {
      isDead = true
      throw .memory
    }
    commits.append(change)
    if commitCount == diesAfter {
      isDead = true
      throw .memory
    }
  }

  /// Seeded randomness.
  public mutating func randomBytes(_ count: Int) throws(EffectFailure) -> [UInt8] { random.bytes(count) }

  /// SHA-256.
  public mutating func sha256(_ data: [UInt8]) -> [UInt8] { SHA256.digest(data) }

  /// A real signature.
  public mutating func signPKCS1(_ block: [UInt8], with key: KeyHandle) throws(EffectFailure) -> [UInt8] {
    if isKeyless { return [UInt8](repeating: 0, count: 256) }
    let key = try load(key)
    do { return try key.signPKCS1(block) } catch { throw .cryptography }
  }

  /// A real signature.
  public mutating func signPSS(
    hash: [UInt8], saltLength: Int, with key: KeyHandle
  ) throws(EffectFailure) -> [UInt8] {
    if isKeyless { return [UInt8](repeating: 0, count: 256) }
    let key = try load(key)
    do { return try key.signPSS(sha256Digest: hash, saltLength: saltLength) } catch { throw .cryptography }
  }

  /// Real decryption.
  public mutating func decryptOAEP(_ cryptogram: [UInt8], with key: KeyHandle) throws(DecryptionFailure) -> [UInt8] {
    if isKeyless { throw .malformed }
    let parsed: RSAPrivateKey
    do { parsed = try load(key) } catch { throw .cryptography }
    do throws(CryptographyError) {
      return try parsed.decryptOAEP(cryptogram)
    } catch {
      throw error == .valueNotBelowModulus ? .outOfRange : error == .badPadding ? .malformed : .cryptography
    }
  }

  /// Real verification.
  public mutating func verifyPKCS1(_ signature: [UInt8], over message: [UInt8], with key: PublicKey) -> Bool {
    guard let key = try? RSAPublicKey(modulus: key.modulus) else { return false }
    return (try? key.verifyPKCS1SHA256(signature, message: message)) ?? false
  }

  /// Real AES.
  public mutating func encryptAES(_ data: [UInt8], key: [UInt8], iv: [UInt8]) throws(EffectFailure) -> [UInt8] {
    do { return try AES128CBC.encrypt(data, key: key, iv: iv) } catch { throw .cryptography }
  }

  /// Real AES.
  public mutating func decryptAES(_ data: [UInt8], key: [UInt8], iv: [UInt8]) throws(EffectFailure) -> [UInt8] {
    do { return try AES128CBC.decrypt(data, key: key, iv: iv) } catch { throw .cryptography }
  }

  private mutating func load(_ handle: KeyHandle) throws(EffectFailure) -> RSAPrivateKey {
    if let known = keys[handle.material] { return known }
    do {
      let key = try RSAPrivateKey(pkcs8DER: handle.material)
      keys[handle.material] = key
      return key
    } catch {
      throw .cryptography
    }
  }
}
