/// Deflate (RFC 1951) in a zlib wrapper (RFC 1950): one block with the fixed codes, repetitions found greedily. Enough
/// for pictures of a kilobyte or two, and the same bytes wherever it runs, which a system's zlib does not promise.
struct Deflate {
  private var output: [UInt8] = []
  private var buffer: UInt32 = 0
  private var bufferedBits: UInt32 = 0

  private static let shortestMatch = 3
  private static let longestMatch = 258
  private static let window = 32_768

  static func zlib(_ bytes: [UInt8]) -> [UInt8] {
    var deflate = Deflate()
    deflate.output = [0x78, 0x01]
    deflate.compress(bytes)
    let sum = adler32(bytes)
    return deflate.output + [24, 16, 8, 0].map { UInt8(sum >> $0 & 0xFF) }
  }

  private static func adler32(_ bytes: [UInt8]) -> UInt32 {
    var (a, b): (UInt32, UInt32) = (1, 0)
    for byte in bytes {
      a = (a + UInt32(byte)) % 65_521
      b = (b + a) % 65_521
    }
    return b << 16 | a
  }

  private mutating func compress(_ bytes: [UInt8]) {
    put(0b011, 3)  // the last block; fixed codes
    // Where three bytes were met last.
    var places: [UInt32: Int] = [:]
    func key(_ index: Int) -> UInt32 {
      UInt32(bytes[index]) << 16 | UInt32(bytes[index + 1]) << 8 | UInt32(bytes[index + 2])
    }
    var index = 0
    while index < bytes.count {
      var length = 0
      var distance = 0
      if index + Self.shortestMatch <= bytes.count {
        if let place = places[key(index)], index - place <= Self.window {
          distance = index - place
          let limit = min(Self.longestMatch, bytes.count - index)
          while length < limit, bytes[place + length] == bytes[index + length] { length += 1 }
        }
        places[key(index)] = index
      }
      guard length >= Self.shortestMatch else {
        putLiteral(Int(bytes[index]))
        index += 1
        continue
      }
      putLength(length)
      putDistance(distance)
      for passed in index + 1..<index + length where passed + Self.shortestMatch <= bytes.count {
        places[key(passed)] = passed
      }
      index += length
    }
    putLiteral(256)  // end of block
    if bufferedBits > 0 { put(0, 8 - bufferedBits) }
  }

  /// Bits from the lowest.
  private mutating func put(_ value: UInt32, _ count: UInt32) {
    buffer |= value << bufferedBits
    bufferedBits += count
    while bufferedBits >= 8 {
      output.append(UInt8(buffer & 0xFF))
      buffer >>= 8
      bufferedBits -= 8
    }
  }

  /// A code from its highest bit.
  private mutating func putCode(_ code: Int, _ count: UInt32) {
    for bit in (0..<count).reversed() { put(UInt32(code >> Int(bit) & 1), 1) }
  }

  private mutating func putLiteral(_ symbol: Int) {
    switch symbol {
    case ..<144: putCode(0x30 + symbol, 8)
    case ..<256: putCode(0x190 + symbol - 144, 9)
    case ..<280: putCode(symbol - 256, 7)
    default: putCode(0xC0 + symbol - 280, 8)
    }
  }

  private mutating func putLength(_ length: Int) {
    guard length < Self.longestMatch else { return putLiteral(285) }
    let (symbol, extra, rest) = Self.symbol(for: length - Self.shortestMatch, directSymbols: 8, codesPerStep: 4)
    putLiteral(257 + symbol)
    put(UInt32(rest), UInt32(extra))
  }

  private mutating func putDistance(_ distance: Int) {
    let (symbol, extra, rest) = Self.symbol(for: distance - 1, directSymbols: 4, codesPerStep: 2)
    putCode(symbol, 5)
    put(UInt32(rest), UInt32(extra))
  }

  /// The tables of RFC 1951, 3.2.5, as arithmetic: so many symbols stand for one value each, and from there on every
  /// `codesPerStep` symbols take one more extra bit.
  private static func symbol(
    for value: Int, directSymbols: Int, codesPerStep: Int
  ) -> (symbol: Int, extra: Int, rest: Int) {
    guard value >= directSymbols else { return (value, 0, 0) }
    var extra = 1
    var first = directSymbols
    var symbol = directSymbols
    while value >= first + codesPerStep << extra {
      first += codesPerStep << extra
      symbol += codesPerStep
      extra += 1
    }
    return (symbol + (value - first) >> extra, extra, (value - first) & (1 << extra - 1))
  }
}
