import CardKernel
import Cryptography

/// The world of a fuzzed card: everything that costs time is played, and a memory that fails on request.
struct FuzzEffects: CardEffects {
  private(set) var commits: [CardChange] = []
  var isDiskFull = false
  private var count: UInt8 = 0

  /// This cryptogram opens to a session with the key 5A….
  static let cryptogram = [UInt8](repeating: 0x11, count: 256)
  static let sessionKey = [UInt8](repeating: 0x5A, count: 16)

  mutating func commit(_ change: CardChange) throws(EffectFailure) {
    if isDiskFull { throw .memory }
    commits.append(change)
  }

  mutating func randomBytes(_ count: Int) throws(EffectFailure) -> [UInt8] {
    self.count &+= 1
    return [UInt8](repeating: self.count, count: count)
  }

  mutating func sha256(_ data: [UInt8]) -> [UInt8] { SHA256.digest(data) }

  mutating func signPKCS1(_ block: [UInt8], with key: KeyHandle) throws(EffectFailure) -> [UInt8] {
    guard (1...245).contains(block.count) else { throw .cryptography }
    return [UInt8](repeating: 0x5A, count: 256)
  }

  mutating func signPSS(hash: [UInt8], saltLength: Int, with key: KeyHandle) throws(EffectFailure) -> [UInt8] {
    [UInt8](repeating: 0x5A, count: 256)
  }

  mutating func decryptOAEP(_ cryptogram: [UInt8], with key: KeyHandle) throws(DecryptionFailure) -> [UInt8] {
    if cryptogram == Self.cryptogram { return [0xA0, 0x22, 0x80, 0x20] + Self.sessionKey + Self.sessionKey }
    switch cryptogram.first {
    case 0xFF: throw .outOfRange
    // What a client put into the cryptogram, so that the fuzzer reaches the parser behind it.
    case 0x22: return Array(cryptogram.dropFirst(2).prefix(Int(cryptogram.dropFirst().first ?? 0)))
    default: throw .malformed
    }
  }

  mutating func verifyPKCS1(_ signature: [UInt8], over message: [UInt8], with key: PublicKey) -> Bool {
    signature.first == 0x5A
  }

  mutating func encryptAES(_ data: [UInt8], key: [UInt8], iv: [UInt8]) throws(EffectFailure) -> [UInt8] {
    do { return try AES128CBC.encrypt(data, key: key, iv: iv) } catch { throw .cryptography }
  }

  mutating func decryptAES(_ data: [UInt8], key: [UInt8], iv: [UInt8]) throws(EffectFailure) -> [UInt8] {
    do { return try AES128CBC.decrypt(data, key: key, iv: iv) } catch { throw .cryptography }
  }
}
