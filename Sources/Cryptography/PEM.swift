/// The armour of RFC 7468.
public enum PEM {
  /// Bytes in armour, lines of 64.
  public static func encode(_ bytes: [UInt8], label: String) -> String {
    let body = Array(Base64.encode(bytes))
    let lines = stride(from: 0, to: body.count, by: 64).map { String(body[$0..<min($0 + 64, body.count)]) }
    return (["-----BEGIN \(label)-----"] + lines + ["-----END \(label)-----", ""]).joined(separator: "\n")
  }

  /// The bytes of the first block with that label.
  public static func decode(_ text: String, label: String) throws(CryptographyError) -> [UInt8] {
    let lines = text.split(whereSeparator: \.isNewline).map { $0.drop(while: \.isWhitespace) }
    guard let begin = lines.firstIndex(where: { $0.hasPrefix("-----BEGIN \(label)-----") }),
      let end = lines[begin...].firstIndex(where: { $0.hasPrefix("-----END \(label)-----") }),
      let bytes = Base64.decode(lines[(begin + 1)..<end].joined())
    else { throw .malformed("PEM block \(label)") }
    return bytes
  }
}

/// Base64 of RFC 4648, standard alphabet, padded.
public enum Base64 {
  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  /// Encodes without line breaks.
  public static func encode(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count + 2) / 3 * 4)
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      let word = group.reduce(0) { $0 << 8 | UInt32($1) } << UInt32(8 * (3 - group.count))
      for position in 0..<4 {
        text.append(
          position <= group.count ? alphabet[Int(word >> UInt32(18 - 6 * position) & 63)] : UInt8(ascii: "="))
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// Decodes; white space is skipped, anything else outside the alphabet gives `nil`.
  public static func decode(_ text: String) -> [UInt8]? {
    var bytes: [UInt8] = []
    var (word, digits, padding): (UInt32, Int, Int) = (0, 0, 0)
    for character in text.utf8 where !(character == 0x20 || (0x09...0x0D).contains(character)) {
      if character == UInt8(ascii: "=") {
        padding += 1
        continue
      }
      guard padding == 0, let value = value(of: character) else { return nil }
      word = word << 6 | UInt32(value)
      digits += 1
      if digits % 4 == 0 { bytes += [UInt8(word >> 16 & 255), UInt8(word >> 8 & 255), UInt8(word & 255)] }
    }
    switch (digits % 4, padding) {
    case (0, 0): break
    case (2, 2): bytes.append(UInt8(word >> 4 & 255))
    case (3, 1): bytes += [UInt8(word >> 10 & 255), UInt8(word >> 2 & 255)]
    default: return nil
    }
    return bytes
  }

  private static func value(of character: UInt8) -> UInt8? {
    switch character {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): character - UInt8(ascii: "A")
    case UInt8(ascii: "a")...UInt8(ascii: "z"): character - UInt8(ascii: "a") + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0") + 52
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }
}
