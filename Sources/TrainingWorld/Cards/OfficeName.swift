import CardRules
import Personalization

/// The name of the office of a registered address: 千種区役所, Chikusa ward office.
enum OfficeName {
  static func office(of person: Resident.Holder) -> BilingualText {
    BilingualText(ja: japanese(person.address), en: english(person.municipality.name))
  }

  /// The part of the address that names the municipality: behind the prefecture, up to the ward, city, town or village.
  private static func japanese(_ address: String) -> String {
    var rest = address[...]
    if let end = rest.prefix(5).firstIndex(where: { "都道府県".contains($0) }) { rest = rest[rest.index(after: end)...] }
    if let city = rest.prefix(8).firstIndex(of: "市") {
      let behind = rest[rest.index(after: city)...]
      if let ward = behind.prefix(5).firstIndex(of: "区") { return behind[...ward] + "役所" }
      return rest[...city] + "役所"
    }
    if let ward = rest.prefix(6).firstIndex(of: "区") { return rest[...ward] + "役所" }
    if let town = rest.prefix(10).lastIndex(where: { "町村".contains($0) }) { return rest[...town] + "役場" }
    return "住所地の役所"
  }

  /// `Nagoya-shi Chikusa-ku` is Chikusa ward office.
  private static func english(_ name: String) -> String {
    guard let last = name.split(separator: " ").last else { return "the office" }
    let parts = last.split(separator: "-")
    guard parts.count > 1, let place = parts.first, let kind = parts.last else { return "\(last) office" }
    let word = kind == "ku" ? "ward" : kind == "shi" ? "city" : kind == "son" || kind == "mura" ? "village" : "town"
    return "\(place) \(word) office"
  }
}
