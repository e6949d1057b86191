import CardKernel
import ISO7816
import MyNumberCard
import Trace

/// Everything that the cards of a run could have shown. `Docs/Coverage.md` has the table in words.
///
/// | group          | items                                                                           |
/// |----------------|---------------------------------------------------------------------------------|
/// | an application | selected; each file read; each key used; each PIN asked, right, wrong, locked, changed |
/// | commands       | the instructions that a holder's program can use                                |
/// | status words   | those that such a program can run into                                          |
/// | situations     | ``Situation``                                                                   |
///
/// Files of which only the existence is known, and the issuer's instructions, are nobody's business and not counted.
public enum CoverageCatalogue {
  /// The items of cards of these generations, in the order of the cards' tables.
  public static func items(of generations: [CardGeneration]) -> [CoverageItem] {
    var seen: Set<ApplicationName> = []
    let applications = generations.flatMap(\.applications).filter { seen.insert($0.name).inserted }
    return applications.flatMap(items(of:)) + commands + statusWords + Situation.allCases.map(\.item)
  }

  private static func items(of application: ApplicationDefinition) -> [CoverageItem] {
    let group = application.name.rawValue
    let title = application.title
    var items: [CoverageItem] = []
    if application.isCardManager {
      items.append(CoverageItem(group, ItemName.dataObject, "データオブジェクトを読む", "a data object read"))
    } else {
      items.append(
        CoverageItem(group, ItemName.selected, "\(title.japanese)を選択", "\(title.english) selected"))
    }
    return items + application.files.flatMap { Self.items(of: $0, in: application.name) }
  }

  private static func items(of file: FileDefinition, in application: ApplicationName) -> [CoverageItem] {
    let path = FilePath(application, file.id)
    func item(_ deed: FileDeed, _ japanese: String, _ english: String) -> CoverageItem {
      CoverageItem(
        application.rawValue, ItemName.of(path, deed), "\(file.name.japanese)（\(file.id)）: \(japanese)",
        "\(file.name.english) (\(file.id)): \(english)")
    }
    switch file.kind {
    case .transparent, .records:
      // A file that nobody can ever read is known by its existence alone.
      return file.readRule == .never ? [] : [item(.read, "読む", "read")]
    case .key: return [item(.used, "使う", "used")]
    case .pin(_, _, let changedBy):
      let deeds = [
        item(.asked, "残り回数を聞く", "tries left asked for"), item(.right, "正しい照合", "right"),
        item(.wrong, "誤った照合", "wrong"), item(.locked, "ロック", "locked"),
      ]
      return changedBy == .nothing ? deeds : deeds + [item(.changed, "変更", "changed")]
    case .unknownPIN, .terminalAuthority, .unknownInternal: return []
    }
  }

  /// Class and instruction of what a holder's program can use.
  private static let instructions: [(cla: UInt8, ins: UInt8)] = [
    (0x00, 0xA4), (0x00, 0x20), (0x00, 0xB0), (0x00, 0xB2), (0x80, 0x2A), (0x00, 0x24), (0x80, 0x32), (0x00, 0xCA),
    (0x00, 0x84), (0x00, 0x88), (0x80, 0xAE),
  ]

  private static let commands = instructions.compactMap { cla, ins in
    Explanation.instruction(cla: cla, ins: ins).map {
      CoverageItem(CoverageItem.commands, $0, LocalizedText(japanese: $0, english: $0))
    }
  }

  /// What a holder's program runs into. 63Cx counts as one word; how many tries were left is told by PINs and situations.
  private static let words: [StatusWord] = [
    .success, .wrongLength, .incompatibleFileStructure, .securityStatusNotSatisfied, .referencedKeyBlocked,
    .conditionsOfUseNotSatisfied, .noCurrentFile, .incorrectData, .fileNotFound, .recordNotFound, .incorrectParameters,
    .referencedDataNotFound, .wrongOffset, .instructionNotSupported, .classNotSupported,
  ]

  private static let statusWords =
    words.map { CoverageItem(CoverageItem.statusWords, $0.description, Explanation.sentence(for: $0)) } + [
      CoverageItem(CoverageItem.statusWords, ItemName.triesLeft, "残り回数", "tries left")
    ]
}

/// What can be done with a file.
enum FileDeed: String {
  case read, used, asked, right, wrong, locked, changed
}

/// How items are called in records.
enum ItemName {
  static let selected = "selected"
  static let dataObject = "dataObject"
  static let triesLeft = "63Cx"

  static func of(_ path: FilePath, _ deed: FileDeed) -> String { "\(path) \(deed.rawValue)" }

  static func of(_ status: StatusWord) -> String { status.triesLeft == nil ? status.description : triesLeft }
}
