import Foundation
import Testing

@testable import Desk

/// The page's own words and lists.
@Suite struct PageTests {
  static let repository = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  static let training = repository.appendingPathComponent("Training")

  /// Every text file of the page and of the lessons.
  static let texts: [String] = {
    var texts: [String] = []
    for folder in ["desk/js", "lessons", ""] {
      let base = training.appendingPathComponent(folder)
      let files = FileManager.default.enumerator(at: base, includingPropertiesForKeys: nil)
      for case let file as URL in files ?? .init() where ["js", "yaml"].contains(file.pathExtension) {
        guard file.lastPathComponent != "furigana.yaml" else { continue }
        texts.append((try? String(contentsOf: file, encoding: .utf8)) ?? "")
      }
    }
    return texts
  }()

  @Test func noReadingSaysTheNextKanaTwice() throws {
    let readings = try Readings.read(Self.training.appendingPathComponent("furigana.yaml").path)
    let words = Dictionary(grouping: readings.keys.sorted { $0.count > $1.count }) { $0.first ?? " " }
    var twice: Set<String> = []
    #expect(Self.texts.count > 50)
    for text in Self.texts {
      for line in text.split(separator: "\n") {
        var rest = line[...]
        // As furigana.js does: the longest word that begins here.
        while let first = rest.first {
          guard let word = words[first]?.first(where: { rest.hasPrefix($0) }) else {
            rest = rest.dropFirst()
            continue
          }
          rest = rest.dropFirst(word.count)
          if let end = readings[word]?.last, let next = rest.first, end == next, word.last != end {
            twice.insert("\(word)(\(readings[word] ?? ""))\(rest.prefix(2))")
          }
        }
      }
    }
    #expect(twice.sorted() == [])
  }

  @Test(arguments: [
    ("届く", "とどく"), ("届け", "とどけ"), ("番号", "ばんごう"), ("住民票", "じゅうみんひょう"), ("受理", "じゅり"),
    ("選択中", "せんたくちゅう"), ("待つ", "まつ"), ("見送る", "みおくる"),
  ])
  func readings(_ word: String, _ reading: String) throws {
    #expect(try Readings.read(Self.training.appendingPathComponent("furigana.yaml").path)[word] == reading)
  }

  @Test func theTrainersTemplateNamesCardsThatThereAre() throws {
    let script = try String(
      contentsOf: Self.training.appendingPathComponent("desk/js/trainer-lessons.js"), encoding: .utf8)
    let list = try #require(script.firstMatch(of: /const cards = \{(.*?)\};/.dotMatchesNewlines()))
    let names = list.1.matches(of: /"([a-z0-9-]+)": \[/).map { String($0.1) }
    #expect(names.count == 8)
    for name in names {
      let file = Self.repository.appendingPathComponent("CardImages/\(name).yaml").path
      #expect(FileManager.default.fileExists(atPath: file), "\(name)")
    }
    // A customer of the day has no ending that must be reached.
    #expect(!script.contains("endings:"))
  }
}
