/// A stream of numbers that is the same on every machine for the same words and seed: SplitMix64 over a mixed beginning.
public struct SeededChoice: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// The stream of a label and a seed.
  public init(_ label: String, seed: UInt64) {
    // FNV-1a over the label, so that two labels give two streams.
    var mixed: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in label.utf8 { mixed = (mixed ^ UInt64(byte)) &* 0x100_0000_01b3 }
    state = mixed ^ (seed &* 0x9e37_79b9_7f4a_7c15)
    _ = next()
  }

  /// The next number.
  public mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var value = state
    value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
    return value ^ (value >> 31)
  }

  /// A number of a range. Fixed here: the standard library's way may change with a release.
  public mutating func number(in range: ClosedRange<Int>) -> Int {
    let (width, overflow) = range.upperBound.subtractingReportingOverflow(range.lowerBound)
    guard !overflow, width > 0 else { return range.lowerBound }
    return range.lowerBound + Int(next() % (UInt64(width) + 1))
  }

  /// One of a list; `nil` of an empty one.
  public mutating func one<Element>(of list: [Element]) -> Element? {
    list.isEmpty ? nil : list[number(in: 0...list.count - 1)]
  }

  /// The list in another order.
  public mutating func shuffled<Element>(_ list: [Element]) -> [Element] {
    var list = list
    for index in list.indices.reversed() where index > 0 { list.swapAt(index, number(in: 0...index)) }
    return list
  }
}
