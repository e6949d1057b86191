/// A municipality as certificates name it: code and romanised names.
public struct Municipality: Sendable, Hashable, Codable {
  /// Five digits (全国地方公共団体コード without its check digit).
  public let code: String
  /// The prefecture, romanised: `Aichi-ken`.
  public let prefecture: String
  /// The municipality, romanised; the ward of a designated city after its city: `Nagoya-shi Naka-ku`. How the real
  /// certificates write wards is not known; this is our pick.
  public let name: String

  /// A municipality, checked for what a certificate can carry.
  public init(code: String, prefecture: String, name: String) throws(AuthorityError) {
    guard code.utf8.count == 5, code.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
      throw AuthorityError("municipality code \"\(code)\" is not five digits", fix: "write it like 23106")
    }
    for text in [prefecture, name]
    where !(1...64).contains(text.utf8.count) || !text.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) {
      throw AuthorityError(
        "\"\(text)\" cannot stand in a certificate as the name of a place",
        fix: "romanise it in 1 to 64 ASCII characters, like Aichi-ken or Kiyose-shi")
    }
    self.init(unchecked: code, prefecture, name)
  }

  private init(unchecked code: String, _ prefecture: String, _ name: String) {
    self.code = code
    self.prefecture = prefecture
    self.name = name
  }

  /// The municipality of a code, when the table below has it; a resident file names others itself.
  public init(code: String) throws(AuthorityError) {
    guard let row = Self.table.first(where: { $0.code == code }) else {
      throw AuthorityError(
        "municipality \(code) is not in the table",
        fix: "give its romanised prefecture and name too (see Sources/Authority/Holders/Municipality.swift)")
    }
    self = row
  }

  /// The table: edit freely. Romanisation is ours.
  public static let table: [Municipality] =
    [
      ("23101", "Chikusa-ku"), ("23102", "Higashi-ku"), ("23103", "Kita-ku"), ("23104", "Nishi-ku"),
      ("23105", "Nakamura-ku"), ("23106", "Naka-ku"), ("23107", "Showa-ku"), ("23108", "Mizuho-ku"),
      ("23109", "Atsuta-ku"), ("23110", "Nakagawa-ku"), ("23111", "Minato-ku"), ("23112", "Minami-ku"),
      ("23113", "Moriyama-ku"), ("23114", "Midori-ku"), ("23115", "Meito-ku"), ("23116", "Tempaku-ku"),
    ].map { Municipality(unchecked: $0.0, "Aichi-ken", "Nagoya-shi \($0.1)") }
    + [
      Municipality(unchecked: "01101", "Hokkaido", "Sapporo-shi Chuo-ku"),
      Municipality(unchecked: "04101", "Miyagi-ken", "Sendai-shi Aoba-ku"),
      Municipality(unchecked: "13101", "Tokyo-to", "Chiyoda-ku"),
      Municipality(unchecked: "13104", "Tokyo-to", "Shinjuku-ku"),
      Municipality(unchecked: "13221", "Tokyo-to", "Kiyose-shi"),
      Municipality(unchecked: "14100", "Kanagawa-ken", "Yokohama-shi"),
      Municipality(unchecked: "14104", "Kanagawa-ken", "Yokohama-shi Naka-ku"),
      Municipality(unchecked: "20202", "Nagano-ken", "Matsumoto-shi"),
      Municipality(unchecked: "23201", "Aichi-ken", "Toyohashi-shi"),
      Municipality(unchecked: "23202", "Aichi-ken", "Okazaki-shi"),
      Municipality(unchecked: "23203", "Aichi-ken", "Ichinomiya-shi"),
      Municipality(unchecked: "26104", "Kyoto-fu", "Kyoto-shi Nakagyo-ku"),
      Municipality(unchecked: "27127", "Osaka-fu", "Osaka-shi Kita-ku"),
      Municipality(unchecked: "28110", "Hyogo-ken", "Kobe-shi Chuo-ku"),
      Municipality(unchecked: "40133", "Fukuoka-ken", "Fukuoka-shi Chuo-ku"),
      Municipality(unchecked: "47201", "Okinawa-ken", "Naha-shi"),
    ]
}
