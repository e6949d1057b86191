import Foundation
import ISO7816
import Trace

/// The language of explanations.
enum ExplanationLanguage: String, CaseIterable {
  case ja, en

  /// What the user's environment asks for; English where it says nothing.
  static var preferred: ExplanationLanguage {
    let environment = ProcessInfo.processInfo.environment
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
    return locale.hasPrefix("ja") ? .ja : .en
  }
}

/// Events of a trace as lines for people.
struct TraceText {
  /// `nil` for bytes without explanation.
  var language: ExplanationLanguage?
  /// So many bytes of data are shown; the rest is counted.
  var mostBytes = 40

  /// The lines of an event, without the last line feed.
  func lines(_ event: TraceEvent) -> String {
    let head = "\(Self.padded(event.sequence)) \(Self.clock(event.time)) \(event.slot)"
    guard case .exchange(let exchange) = event.kind else {
      let sentence = Explanation.of(event)
      return "\(head)  \(language == .ja ? sentence.japanese : sentence.english)"
    }
    let place = exchange.application.rawValue + (exchange.file.map { "/\($0)" } ?? "")
    var text = "\(head)  \(place)  \(exchange.microseconds) µs\n  > \(hex(exchange.command, tail: 0))\n  < "
    text += exchange.response.bytes.isEmpty ? "(no answer)" : hex(exchange.response, tail: 2)
    guard let language else { return text }
    let sentence = Explanation.of(event)
    return text + "\n    " + (language == .ja ? sentence.japanese : sentence.english)
  }

  /// Hexadecimal digits; the last `tail` bytes are always there.
  private func hex(_ bytes: TraceBytes, tail: Int) -> String {
    let text = bytes.bytes.map { $0.map { [$0].hexString } ?? TraceBytes.mask }
    let body = text.dropLast(tail)
    let end = text.suffix(tail).joined()
    let shown = body.prefix(mostBytes).joined() + (body.count > mostBytes ? "… (\(body.count) bytes)" : "")
    return shown.isEmpty || end.isEmpty ? shown + end : shown + " " + end
  }

  private static func padded(_ number: Int) -> String {
    let text = "\(number)"
    return String(repeating: " ", count: max(0, 5 - text.count)) + text
  }

  /// The time of day in Japan, with milliseconds.
  private static func clock(_ milliseconds: Int64) -> String {
    let day = (milliseconds &+ 32_400_000) % 86_400_000
    func digits(_ value: Int64, _ count: Int) -> String {
      let text = "\(value)"
      return String(repeating: "0", count: max(0, count - text.count)) + text
    }
    return digits(day / 3_600_000, 2) + ":" + digits(day / 60_000 % 60, 2) + ":" + digits(day / 1000 % 60, 2) + "."
      + digits(day % 1000, 3)
  }
}
