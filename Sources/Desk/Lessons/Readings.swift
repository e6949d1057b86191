import Foundation

/// Words and how they are read: `Training/furigana.yaml`, one `word: reading` a line.
public enum Readings {
  /// Reads the file.
  public static func read(_ path: String) throws(DeskFault) -> [String: String] {
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
      throw DeskFault(
        "the list of readings cannot be read", at: path,
        fix: "install vmyna again, or name the folder Training with --lessons")
    }
    var readings: [String: String] = [:]
    for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let line = line.trimmingCharacters(in: .whitespaces)
      if line.isEmpty || line.hasPrefix("#") { continue }
      let parts = line.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
      guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
        throw DeskFault("this is no word with its reading", at: "\(path):\(number + 1)", fix: "write 'word: reading'")
      }
      readings[parts[0]] = parts[1]
    }
    return readings
  }
}
