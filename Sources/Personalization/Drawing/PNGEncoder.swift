/// PNG (ISO/IEC 15948) with one bit a pixel: 0 black, 1 white.
enum PNGEncoder {
  private static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

  /// The file; grey of 128 and more is white.
  static func oneBit(_ picture: Picture) -> [UInt8] {
    var header = bigEndian(UInt32(clamping: picture.width)) + bigEndian(UInt32(clamping: picture.height))
    header += [1, 0, 0, 0, 0]  // depth, greyscale, deflate, adaptive filters, not interlaced
    var rows: [UInt8] = []
    for y in 0..<picture.height {
      rows.append(0)  // no filter
      var byte: UInt8 = 0
      for x in 0..<picture.width {
        byte = byte << 1 | (picture[x, y] >= 0x80 ? 1 : 0)
        if x % 8 == 7 { rows.append(byte) }
      }
      let rest = picture.width % 8
      if rest != 0 { rows.append(byte << UInt8(8 - rest)) }
    }
    return signature + chunk("IHDR", header) + chunk("IDAT", Deflate.zlib(rows)) + chunk("IEND", [])
  }

  private static func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
    let body = Array(type.utf8) + data
    return bigEndian(UInt32(clamping: data.count)) + body + bigEndian(crc32(body))
  }

  private static func bigEndian(_ value: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(value >> $0 & 0xFF) }
  }

  private static let table: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ value >> 1 : value >> 1 }
  }

  private static func crc32(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(~UInt32(0)) { table[Int(($0 ^ UInt32($1)) & 0xFF)] ^ $0 >> 8 }
  }
}
