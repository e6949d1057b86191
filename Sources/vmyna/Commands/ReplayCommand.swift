import ArgumentParser
import Foundation
import Trace

/// `vmyna replay`: a recorded session again.
struct ReplayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Repeat a recorded session, and show where the answers differ.",
    discussion: """
      The session is a token that a failing 'vmyna run' has printed, or a trace ('vmyna run --trace FILE', 'vmyna trace --json'). \
      The card is minted again from its name, seed and date. No trace holds a PIN: a command that had the right one is \
      sent with the card's own, one that had a wrong one with another wrong one of the same length.
      """)

  @Argument(help: ArgumentHelp("A token, or a file of JSON lines.", valueName: "token-or-trace"))
  var session: String

  @Option(help: ArgumentHelp("Use this card instead of the recorded one.", valueName: "card"))
  var card: String?

  @Option(help: ArgumentHelp("Say what each differing exchange means: ja or en.", valueName: "language"))
  var explain: ExplanationLanguage?

  /// So many differences are shown.
  private static let mostDifferences = 20

  func run() throws {
    var replayer = Replayer(card: card)
    let outcome = try replayer.replay(try load())
    for warning in outcome.warnings { Self.note(warning) }
    if outcome.skipped > 0 {
      Self.note("\(outcome.skipped) commands are left out: what was masked in them cannot be known again")
    }
    for difference in outcome.differences.prefix(Self.mostDifferences) { print(text(difference)) }
    let count = outcome.differences.count
    if count > Self.mostDifferences { print("… and \(count - Self.mostDifferences) more") }
    guard count == 0 else {
      print("\(outcome.exchanges) exchanges, \(count) with another answer")
      throw ExitCode(1)
    }
    print("\(outcome.exchanges) exchanges, the same answers")
  }

  private func load() throws -> TraceSession {
    if session.hasPrefix("vmyna") && !FileManager.default.fileExists(atPath: session) {
      do throws(TraceToken.Fault) {
        return try TraceToken.decode(session)
      } catch {
        switch error {
        case .damaged:
          throw UserError(
            "the token is damaged", at: "\(session.prefix(16))…",
            fix: "copy the whole line that 'vmyna run' printed, from \(TraceToken.prefix) to its end", exitCode: 1)
        case .unknownVersion:
          throw UserError(
            "this token is of another version", at: "\(session.prefix(16))…",
            fix: "use the vmyna that printed it, or a newer one", exitCode: 1)
        }
      }
    }
    let (events, isCutOff) = try TraceFile.read(session)
    if isCutOff { Self.note("the last line is cut off; the \(events.count) before it are repeated") }
    return TraceSession(events, keepsCommands: true)
  }

  private func text(_ difference: Replayer.Difference) -> String {
    guard case .exchange(let exchange) = difference.event.kind else { return "" }
    let answer = TraceSession.Answer(exchange)
    let isOtherData = answer.words == difference.recorded.words
    var lines = [
      "exchange \(difference.number)  \(exchange.application)\(exchange.file.map { "/\($0)" } ?? "")",
      "  > \(exchange.command)", "- \(difference.recorded.words)",
      "+ \(answer.words)\(isOtherData ? ", other data" : "")",
    ]
    if let explain {
      let sentence = Explanation.of(difference.event)
      lines.append("    " + (explain == .ja ? sentence.japanese : sentence.english))
    }
    return lines.joined(separator: "\n")
  }

  private static func note(_ text: String) {
    try? FileHandle.standardError.write(contentsOf: Data("vmyna: \(text)\n".utf8))
  }
}
