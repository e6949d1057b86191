import MyNumberCard

/// What a record comes to: each group with what was met and what never.
public struct CoverageReport: Sendable {
  /// The names of the cards.
  public let cards: [String]
  /// The groups, in the order of the cards' tables.
  public let groups: [Group]

  /// An application, the commands, the status words or the situations.
  public struct Group: Sendable {
    /// Its name, by which a threshold can mean it.
    public let name: String
    /// What was met, and how often.
    public let met: [(item: CoverageItem, count: Int)]
    /// What was never met.
    public let missing: [CoverageItem]

    /// How many there are.
    public var all: Int { met.count + missing.count }
    /// How many hundredths were met, rounded down: 100 is all.
    public var percent: Int { CoverageReport.percent(met.count, of: all) }
  }

  /// The report of a record.
  public init(_ record: CoverageRecord) {
    cards = record.cards.keys.sorted()
    var generations = Set(record.cards.values).sorted().compactMap { CardGeneration.named($0) }
    if generations.isEmpty { generations = [.plastic] }
    var order: [String] = []
    var items: [String: [CoverageItem]] = [:]
    for item in CoverageCatalogue.items(of: generations) {
      if items[item.group] == nil { order.append(item.group) }
      items[item.group, default: []].append(item)
    }
    groups = order.map { name in
      let all = items[name] ?? []
      return Group(
        name: name,
        met: all.compactMap { item in record.met[item.key].map { (item, $0) } },
        missing: all.filter { record.met[$0.key] == nil })
    }
  }

  /// How many items were met.
  public var met: Int { groups.reduce(0) { $0 + $1.met.count } }
  /// How many there are.
  public var all: Int { groups.reduce(0) { $0 + $1.all } }
  /// How many hundredths of all were met, rounded down.
  public var percent: Int { Self.percent(met, of: all) }

  static func percent(_ count: Int, of all: Int) -> Int { all == 0 ? 100 : count * 100 / all }
}

/// What a report must at least come to.
public struct CoverageThreshold: Sendable, Hashable {
  /// The group; `nil` for all together.
  public let group: String?
  /// Hundredths.
  public let percent: Int

  /// `50`, or `jpki=80`; `nil` for anything else.
  public init?(_ text: String) {
    let parts = text.split(separator: "=", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), let percent = Int(parts[parts.count - 1]), (0...100).contains(percent) else {
      return nil
    }
    group = parts.count == 2 ? String(parts[0]) : nil
    self.percent = percent
  }

  /// What the report comes to there; `nil` when it has no such group.
  public func reached(in report: CoverageReport) -> Int? {
    guard let group else { return report.percent }
    return report.groups.first { $0.name == group }?.percent
  }
}
