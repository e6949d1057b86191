import ArgumentParser
import Doctor

/// `vmyna doctor`: what is wrong with this machine's PC/SC.
struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Find out why a reader or its card does not show, and how to mend it.",
    discussion: """
      Looks only, and changes nothing. Exit code 1 when something is wrong. As root it sees more: what pcscd's sandbox \
      hides, and who holds a card.
      """)

  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    let findings = Doctor.examine()
    let isWrong = findings.contains { $0.verdict == .wrong }
    print(json ? Self.json(findings, isWrong: isWrong).text : Self.text(findings))
    if isWrong { throw ExitCode(1) }
  }

  private static func text(_ findings: [Finding]) -> String {
    let marks: [Finding.Verdict: String] = [.fine: "ok", .wrong: "WRONG", .warning: "note", .skipped: "-"]
    let lines = findings.map { finding in
      let head = padded(marks[finding.verdict] ?? "", 6) + padded(finding.check, 20)
      guard let meaning = finding.meaning else { return head + finding.subject }
      if finding.verdict == .skipped { return head + "\(meaning.japanese) / \(meaning.english)" }
      var lines = [head + finding.subject, "      \(meaning.japanese)", "      \(meaning.english)"]
      if let fix = finding.fix { lines += ["      対処: \(fix.japanese)", "      fix: \(fix.english)"] }
      return lines.joined(separator: "\n")
    }
    let wrong = findings.count { $0.verdict == .wrong }
    let notes = findings.count { $0.verdict == .warning }
    return (lines + ["doctor: \(wrong) wrong, \(notes) to note"]).joined(separator: "\n")
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.count))
  }

  private static func json(_ findings: [Finding], isWrong: Bool) -> OrderedJSON {
    func words(_ words: Words?) -> OrderedJSON {
      words.map { .object([("ja", .string($0.japanese)), ("en", .string($0.english))]) } ?? .null
    }
    return .object([
      ("ok", .bool(!isWrong)),
      (
        "findings",
        .array(
          findings.map { finding in
            .object([
              ("check", .string(finding.check)), ("verdict", .string(finding.verdict.rawValue)),
              ("subject", .string(finding.subject)), ("meaning", words(finding.meaning)), ("fix", words(finding.fix)),
            ])
          })
      ),
    ])
  }
}
