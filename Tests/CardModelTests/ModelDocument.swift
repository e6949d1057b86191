import Foundation
import Testing

/// `Docs/CardModel.md`, its tables cut into cells.
struct ModelDocument {
  struct Table {
    /// The heading above it, `jpki`, `Our choices`.
    let heading: String
    let columns: [String]
    let rows: [Row]
  }

  struct Row {
    let line: Int
    let cells: [String: String]

    subscript(_ column: String) -> String { cells[column] ?? "" }
  }

  let tables: [Table]

  static let path = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Docs/CardModel.md")

  static let shared = Result { ModelDocument(try String(contentsOf: path, encoding: .utf8)) }

  init(_ text: String) {
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
        if line.hasPrefix("#") {
          heading = String(line.drop { $0 == "#" }).trimmingCharacters(in: .whitespaces)
        }
        continue
      }
      let cells = line.dropFirst().dropLast(line.hasSuffix("|") ? 1 : 0).split(
        separator: "|", omittingEmptySubsequences: false
      ).map { Self.plain($0.trimmingCharacters(in: .whitespaces)) }
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

  /// A cell that is one piece of code loses its marks.
  private static func plain(_ cell: String) -> String {
    guard cell.count > 1, cell.hasPrefix("`"), cell.hasSuffix("`"), !cell.dropFirst().dropLast().contains("`") else {
      return cell
    }
    return String(cell.dropFirst().dropLast())
  }

  /// The table under a heading that begins with these columns.
  func table(_ heading: String, _ columns: String...) -> Table? {
    tables.first { $0.heading == heading && $0.columns.starts(with: columns) }
  }

  /// Every row with a story.
  var stories: [StoryRow] {
    tables.filter { $0.columns.starts(with: ["id", "story"]) }.flatMap { table in
      table.rows.map { row in
        StoryRow(
          id: row["id"], story: row["story"], mark: row["mark"], source: row["source"], fault: row["fault"],
          line: row.line)
      }
    }
  }
}

struct StoryRow: Sendable, CustomTestStringConvertible {
  let id: String
  let story: String
  let mark: String
  let source: String
  let fault: String
  let line: Int
  var testDescription: String { "\(id) \(story)" }
}
