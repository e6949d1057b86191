/// The arithmetic coder of JPEG 2000 (ISO/IEC 15444-1, Annex C): binary decisions, each in a context that learns.
struct MQEncoder {
  /// A row of Table C.2: the estimate of the less probable symbol, where to go after either, and whether the two change places.
  private struct Estimate {
    var interval: UInt32
    var afterMore: UInt8
    var afterLess: UInt8
    var switches: Bool

    init(_ interval: UInt32, _ afterMore: UInt8, _ afterLess: UInt8, _ switches: Bool = false) {
      (self.interval, self.afterMore, self.afterLess, self.switches) = (interval, afterMore, afterLess, switches)
    }
  }

  private static let estimates: [Estimate] = [
    .init(0x5601, 1, 1, true), .init(0x3401, 2, 6), .init(0x1801, 3, 9), .init(0x0AC1, 4, 12), .init(0x0521, 5, 29),
    .init(0x0221, 38, 33), .init(0x5601, 7, 6, true), .init(0x5401, 8, 14), .init(0x4801, 9, 14),
    .init(0x3801, 10, 14), .init(0x3001, 11, 17), .init(0x2401, 12, 18), .init(0x1C01, 13, 20), .init(0x1601, 29, 21),
    .init(0x5601, 15, 14, true), .init(0x5401, 16, 14), .init(0x5101, 17, 15), .init(0x4801, 18, 16),
    .init(0x3801, 19, 17), .init(0x3401, 20, 18), .init(0x3001, 21, 19), .init(0x2801, 22, 19), .init(0x2401, 23, 20),
    .init(0x2201, 24, 21), .init(0x1C01, 25, 22), .init(0x1801, 26, 23), .init(0x1601, 27, 24), .init(0x1401, 28, 25),
    .init(0x1201, 29, 26), .init(0x1101, 30, 27), .init(0x0AC1, 31, 28), .init(0x09C1, 32, 29), .init(0x08A1, 33, 30),
    .init(0x0521, 34, 31), .init(0x0441, 35, 32), .init(0x02A1, 36, 33), .init(0x0221, 37, 34), .init(0x0141, 38, 35),
    .init(0x0111, 39, 36), .init(0x0085, 40, 37), .init(0x0049, 41, 38), .init(0x0025, 42, 39), .init(0x0015, 43, 40),
    .init(0x0009, 44, 41), .init(0x0005, 45, 42), .init(0x0001, 45, 43), .init(0x5601, 46, 46),
  ]

  /// The context of a run of four, and the one that does not learn.
  static let runLength = 17
  static let uniform = 18
  private static let contextCount = 19

  /// Row of the table and more probable symbol, context by context (Table D.7).
  private var rows: [UInt8]
  private var moreProbable = [Bool](repeating: false, count: contextCount)
  private var interval: UInt32 = 0x8000
  private var code: UInt32 = 0
  private var shifts = 12
  /// A byte that never leaves, for the carry, and then what has.
  private var bytes: [UInt8] = [0]

  init() {
    rows = [UInt8](repeating: 0, count: Self.contextCount)
    rows[0] = 4
    rows[Self.runLength] = 3
    rows[Self.uniform] = 46
  }

  /// Codes one decision.
  mutating func encode(_ decision: Bool, _ context: Int) {
    let estimate = Self.estimates[Int(rows[context])]
    interval &-= estimate.interval
    if decision == moreProbable[context] {
      guard interval & 0x8000 == 0 else {
        code &+= estimate.interval
        return
      }
      if interval < estimate.interval { interval = estimate.interval } else { code &+= estimate.interval }
      rows[context] = estimate.afterMore
    } else {
      if interval < estimate.interval { code &+= estimate.interval } else { interval = estimate.interval }
      if estimate.switches { moreProbable[context].toggle() }
      rows[context] = estimate.afterLess
    }
    repeat {
      interval <<= 1
      code <<= 1
      shifts -= 1
      if shifts == 0 { putByte() }
    } while interval & 0x8000 == 0
  }

  /// A carry goes into the byte before; after FF only seven bits follow.
  private mutating func putByte() {
    let last = bytes.count - 1
    if bytes[last] != 0xFF, code & 0x800_0000 != 0 {
      bytes[last] += 1
      code &= 0x7FF_FFFF
    }
    if bytes[last] == 0xFF {
      bytes.append(UInt8(truncatingIfNeeded: code >> 20))
      code &= 0xF_FFFF
      shifts = 7
    } else {
      bytes.append(UInt8(truncatingIfNeeded: code >> 19))
      code &= 0x7_FFFF
      shifts = 8
    }
  }

  /// Ends the code; what it came to.
  mutating func finish() -> [UInt8] {
    let end = code &+ interval
    code |= 0xFFFF
    if code >= end { code &-= 0x8000 }
    for _ in 0..<2 {
      code <<= UInt32(shifts)
      putByte()
    }
    if bytes.last == 0xFF { bytes.removeLast() }
    return Array(bytes.dropFirst())
  }
}
