import Coverage
import MyNumberCard

/// A report of coverage as text and as JSON.
struct CoverageText {
  let report: CoverageReport
  var isJapanese = false

  private func say(_ text: LocalizedText) -> String { isJapanese ? text.japanese : text.english }

  /// The lines, the last one with its line feed.
  var text: String {
    let cards = report.cards.isEmpty ? (isJapanese ? "なし" : "none") : report.cards.joined(separator: ", ")
    var lines = [
      isJapanese
        ? "網羅率 \(report.percent) %（\(report.all)件中\(report.met)件）、カード: \(cards)"
        : "coverage \(report.percent) % (\(report.met) of \(report.all)), cards: \(cards)"
    ]
    let width = report.groups.map(\.name.count).max() ?? 0
    for group in report.groups {
      let name = group.name.padding(to: width)
      let percent = String(group.percent).padding(to: 3, atStart: true)
      lines.append(
        isJapanese
          ? "  \(name) \(percent) %  \(group.all)件中\(group.met.count)件"
          : "  \(name) \(percent) %  \(group.met.count) of \(group.all)")
      // An application that was never spoken to is one thing that is missing, not twenty.
      if group.met.isEmpty && group.all > 1 && group.name != CoverageItem.situations {
        lines.append(isJapanese ? "      未経験: このグループのすべて" : "      never: anything of it")
        continue
      }
      for item in group.missing {
        let advice = item.advice.map { isJapanese ? "（\(say($0))）" : " (\(say($0)))" } ?? ""
        let title = item.group == CoverageItem.statusWords ? "\(item.name) \(say(item.title))" : say(item.title)
        lines.append((isJapanese ? "      未経験: " : "      never: ") + title + advice)
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// One object, on one line.
  var json: String {
    OrderedJSON.object([
      ("percent", .int(report.percent)), ("met", .int(report.met)), ("all", .int(report.all)),
      ("cards", .array(report.cards.map { .string($0) })),
      ("groups", .array(report.groups.map(Self.json))),
    ]).text
  }

  private static func json(_ group: CoverageReport.Group) -> OrderedJSON {
    .object([
      ("name", .string(group.name)), ("percent", .int(group.percent)),
      (
        "met",
        .array(group.met.map { .object([("name", .string($0.item.name)), ("count", .int($0.count))]) })
      ),
      (
        "missing",
        .array(
          group.missing.map { item in
            .object([
              ("name", .string(item.name)), ("ja", .string(item.title.japanese)), ("en", .string(item.title.english)),
              ("advice", item.advice.map { .string($0.english) } ?? .null),
            ])
          })
      ),
    ])
  }
}

extension String {
  fileprivate func padding(to width: Int, atStart: Bool = false) -> String {
    let space = String(repeating: " ", count: max(0, width - count))
    return atStart ? space + self : self + space
  }
}
