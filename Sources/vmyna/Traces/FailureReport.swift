import CardService
import Foundation
import Trace

/// What a failing `vmyna run` says: the last exchanges, explained, and how to have them again.
struct FailureReport {
  let recorder: TraceRecorder

  /// So many exchanges are shown.
  private static let mostExchanges = 8

  /// The report; `nil` when the command never spoke to a card.
  var text: String? {
    let events = recorder.recent()
    let exchanges = events.filter { event in
      if case .exchange = event.kind { return true }
      return false
    }
    guard let first = exchanges.suffix(Self.mostExchanges).first else { return nil }
    let painter = TraceText(language: .preferred)
    let last = events.drop { $0.sequence != first.sequence }
    var lines = ["vmyna: the last exchanges of \(exchanges.count)"]
    lines += last.map { painter.lines($0.masked) }
    if events.first?.sequence == 1, let token = TraceToken.encode(TraceSession(events)) {
      lines.append("vmyna: the same session again, on any machine:\n  vmyna replay \(token)")
    } else {
      lines.append("vmyna: the session is too long for one line; run again with --trace FILE, then 'vmyna replay FILE'")
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
