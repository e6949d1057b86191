import CardImage
import CardKernel
import Cryptography

/// The world around one card: its journal, libcrypto, and keys that are parsed once.
struct CardWorld: CardEffects {
  /// What the card remembers.
  let memory: StateMemory
  /// The command that changes happen in, as the history names it.
  private var cause = "command"
  private var keys: [FilePath: (material: [UInt8], key: RSAPrivateKey)] = [:]

  init(memory: StateMemory) { self.memory = memory }

  /// A command begins: what it commits is one step of the history.
  mutating func begin(_ cause: String) { self.cause = cause }

  mutating func commit(_ change: CardChange) throws(EffectFailure) {
    if cut != nil { return try commitUnderCut(change) }
    try memory.append(cause: cause, [change])
    cause = StateMemory.continuing(cause)
  }

  /// The power goes around a write of the command that runs; nothing is written after it.
  struct PowerCut {
    /// The write, from 1.
    let number: Int
    /// Whether that write still happens.
    let isDone: Bool
    /// What has been written.
    var committed: [CardChange] = []
    /// How many writes the command has asked for.
    var asked = 0

    init(number: Int, isDone: Bool) {
      self.number = number
      self.isDone = isDone
    }

    /// Whether it has come to that.
    var hasHappened: Bool { asked >= number }
  }

  /// A cut that waits for the command's writes.
  var cut: PowerCut?

  private mutating func commitUnderCut(_ change: CardChange) throws(EffectFailure) {
    guard var waiting = cut else { return }
    waiting.asked += 1
    cut = waiting
    guard waiting.asked < waiting.number || waiting.asked == waiting.number && waiting.isDone else { throw .memory }
    try memory.append(cause: cause, [change])
    cause = StateMemory.continuing(cause)
    waiting.committed.append(change)
    cut = waiting
  }

  mutating func randomBytes(_ count: Int) throws(EffectFailure) -> [UInt8] {
    do { return try SecureRandom.bytes(count) } catch { throw .cryptography }
  }

  mutating func sha256(_ data: [UInt8]) -> [UInt8] { SHA256.digest(data) }

  mutating func signPKCS1(_ block: [UInt8], with key: KeyHandle) throws(EffectFailure) -> [UInt8] {
    do { return try privateKey(key).signPKCS1(block) } catch { throw .cryptography }
  }

  mutating func signPSS(hash: [UInt8], saltLength: Int, with key: KeyHandle) throws(EffectFailure) -> [UInt8] {
    do { return try privateKey(key).signPSS(sha256Digest: hash, saltLength: saltLength) } catch { throw .cryptography }
  }

  mutating func decryptOAEP(_ cryptogram: [UInt8], with key: KeyHandle) throws(DecryptionFailure) -> [UInt8] {
    do {
      return try privateKey(key).decryptOAEP(cryptogram)
    } catch {
      switch error {
      case .valueNotBelowModulus: throw .outOfRange
      case .badPadding: throw .malformed
      default: throw .cryptography
      }
    }
  }

  mutating func verifyPKCS1(_ signature: [UInt8], over message: [UInt8], with key: PublicKey) -> Bool {
    let verified = try? RSAPublicKey(modulus: key.modulus).verifyPKCS1SHA256(signature, message: message)
    return verified ?? false
  }

  mutating func encryptAES(_ data: [UInt8], key: [UInt8], iv: [UInt8]) throws(EffectFailure) -> [UInt8] {
    do { return try AES128CBC.encrypt(data, key: key, iv: iv) } catch { throw .cryptography }
  }

  mutating func decryptAES(_ data: [UInt8], key: [UInt8], iv: [UInt8]) throws(EffectFailure) -> [UInt8] {
    do { return try AES128CBC.decrypt(data, key: key, iv: iv) } catch { throw .cryptography }
  }

  private mutating func privateKey(_ handle: KeyHandle) throws(CryptographyError) -> RSAPrivateKey {
    // A renewed certificate comes with another key in the same file.
    if let known = keys[handle.path], known.material == handle.material { return known.key }
    let key = try RSAPrivateKey(pkcs8DER: handle.material)
    keys[handle.path] = (handle.material, key)
    return key
  }
}
