/// How a PIN stands in its command: bmFormatString, bmPINBlockString and bmPINLengthFormat of PC/SC part 10.
struct PINBlockFormat: Equatable {
  enum Encoding: UInt8 {
    /// Each digit a byte of its value.
    case binary = 0
    /// Each digit four bits.
    case packed = 1
    /// Characters.
    case characters = 2

    var bits: Int { self == .packed ? 4 : 8 }
  }

  var encoding: Encoding
  /// Of the PIN in the data field, in bits.
  var position: Int
  var isRightJustified: Bool
  /// 0: as long as the PIN.
  var blockBytes: Int
  /// The field that tells how many characters there are; 0 bits: none.
  var lengthBits: Int
  var lengthPosition: Int

  init?(format: UInt8, block: UInt8, length: UInt8) {
    guard let encoding = Encoding(rawValue: format & 0x03), length & 0xE0 == 0 else { return nil }
    self.encoding = encoding
    position = Int(format >> 3 & 0x0F) * (format & 0x80 != 0 ? 8 : 1)
    isRightJustified = format & 0x04 != 0
    blockBytes = Int(block & 0x0F)
    lengthBits = Int(block >> 4)
    lengthPosition = Int(length & 0x0F) * (length & 0x10 != 0 ? 8 : 1)
    // Justified to the right of a block that has no size makes no sense.
    if isRightJustified && blockBytes == 0 { return nil }
  }

  /// The command with the PINs in it: one, or a present one and a new one.
  /// - Parameters:
  ///   - pins: with the bytes in front of each in the data field.
  ///   - template: header, perhaps Lc and data, which is what fills the rest of a block.
  /// - Returns: `nil` when a PIN does not fit, or has characters that the encoding lacks.
  func command(_ pins: [(pin: [UInt8], offset: Int)], in template: [UInt8]) -> [UInt8]? {
    guard template.count >= 4, let last = pins.last else { return nil }
    var data = Array(template.dropFirst(5))
    if template.count > 5, Int(template[4]) != data.count { return nil }
    var offsets = pins.map { $0.offset * 8 + position }
    if blockBytes == 0 {
      // Without a block each PIN is as long as it is: the second one follows the first.
      guard position % 8 == 0, lengthBits == 0 else { return nil }
      var end = offsets[0]
      for (index, entry) in pins.enumerated() {
        offsets[index] = end
        end = offsets[index] + (entry.pin.count * encoding.bits + 7) / 8 * 8
      }
      data = Array((data + [UInt8](repeating: 0xFF, count: 300)).prefix(end / 8))
    } else {
      let needed = (last.offset * 8 + position) / 8 + blockBytes
      if data.count < needed { data += [UInt8](repeating: 0xFF, count: needed - data.count) }
    }
    for (entry, offset) in zip(pins, offsets) where !write(entry.pin, at: offset, into: &data) { return nil }
    guard let count = UInt8(exactly: data.count), count > 0 else { return nil }
    return template[..<4] + [count] + data
  }

  private func write(_ pin: [UInt8], at start: Int, into data: inout [UInt8]) -> Bool {
    let size = pin.count * encoding.bits
    guard blockBytes == 0 || size <= blockBytes * 8 else { return false }
    let first = isRightJustified ? start + blockBytes * 8 - size : start
    for (index, character) in pin.enumerated() {
      guard let value = encoding == .characters ? character : Self.digit(character),
        Self.set(&data, bits: encoding.bits, at: first + index * encoding.bits, to: value)
      else { return false }
    }
    if lengthBits > 0 {
      guard let count = UInt8(exactly: pin.count), lengthBits >= 8 || count < 1 << UInt8(lengthBits) else {
        return false
      }
      return Self.set(&data, bits: lengthBits, at: lengthPosition, to: count)
    }
    return true
  }

  private static func digit(_ character: UInt8) -> UInt8? {
    (0x30...0x39).contains(character) ? character - 0x30 : nil
  }

  private static func set(_ data: inout [UInt8], bits: Int, at start: Int, to value: UInt8) -> Bool {
    guard start >= 0, start + bits <= data.count * 8 else { return false }
    for index in 0..<bits {
      let isOne = bits - 1 - index < 8 && value >> UInt8(bits - 1 - index) & 1 == 1
      let mask = UInt8(0x80) >> UInt8((start + index) % 8)
      if isOne { data[(start + index) / 8] |= mask } else { data[(start + index) / 8] &= ~mask }
    }
    return true
  }
}
