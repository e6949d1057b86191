/// `Docs/CardModel.md`, its tables cut into cells.
public struct ModelDocument: Sendable {
  /// One table.
  public struct Table: Sendable {
    /// The heading above it, `jpki`, `Our choices`.
    public let heading: String
    /// The names of its columns.
    public let columns: [String]
    /// Its rows, in order.
    public let rows: [Row]
  }

  /// One row of a table.
  public struct Row: Sendable {
    /// Its line in the document, from 1.
    public let line: Int
    /// The cells by column; a row that does not fit its table has a cell `fault`.
    public let cells: [String: String]

    /// The cell of a column; empty when there is none.
    public subscript(_ column: String) -> String { cells[column] ?? "" }
  }

  /// All tables, in order.
  public let tables: [Table]

  /// Reads the tables of a text in Markdown.
  public init(_ text: String) {
    var tables: [Table] = []
    var heading = ""
    var columns: [String] = []
    var rows: [Row] = []
    func close() {
      if !columns.isEmpty { tables.append(Table(heading: heading, columns: columns, rows: rows)) }
      columns = []
      rows = []
    }
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      guard line.hasPrefix("|") else {
        close()
        if line.hasPrefix("#") { heading = Self.trimmed(line.drop { $0 == "#" }) }
        continue
      }
      let cells = line.dropFirst().dropLast(line.hasSuffix("|") ? 1 : 0).split(
        separator: "|", omittingEmptySubsequences: false
      ).map { Self.plain(Self.trimmed($0)) }
      if columns.isEmpty {
        columns = cells
      } else if !cells.allSatisfy({ $0.allSatisfy { $0 == "-" } && !$0.isEmpty }) {
        let pairs = zip(columns, cells).map { ($0, $1) }
        var row = Dictionary(pairs, uniquingKeysWith: { first, _ in first })
        if cells.count != columns.count { row["fault"] = "\(cells.count) cells in a table of \(columns.count)" }
        rows.append(Row(line: index + 1, cells: row))
      }
    }
    close()
    self.tables = tables
  }

  private static func trimmed(_ text: some StringProtocol) -> String {
    let start = text.drop { $0.isWhitespace }
    guard let end = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
    return String(start[...end])
  }

  /// A cell that is one piece of code loses its marks.
  private static func plain(_ cell: String) -> String {
    guard cell.count > 1, cell.hasPrefix("`"), cell.hasSuffix("`"), !cell.dropFirst().dropLast().contains("`") else {
      return cell
    }
    return String(cell.dropFirst().dropLast())
  }

  /// The table under a heading that begins with these columns.
  public func table(_ heading: String, _ columns: String...) -> Table? {
    tables.first { $0.heading == heading && $0.columns.starts(with: columns) }
  }

  /// Every row with a story.
  public var stories: [ModelRow] {
    tables.filter { $0.columns.starts(with: ["id", "story"]) }.flatMap { table in
      table.rows.map { row in
        ModelRow(id: row["id"], story: row["story"], from: row)
      }
    }
  }
}

/// A row with a story.
public struct ModelRow: Sendable, CustomStringConvertible {
  /// Its name, `VER-18`.
  public let id: String
  /// The story, in the notation of the document.
  public let story: String
  /// How sure it is: `measured`, `clients`, `inferred`, `choice NAME`.
  public let mark: String
  /// Where it comes from.
  public let source: String
  /// What is wrong with the row itself; usually nothing.
  public let fault: String
  /// Its line in the document.
  public let line: Int

  /// A story that a row of a table tells.
  public init(id: String, story: String, from row: ModelDocument.Row) {
    self.id = id
    self.story = story
    (mark, source, fault, line) = (row["mark"], row["source"], row["fault"], row.line)
  }

  /// The name and the story.
  public var description: String { "\(id) \(story)" }
}
