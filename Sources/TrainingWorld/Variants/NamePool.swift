import CounterTraining

/// Invented names and addresses for other seeds. The same text of a lesson becomes the same other text everywhere, so that a
/// family keeps its name and a namesake stays one.
struct NamePool {
  private var random: SeededChoice
  private var families: [String: String] = [:]
  private var given: [String: String] = [:]
  private var addresses: [String: String] = [:]

  private static let space: Character = "\u{3000}"
  private static let familyNames = [
    "見本", "架空", "例示", "仮名", "練習", "模擬", "試験", "想定", "空想", "仮想", "手本", "演習", "仮野", "例沢", "試山", "練川",
  ]
  private static let women = ["花子", "美咲", "陽子", "恵", "結衣", "さくら", "直美", "真理", "桜", "由美", "香織", "千春", "春香", "幸子"]
  private static let men = ["太郎", "一郎", "拓也", "健", "誠", "大輔", "翔", "直樹", "守", "隆", "修", "亮", "剛", "正"]
  private static let latinFamilies = ["EXAMPLE", "SAMPLE", "MODEL", "SPECIMEN", "PATTERN", "TRIAL"]
  private static let latinGiven = ["ALEX", "ROBIN", "KIM", "SASHA", "NOOR", "JULES", "MIKA", "TONI"]

  init(random: SeededChoice) { self.random = random }

  mutating func name(_ name: String, isWoman: Bool) -> String {
    let isLatin = name.unicodeScalars.contains { (0x41...0x7A).contains($0.value) }
    let separator: Character = name.contains(Self.space) ? Self.space : " "
    let parts = name.split(separator: separator).map(String.init)
    guard let family = parts.first, parts.count > 1 else { return name }
    let newFamily = self.family(family, isLatin: isLatin)
    let rest = parts.dropFirst().joined(separator: String(separator))
    let pool = isLatin ? Self.latinGiven : isWoman ? Self.women : Self.men
    if given[rest] == nil {
      let free = pool.filter { !given.values.contains($0) }
      given[rest] = random.one(of: free.isEmpty ? pool : free) ?? rest
    }
    return newFamily + String(separator) + (given[rest] ?? rest)
  }

  /// Another family name; two different ones stay different.
  mutating func family(_ family: String, isLatin: Bool) -> String {
    if let known = families[family] { return known }
    let pool = isLatin ? Self.latinFamilies : Self.familyNames
    let free = pool.filter { !families.values.contains($0) }
    let chosen = random.one(of: free.isEmpty ? pool : free) ?? family
    families[family] = chosen
    return chosen
  }

  /// Another given name of nobody yet.
  mutating func freshGiven(isWoman: Bool) -> String {
    let pool = (isWoman ? Self.women : Self.men).filter { !given.values.contains($0) && !given.keys.contains($0) }
    return random.one(of: pool) ?? (isWoman ? "花子" : "太郎")
  }

  /// The same place, other numbers of the block and the house.
  mutating func address(_ address: String) -> String {
    if let known = addresses[address] { return known }
    var result = ""
    for character in address {
      guard let value = character.wholeNumberValue, (0...9).contains(value) else {
        result.append(character)
        continue
      }
      let isFullWidth = character.unicodeScalars.first.map { $0.value >= 0xFF10 } ?? false
      let digit = random.number(in: 1...9)
      let scalar = UnicodeScalar(UInt32(digit) + (isFullWidth ? 0xFF10 : 0x30))
      result.append(scalar.map(Character.init) ?? character)
    }
    addresses[address] = result
    return result
  }
}
