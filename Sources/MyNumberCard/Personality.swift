import ISO7816

/// How a card presents itself to the reader: its answer to reset and its interface.
public struct Personality: Sendable, Hashable {
  /// The key in the card model's table of answers to reset: `A1`.
  public let name: String
  /// The answer to reset.
  public let answerToReset: AnswerToReset
  /// How the card meets the reader.
  public let interface: Interface

  /// How a card meets the reader.
  public enum Interface: Sendable, Hashable {
    /// Through its contacts.
    case contact
    /// Through the field, ISO/IEC 14443 Type B.
    case contactless
  }

  /// The personalities. Facts: `Docs/CardModel.md`, "Answers to reset".
  private static let table: [(name: String, atr: String, interface: Interface)] = [
    ("A1", "3BDA13FF8131FB468012392F31C173C601C03B", .contact),
    ("A2", "3BC5FF8131FB458073C6010000", .contact),
    ("A3", "3BE000FF8131FE4514", .contact),
    ("N1", "3B888001004B51FFB381D1000F", .contactless),
    ("N2", "3B888001004B51FF0081D100BC", .contactless),
    ("N3", "3B888001000041E0B381A1003B", .contactless),
    ("N4", "3B888001000005E0B381A1007F", .contactless),
    ("O1", "3BF59100FF918171FE400042000100D1D6", .contactless),
    ("O2", "3BF59100FF918171FE4000420001B3A115", .contactless),
  ]

  /// Every personality.
  public static let all: [Personality] = table.compactMap { row in
    guard let bytes = [UInt8](hex: row.atr), let atr = try? AnswerToReset(bytes) else { return nil }
    return Personality(name: row.name, answerToReset: atr, interface: row.interface)
  }

  /// The personality of this name.
  public static func named(_ name: String) -> Personality? { all.first { $0.name == name } }

  /// The name of the default: the newest contact answer to reset with reports (our choice).
  public static let defaultName = "A1"
}
