/// LZSS: text in which much comes again, in fewer bytes. Eight items follow a byte of flags; an item is a byte as it is (0), or two
/// bytes that point back (1): twelve bits of distance, four of length.
enum Packing {
  private static let shortest = 3
  private static let longest = 18
  private static let window = 4095

  static func pack(_ bytes: [UInt8]) -> [UInt8] {
    var packed: [UInt8] = []
    var flagsAt = 0
    var item = 8
    var position = 0
    // Where each run of three bytes stood, the newest last.
    var places: [UInt32: [Int]] = [:]
    func key(_ index: Int) -> UInt32? {
      guard index + 2 < bytes.count else { return nil }
      return UInt32(bytes[index]) << 16 | UInt32(bytes[index + 1]) << 8 | UInt32(bytes[index + 2])
    }
    while position < bytes.count {
      if item == 8 {
        flagsAt = packed.count
        packed.append(0)
        item = 0
      }
      let found = key(position).flatMap { match(in: bytes, at: position, candidates: places[$0] ?? []) }
      let step = found?.length ?? 1
      if let found {
        packed[flagsAt] |= 1 << UInt8(item)
        packed.append(UInt8(found.distance >> 4))
        packed.append(UInt8(found.distance & 0x0F) << 4 | UInt8(found.length - shortest))
      } else {
        packed.append(bytes[position])
      }
      for index in position..<position + step {
        if let key = key(index) { places[key, default: []].append(index) }
      }
      position += step
      item += 1
    }
    return packed
  }

  /// The longest run that stood here before; of several, the nearest.
  private static func match(
    in bytes: [UInt8], at position: Int, candidates: [Int]
  ) -> (distance: Int, length: Int)? {
    var best: (distance: Int, length: Int)?
    for candidate in candidates.reversed().prefix(64) where position - candidate <= window {
      var length = 0
      while length < longest, position + length < bytes.count, bytes[candidate + length] == bytes[position + length] {
        length += 1
      }
      if length >= shortest, length > best?.length ?? 0 { best = (position - candidate, length) }
    }
    return best
  }

  /// The bytes again; `nil` for what `pack` never makes, or for more than `limit`.
  static func unpack(_ packed: [UInt8], limit: Int) -> [UInt8]? {
    var bytes: [UInt8] = []
    var index = 0
    while index < packed.count {
      let flags = packed[index]
      index += 1
      for item in 0..<8 where index < packed.count {
        if flags >> UInt8(item) & 1 == 0 {
          bytes.append(packed[index])
          index += 1
        } else {
          guard index + 1 < packed.count else { return nil }
          let distance = Int(packed[index]) << 4 | Int(packed[index + 1] >> 4)
          let length = Int(packed[index + 1] & 0x0F) + shortest
          index += 2
          guard distance >= 1, distance <= bytes.count else { return nil }
          for _ in 0..<length { bytes.append(bytes[bytes.count - distance]) }
        }
        guard bytes.count <= limit else { return nil }
      }
    }
    return bytes
  }
}

/// Base64 with the alphabet of URLs (RFC 4648, section 5), without padding.
enum Base64URL {
  private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

  static func encode(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      let value = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
      for digit in 0...group.count { text.append(digits[value >> (18 - 6 * digit) & 0x3F]) }
    }
    return String(decoding: text, as: UTF8.self)
  }

  static func decode(_ text: some StringProtocol) -> [UInt8]? {
    var bytes: [UInt8] = []
    var (value, bits) = (0, 0)
    for character in text.utf8 {
      guard let digit = digits.firstIndex(of: character) else { return nil }
      value = (value << 6 | digit) & 0xFFFF
      bits += 6
      if bits >= 8 {
        bits -= 8
        bytes.append(UInt8(value >> bits & 0xFF))
      }
    }
    return bytes
  }
}
