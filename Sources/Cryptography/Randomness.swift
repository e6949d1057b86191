import COpenSSL

/// The machine's randomness, through OpenSSL.
public enum SecureRandom {
  /// `count` bytes that nobody can foretell.
  public static func bytes(_ count: Int) throws(CryptographyError) -> [UInt8] {
    guard let length = Int32(exactly: count), length >= 0 else { throw .malformed("count of random bytes (\(count))") }
    var bytes = [UInt8](repeating: 0, count: count)
    if length > 0 { try require(RAND_bytes(&bytes, length), "RAND_bytes") }
    return bytes
  }
}

/// A stream that looks random and is the same on every machine for the same label and seed: SHA-256 over
/// `"vmyna seeded stream" 00 label 00 seed(8) counter(8)`, for counter 0, 1, 2 …
///
/// Public knowledge by construction: whatever is made from it is worth nothing as a secret.
public struct SeededRandom: RandomNumberGenerator, Sendable {
  private let prefix: [UInt8]
  private var counter: UInt64 = 0
  private var block: [UInt8] = []
  private var position = 0

  /// The stream of a label and a seed.
  public init(label: String, seed: UInt64) {
    prefix = [UInt8]("vmyna seeded stream".utf8) + [0] + [UInt8](label.utf8) + [0] + Self.bigEndian(seed)
  }

  /// The next `count` bytes.
  public mutating func bytes(_ count: Int) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(max(0, count))
    while result.count < count {
      if position == block.count {
        block = SHA256.digest(prefix + Self.bigEndian(counter))
        counter &+= 1
        position = 0
      }
      let taken = min(count - result.count, block.count - position)
      result += block[position..<position + taken]
      position += taken
    }
    return result
  }

  /// The next eight bytes as a number.
  public mutating func next() -> UInt64 { bytes(8).reduce(0) { $0 << 8 | UInt64($1) } }

  /// A number in `0..<bound`, every one equally likely. Fixed here, not left to the standard library, because the
  /// results must stay the same with every release of Swift.
  public mutating func number(below bound: UInt64) -> UInt64 {
    guard bound > 1 else { return 0 }
    let limit = UInt64.max - UInt64.max % bound
    while true {
      let candidate = next()
      if candidate < limit { return candidate % bound }
    }
  }

  private static func bigEndian(_ value: UInt64) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: value >> (56 - 8 * $0)) }
  }
}
