/// Something wrong with a script: what, in which line and column, and what would be right.
public struct StoryFault: Error, Sendable, Equatable {
  /// What is wrong.
  public var problem: String
  /// The line, from 1.
  public var line: Int
  /// The column, from 1, in characters.
  public var column: Int
  /// What to write instead.
  public var fix: String

  init(_ problem: String, line: Int, column: Int, fix: String) {
    self.problem = problem
    self.line = line
    self.column = column
    self.fix = fix
  }
}

/// Finds what somebody may have meant.
public enum Spelling {
  /// `did you mean 'verify'?`, or the list of what there is.
  static func advice(_ word: String, among known: [String]) -> String {
    nearest(word, among: known).map { "did you mean '\($0)'?" } ?? "use one of: " + known.joined(separator: ", ")
  }

  /// The one that was meant, if any is near enough.
  public static func nearest(_ word: String, among known: [String]) -> String? {
    let near = known.map { ($0, distance(word.lowercased(), $0.lowercased())) }.min { $0.1 < $1.1 }
    return near.flatMap { $0.1 <= max(1, min(3, word.count / 2)) ? $0.0 : nil }
  }

  /// How many letters must be put in, taken out, changed or swapped with their neighbour.
  static func distance(_ left: String, _ right: String) -> Int {
    let (left, right) = (Array(left), Array(right))
    var rows = [Array(0...right.count)]
    for i in 0..<left.count {
      var row = [i + 1]
      for j in 0..<right.count {
        var best = min(row[j] + 1, rows[i][j + 1] + 1, rows[i][j] + (left[i] == right[j] ? 0 : 1))
        if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] { best = min(best, rows[i - 1][j - 1] + 1) }
        row.append(best)
      }
      rows.append(row)
    }
    return rows[left.count][right.count]
  }
}
