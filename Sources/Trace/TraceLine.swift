import Foundation

/// Traces as text: one JSON object a line, keys in alphabetical order.
public enum TraceLine {
  /// The line of an event, without its line feed.
  public static func encode(_ event: TraceEvent) throws -> String {
    String(decoding: try utf8(event), as: UTF8.self)
  }

  /// The line of an event in UTF-8, without its line feed.
  ///
  /// An exchange is written by hand, because nearly all events are one, and `JSONEncoder` takes longer than the card.
  public static func utf8(_ event: TraceEvent) throws -> [UInt8] {
    guard case .exchange(let exchange) = event.kind, isPlain(exchange.application.rawValue) else {
      return Array(try encoded(event))
    }
    var line: [UInt8] = []
    func put(_ text: String) { line.append(contentsOf: text.utf8) }
    put(#"{"application":""#)
    put(exchange.application.rawValue)
    put(#"","command":""#)
    exchange.command.write(to: &line)
    if let file = exchange.file {
      put(#"","file":""#)
      put(file.description)
    }
    put(#"","kind":"exchange","microseconds":"#)
    put(String(exchange.microseconds))
    put(#","response":""#)
    exchange.response.write(to: &line)
    put(#"","seq":"#)
    put(String(event.sequence))
    put(#","slot":"#)
    put(String(event.slot))
    put(#","time":"#)
    put(String(event.time))
    put("}")
    return line
  }

  /// Whether JSON has the text as it is.
  private static func isPlain(_ text: String) -> Bool {
    text.utf8.allSatisfy { (0x20..<0x7F).contains($0) && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
  }

  private static func encoded(_ event: TraceEvent) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(event)
  }

  /// The event of a line.
  public static func decode(_ line: String) throws -> TraceEvent {
    try JSONDecoder().decode(TraceEvent.self, from: Data(line.utf8))
  }
}
