import Foundation

/// Traces as text: one JSON object a line, keys in alphabetical order.
public enum TraceLine {
  /// The line of an event, without its line feed.
  public static func encode(_ event: TraceEvent) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(event), as: UTF8.self)
  }

  /// The event of a line.
  public static func decode(_ line: String) throws -> TraceEvent {
    try JSONDecoder().decode(TraceEvent.self, from: Data(line.utf8))
  }
}
