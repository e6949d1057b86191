import CardRules
import ISO7816
import MyNumberCard

/// EF 0002 of the text application: 基本4情報.
///
/// ```
/// FF20 LL          one length byte below 128, else 82 hh ll
///   DF21 08        offsets to the four objects
///   DF22 LL        name, UTF-8, U+3000 between family and given name
///   DF23 LL        address, UTF-8
///   DF24 08        birth date, YYYYMMDD
///   DF25 01        sex: 1, 2, 9 or 0
/// ```
struct AttributesRecord {
  /// The whole record without filler.
  let encoded: [UInt8]
  /// What the integrity record hashes: the four objects without the table (measured).
  let hashed: [UInt8]

  /// The record must stay below the size of its file, so that at least one byte of filler ends it.
  static let longest = TextInputApplication.attributesSize - 1

  /// The record.
  /// - Throws: when name and address do not fit together, with the number of bytes to save.
  init(name: String, address: String, birth: String, sex: String) throws(ContentFault) {
    let objects = [
      BERTLV(tag: 0xDF22, value: Array(name.utf8)),
      BERTLV(tag: 0xDF23, value: Array(address.utf8)),
      BERTLV(tag: 0xDF24, value: Array(birth.utf8)),
      BERTLV(tag: 0xDF25, value: Array(sex.utf8)),
    ]
    hashed = objects.flatMap(\.encoded)
    let record = OffsetTable.record(tag: 0xFF20, objects: objects)
    guard let record, record.count <= Self.longest else {
      // The longer of the two is the one to shorten.
      let key = name.utf8.count > address.utf8.count ? "name" : "address"
      let excess = hashed.count + Self.longestOverhead - Self.longest
      throw ContentFault(
        "name and address are \(name.utf8.count + address.utf8.count) bytes long in UTF-8, too long for the card's text file",
        key: key, fix: "shorten the \(key) by \((excess + 2) / 3) characters; three bytes are one character of Japanese"
      )
    }
    encoded = record
  }

  /// Header with an 82 length, table header and table.
  private static let longestOverhead = 5 + 3 + 8

  /// What does not fit, without making the record; `nil` when all does.
  static func fault(name: String, address: String) -> ContentFault? {
    do throws(ContentFault) {
      _ = try AttributesRecord(name: name, address: address, birth: "00000000", sex: "0")
      return nil
    } catch {
      return error
    }
  }
}
