/// What the sign certificate says of its holder.
public struct CertifiedHolder: Sendable, Equatable {
  /// 性別 as the digit of the certificate.
  public enum Sex: String, Sendable, CaseIterable {
    /// 男
    case male = "1"
    /// 女
    case female = "2"
    /// 不明
    case unknown = "3"
    /// 適用不能
    case notApplicable = "9"
  }

  /// 氏名 and its flags.
  public let name: CertifiedText
  /// 住所 and its flags.
  public let address: CertifiedText
  /// 生年月日: the digit of the era and YYYYMMDD, zeros for what is not known.
  public let birth: String
  /// 性別
  public let sex: Sex

  /// A holder by the resident record's texts.
  public init(
    name: String, address: String, birth: String, sex: Sex, substitutes: [Character: Character] = [:]
  ) throws(AuthorityError) {
    guard birth.utf8.count == 9, birth.utf8.allSatisfy({ (0x30...0x39).contains($0) }), birth < "6" else {
      throw AuthorityError(
        "the birth date \"\(birth)\" is not an era digit and YYYYMMDD", fix: "write it like 319800217 (昭和, 1980-02-17)")
    }
    self.name = try CertifiedText(name, choices: substitutes, longest: CertifiedText.longestName)
    self.address = try CertifiedText(address, choices: substitutes, longest: CertifiedText.longestAddress)
    self.birth = birth
    self.sex = sex
  }

  /// The nine digits of a birth date: 1 明治, 2 大正, 3 昭和, 4 平成, 5 令和, 0 when it cannot be told. A part that is 0 is not
  /// known; the era is then that of the last day that it can be.
  public static func birthDigits(year: Int, month: Int, day: Int) -> String {
    let date = (year * 100 + (month == 0 ? 12 : month)) * 100 + (day == 0 ? 31 : day)
    let era =
      switch date {
      case ..<1868_01_25: 0
      case ..<1912_07_30: 1
      case ..<1926_12_25: 2
      case ..<1989_01_08: 3
      case ..<2019_05_01: 4
      default: 5
      }
    let digits = String(((10_000 + year % 10_000) * 100 + month % 100) * 100 + day % 100)
    return "\(year == 0 ? 0 : era)" + digits.dropFirst()
  }
}
