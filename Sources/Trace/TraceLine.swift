import CardKernel
import Foundation
import ISO7816

/// Traces as text: one JSON object a line, keys in alphabetical order.
///
/// An exchange is written and read by hand, because nearly all events are one, and `JSONEncoder` takes longer than the card.
public enum TraceLine {
  /// The line of an event, without its line feed.
  public static func encode(_ event: TraceEvent) throws -> String {
    var line: [UInt8] = []
    try write(event, to: &line)
    return String(decoding: line, as: UTF8.self)
  }

  /// Writes the line of an event in UTF-8, without its line feed.
  /// - Parameter quoted: whether the line becomes a part of a JSON string: with a backslash before each quotation mark.
  public static func write(_ event: TraceEvent, to line: inout [UInt8], quoted: Bool = false) throws {
    guard case .exchange(let exchange) = event.kind, isPlain(exchange.application.rawValue.utf8) else {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      let bytes = try encoder.encode(event)
      line += quoted ? Word.quote([UInt8](bytes)) : [UInt8](bytes)
      return
    }
    let word = quoted ? Word.quoted : Word.plain
    line += word.application
    line.append(contentsOf: exchange.application.rawValue.utf8)
    line += word.command
    exchange.command.write(0..<exchange.command.count, to: &line)
    if let file = exchange.file {
      line += word.file
      TraceBytes([UInt8(file.rawValue >> 8), UInt8(file.rawValue & 0xFF)]).write(0..<2, to: &line)
    }
    line += word.microseconds
    line.append(contentsOf: String(exchange.microseconds).utf8)
    line += word.response
    exchange.response.write(0..<exchange.response.count, to: &line)
    line += word.sequence
    line.append(contentsOf: String(event.sequence).utf8)
    line += word.slot
    line.append(contentsOf: String(event.slot).utf8)
    line += word.time
    line.append(contentsOf: String(event.time).utf8)
    line.append(UInt8(ascii: "}"))
  }

  /// What stands between the values of an exchange.
  private struct Word {
    let application, command, file, microseconds, response, sequence, slot, time: [UInt8]

    static let plain = Word { Array($0.utf8) }
    static let quoted = Word { quote(Array($0.utf8)) }

    private init(_ bytes: (String) -> [UInt8]) {
      application = bytes(#"{"application":""#)
      command = bytes(#"","command":""#)
      file = bytes(#"","file":""#)
      microseconds = bytes(#"","kind":"exchange","microseconds":"#)
      response = bytes(#","response":""#)
      sequence = bytes(#"","seq":"#)
      slot = bytes(#","slot":"#)
      time = bytes(#","time":"#)
    }

    static func quote(_ bytes: [UInt8]) -> [UInt8] {
      bytes.flatMap { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") ? [UInt8(ascii: "\\"), $0] : [$0] }
    }
  }

  /// Whether JSON has the text as it is.
  private static func isPlain(_ text: some Sequence<UInt8>) -> Bool {
    text.allSatisfy { (0x20..<0x7F).contains($0) && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
  }

  /// The event of a line.
  public static func decode(_ line: String) throws -> TraceEvent {
    var line = line
    return try line.withUTF8 { try decode(utf8: UnsafeRawBufferPointer($0)) }
  }

  /// The event of a line in UTF-8.
  public static func decode(utf8 line: UnsafeRawBufferPointer) throws -> TraceEvent {
    if let event = exchange(line) { return event }
    return try JSONDecoder().decode(TraceEvent.self, from: Data(line))
  }

  /// The events of whole lines in UTF-8.
  public static func decode(lines: [UInt8]) throws -> [TraceEvent] {
    try lines.withUnsafeBytes { lines in
      var events: [TraceEvent] = []
      var rest = LineRest(lines)
      while let line = rest.take(until: UInt8(ascii: "\n")) {
        if !line.isEmpty { events.append(try decode(utf8: line)) }
        _ = rest.skip([UInt8(ascii: "\n")])
      }
      return events
    }
  }

  /// The event of a line as ``write(_:to:quoted:)`` writes that of an exchange; `nil` for any other.
  private static func exchange(_ line: UnsafeRawBufferPointer) -> TraceEvent? {
    var rest = LineRest(line)
    let word = Word.plain
    let mark = UInt8(ascii: "\"")
    guard rest.skip(word.application), let application = rest.take(until: mark), isPlain(application),
      rest.skip(word.command), let command = rest.take(until: mark).flatMap(TraceBytes.init(utf8:))
    else { return nil }
    var file: FileID?
    if rest.skip(word.file) {
      guard let digits = rest.take(until: mark), let bytes = TraceBytes(utf8: digits)?.unmasked else { return nil }
      file = FileID(bytes: bytes)
      guard file != nil else { return nil }
    }
    guard rest.skip(word.microseconds), let microseconds = rest.number(),
      rest.skip(word.response), let response = rest.take(until: mark).flatMap(TraceBytes.init(utf8:)),
      rest.skip(word.sequence), let sequence = rest.number(), rest.skip(word.slot), let slot = rest.number(),
      rest.skip(word.time), let time = rest.number(), rest.skip([UInt8(ascii: "}")]), rest.isEmpty
    else { return nil }
    return TraceEvent(
      sequence: sequence, time: Int64(time), slot: slot,
      kind: .exchange(
        TraceEvent.Exchange(
          command: command, response: response,
          application: ApplicationName(rawValue: String(decoding: application, as: UTF8.self)), file: file,
          microseconds: microseconds)))
  }
}

/// What has not been read yet.
private struct LineRest {
  private var rest: UnsafeRawBufferPointer

  init(_ line: UnsafeRawBufferPointer) { rest = line }

  var isEmpty: Bool { rest.isEmpty }

  mutating func skip(_ word: [UInt8]) -> Bool {
    guard rest.count >= word.count, let start = rest.baseAddress, memcmp(start, word, word.count) == 0 else {
      return false
    }
    drop(word.count)
    return true
  }

  /// Up to the next `mark`, which stays.
  mutating func take(until mark: UInt8) -> UnsafeRawBufferPointer? {
    guard let start = rest.baseAddress, let end = memchr(start, Int32(mark), rest.count) else { return nil }
    let count = UnsafeRawPointer(end) - start
    defer { drop(count) }
    return UnsafeRawBufferPointer(rebasing: rest[..<count])
  }

  /// Decimal digits as JSON has them, and as many as any number here may have.
  mutating func number() -> Int? {
    var value = 0
    var count = 0
    while count < rest.count, case let digit = rest[count], (0x30...0x39).contains(digit), count < 18 {
      value = value * 10 + Int(digit - 0x30)
      count += 1
    }
    guard count == 1 || count > 1 && rest[0] != 0x30 else { return nil }
    drop(count)
    return value
  }

  private mutating func drop(_ count: Int) { rest = UnsafeRawBufferPointer(rebasing: rest[count...]) }
}
