import CardKernel
import ISO7816
import MyNumberCard
import Trace

/// What programs have met, how often, and on which cards: what is kept between runs.
public struct CoverageRecord: Sendable, Hashable, Codable {
  /// The version of the form that this release writes. Every older one loads.
  public static let format = 1

  /// The version of the form.
  public private(set) var format = CoverageRecord.format
  /// The cards, by name, with the name of the generation of each.
  public private(set) var cards: [String: String] = [:]
  /// How often each item was met, by ``CoverageItem/key``.
  public private(set) var met: [String: Int] = [:]

  /// Nothing.
  public init() {}

  /// Adds what another record has.
  public mutating func merge(_ other: CoverageRecord) {
    cards.merge(other.cards) { mine, _ in mine }
    met.merge(other.met) { mine, theirs in mine.addingReportingOverflow(theirs).partialValue }
  }

  mutating func add(_ card: CoverageCard) { cards[card.name] = card.generation }

  mutating func meet(_ group: String, _ name: String) { met["\(group) \(name)", default: 0] += 1 }

  mutating func meet(_ situation: Situation) { meet(CoverageItem.situations, situation.rawValue) }

  mutating func meet(_ deed: FileDeed, _ path: FilePath?) {
    guard let path else { return }
    meet(path.application.rawValue, ItemName.of(path, deed))
  }

  mutating func meet(_ status: StatusWord) { meet(CoverageItem.statusWords, ItemName.of(status)) }

  mutating func meetInstruction(of apdu: CommandAPDU) {
    guard let name = Explanation.instruction(cla: apdu.cla, ins: apdu.ins) else { return }
    meet(CoverageItem.commands, name)
  }
}
