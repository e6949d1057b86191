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
    var text: [UInt8] = []
    write(event, to: &text)
    return String(decoding: text, as: UTF8.self)
  }

  /// Writes the lines of an event, without the last line feed. By hand, because `vmyna trace --follow` must keep up with a
  /// fast program and leave it the processor.
  func write(_ event: TraceEvent, to text: inout [UInt8]) {
    func put(_ part: String) { text.append(contentsOf: part.utf8) }
    let number = String(event.sequence)
    for _ in 0..<max(0, 5 - number.utf8.count) { text.append(Self.space) }
    put(number)
    text.append(Self.space)
    Self.writeClock(event.time, to: &text)
    text.append(Self.space)
    put(String(event.slot))
    put("  ")
    guard case .exchange(let exchange) = event.kind else {
      let sentence = Explanation.of(event)
      return put(language == .ja ? sentence.japanese : sentence.english)
    }
    put(exchange.application.rawValue)
    if let file = exchange.file {
      put("/")
      put(file.description)
    }
    put("  ")
    put(String(exchange.microseconds))
    put(" µs\n  > ")
    writeHex(exchange.command, tail: 0, to: &text)
    put("\n  < ")
    if exchange.response.count == 0 {
      put("(no answer)")
    } else {
      writeHex(exchange.response, tail: 2, to: &text)
    }
    guard let language else { return }
    let sentence = Explanation.of(event)
    put("\n    ")
    put(language == .ja ? sentence.japanese : sentence.english)
  }

  /// Hexadecimal digits; the last `tail` bytes are always there.
  private func writeHex(_ bytes: TraceBytes, tail: Int, to text: inout [UInt8]) {
    let body = max(0, bytes.count - tail)
    bytes.write(0..<min(body, mostBytes), to: &text)
    if body > mostBytes { text.append(contentsOf: "… (\(body) bytes)".utf8) }
    if body > 0 && body < bytes.count { text.append(Self.space) }
    bytes.write(body..<bytes.count, to: &text)
  }

  private static let space = UInt8(ascii: " ")

  /// The time of day in Japan, with milliseconds.
  private static func writeClock(_ milliseconds: Int64, to text: inout [UInt8]) {
    let day = (milliseconds &+ 32_400_000) % 86_400_000
    func put(_ value: Int64, _ divisors: [Int64], _ end: String) {
      for divisor in divisors { text.append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: abs(value) / divisor % 10)) }
      text.append(contentsOf: end.utf8)
    }
    put(day / 3_600_000, [10, 1], ":")
    put(day / 60_000 % 60, [10, 1], ":")
    put(day / 1000 % 60, [10, 1], ".")
    put(day % 1000, [100, 10, 1], "")
  }
}
