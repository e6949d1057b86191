/// EF 0001 of the text application: `FF 10 0C`, the twelve digits, `FF FF`. Seventeen bytes, all of which the integrity
/// record hashes (measured).
enum MyNumberFile {
  static func encoded(_ number: String) -> [UInt8] { [0xFF, 0x10, 0x0C] + Array(number.utf8) + [0xFF, 0xFF] }
}
