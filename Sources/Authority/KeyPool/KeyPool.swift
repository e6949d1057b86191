import Cryptography

/// The keys that come from a seed: two primes of a public pool, picked by label and seed.
///
/// **A seeded key is public knowledge and worth nothing.** Everybody who has this source can make the private half. That is the
/// point of the pool: the same seed gives the same card on every machine, in microseconds and not in the tenth of a second that
/// finding primes takes. Where a key must be a secret, ask for a random one (`RSAPrivateKey.generate`).
public enum KeyPool {
  /// How many primes there are.
  public static var count: Int { PrimePool.halfDistances.count }

  /// The key of a label and a seed.
  public static func key(seed: UInt64, label: String) throws(CryptographyError) -> RSAPrivateKey {
    var random = SeededRandom(label: "key " + label, seed: seed)
    let first = random.number(below: UInt64(count))
    var second = random.number(below: UInt64(count - 1))
    if second >= first { second += 1 }
    return try RSAPrivateKey(primes: prime(Int(first)), prime(Int(second)))
  }

  /// Prime number `index`, 128 bytes: the start that everybody can compute plus twice the distance kept in the pool.
  static func prime(_ index: Int) -> [UInt8] {
    var stream = SeededRandom(label: "prime pool", seed: UInt64(index))
    var digits = stream.bytes(128)
    digits[0] |= 0xC0
    digits[127] |= 1
    var carry = 2 * Int(PrimePool.halfDistances[index])
    for position in digits.indices.reversed() where carry > 0 {
      carry += Int(digits[position])
      digits[position] = UInt8(truncatingIfNeeded: carry)
      carry >>= 8
    }
    return digits
  }
}
