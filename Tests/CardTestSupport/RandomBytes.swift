import Foundation

/// The seed of a random test, printed; `VMYNA_TEST_SEED` repeats a run.
public func testSeed(_ test: String) -> UInt64 {
  let given = ProcessInfo.processInfo.environment["VMYNA_TEST_SEED"].flatMap { UInt64($0) }
  let seed = given ?? UInt64.random(in: 1...UInt64(Int64.max))
  print("\(test): seed \(seed), repeat with VMYNA_TEST_SEED=\(seed)")
  return seed
}

/// SplitMix64: small, and the same everywhere.
public struct RandomBytes {
  private var state: UInt64

  /// The stream of a seed.
  public init(seed: UInt64) { state = seed }

  /// Eight random bytes as a number.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// A number from 0 to `bound` - 1; 0 for a bound below 1.
  public mutating func below(_ bound: Int) -> Int { bound < 1 ? 0 : Int(next() % UInt64(bound)) }

  /// Random bytes.
  public mutating func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) } }

  /// One of the elements, `nil` when there is none.
  public mutating func element<Element>(of elements: [Element]) -> Element? {
    elements.isEmpty ? nil : elements[below(elements.count)]
  }
}
