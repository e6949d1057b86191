/// 鍵ID: the 16 bytes by which cards and card-verifiable certificates name a key: seven ASCII digits, `08 05`, three ASCII
/// digits of a group and four zero bytes (Docs/CardModel.md, "Key identifiers").
public struct KeyIdentifier: Sendable, Hashable {
  /// The 16 bytes.
  public let bytes: [UInt8]

  /// By number and group, both in digits. A leading 5 is production and a leading 6 the test hierarchy.
  public init(number: String, group: String = "001") throws(AuthorityError) {
    guard number.utf8.count == 7, group.utf8.count == 3,
      (number + group).utf8.allSatisfy({ (0x30...0x39).contains($0) })
    else {
      throw AuthorityError(
        "\(number)/\(group) is no key identifier", fix: "write seven digits and three, like 6000023/001")
    }
    bytes = [UInt8](number.utf8) + [0x08, 0x05] + [UInt8](group.utf8) + [0, 0, 0, 0]
  }

  /// From a card's bytes, whose digit groups must be digits.
  public init(bytes: [UInt8]) throws(AuthorityError) {
    let digits = bytes.prefix(7) + bytes.dropFirst(9).prefix(3)
    guard bytes.count == 16, bytes[7] == 0x08, bytes[8] == 0x05, digits.allSatisfy({ (0x30...0x39).contains($0) })
    else {
      throw AuthorityError(
        "a key identifier has another form", fix: "give 7 ASCII digits, 08 05, 3 ASCII digits and 4 bytes")
    }
    self.bytes = bytes
  }
}
