/// EF 0006 of the JPKI application: a PKCS#11 `CK_TOKEN_INFO` in 160 bytes, numbers big-endian.
/// Measured on a test card; its label tells the carrier.
public enum TokenInformation {
  /// Who carries the JPKI application.
  public enum Carrier: String, Sendable, CaseIterable {
    /// The plastic card.
    case card = "JPKIAPICCTOKEN2"
    /// The old 住民基本台帳カード.
    case residentRegisterCard = "JPKIAPICCTOKEN"
    /// An Android phone.
    case android = "JPKIAPGPSETOKEN"
    /// An iPhone.
    case iPhone = "JPKIAPIOSTOKEN"
  }

  /// The 160 bytes for a carrier.
  public static func encoded(for carrier: Carrier) -> [UInt8] {
    let unavailable = [UInt8](repeating: 0xFF, count: 16)
    return padded(carrier.rawValue, to: 32)  // label
      + padded("00000000000000000000000000000001", to: 32)  // manufacturer
      + padded("E16R01NJ", to: 16)  // model
      + padded("0000000020500003", to: 16)  // serial number
      + number(0x040D)  // random numbers, login required, user PIN and token initialised
      + number(1) + number(0)  // sessions: at most, now
      + number(1) + number(0)  // read-write sessions: at most, now
      + number(16) + number(6)  // PIN length: at most, at least
      + unavailable  // memory counters
      + padded("03", to: 2) + padded("01", to: 2)  // hardware and firmware version
      + padded(String(repeating: "9", count: 16), to: 16)  // time
  }

  private static func padded(_ text: String, to length: Int) -> [UInt8] {
    Array((Array(text.utf8) + [UInt8](repeating: UInt8(ascii: " "), count: length)).prefix(length))
  }

  private static func number(_ value: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(value >> $0 & 0xFF) }
  }
}
