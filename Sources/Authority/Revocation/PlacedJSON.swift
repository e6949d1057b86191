/// JSON (RFC 8259) read with the line of every value, so that an error can point at the place.
struct PlacedJSON {
  enum Content {
    case object([(name: String, value: PlacedJSON)])
    case array([PlacedJSON])
    case string(String)
    case number(String)
    case bool(Bool)
    case null
  }

  /// Where it begins, 1 for the first line.
  let line: Int
  let content: Content

  struct Fault: Error {
    let line: Int
    let problem: String
  }

  /// Deepest nesting that is read: the registry needs three levels, and a bound keeps a hostile file from the stack's end.
  private static let deepest = 16

  init(_ text: [UInt8]) throws(Fault) {
    var reader = Reader(text: text)
    self = try reader.value(depth: 0)
    reader.skipSpace()
    if reader.peek != nil { throw Fault(line: reader.line, problem: "something follows the end") }
  }

  private init(line: Int, content: Content) {
    self.line = line
    self.content = content
  }

  var kind: String {
    switch content {
    case .object: "an object"
    case .array: "an array"
    case .string: "a text"
    case .number: "a number"
    case .bool: "true or false"
    case .null: "null"
    }
  }

  private struct Reader {
    let text: [UInt8]
    var position = 0
    var line = 1

    init(text: [UInt8]) { self.text = text }

    var peek: UInt8? { position < text.count ? text[position] : nil }

    mutating func next() -> UInt8? {
      guard let byte = peek else { return nil }
      position += 1
      if byte == 0x0A { line += 1 }
      return byte
    }

    mutating func skipSpace() {
      while let byte = peek, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { _ = next() }
    }

    func fault(_ problem: String) -> Fault {
      Fault(line: line, problem: position >= text.count ? "the file ends too early" : problem)
    }

    mutating func expect(_ byte: UInt8) throws(Fault) {
      skipSpace()
      guard peek == byte else { throw fault("\"\(Character(Unicode.Scalar(byte)))\" is expected") }
      _ = next()
    }

    mutating func value(depth: Int) throws(Fault) -> PlacedJSON {
      skipSpace()
      let start = line
      guard depth < PlacedJSON.deepest else { throw fault("it is nested too deeply") }
      switch peek {
      case UInt8(ascii: "{"): return try PlacedJSON(line: start, content: .object(members(depth: depth)))
      case UInt8(ascii: "["): return try PlacedJSON(line: start, content: .array(elements(depth: depth)))
      case UInt8(ascii: "\""): return try PlacedJSON(line: start, content: .string(string()))
      default: return try PlacedJSON(line: start, content: word())
      }
    }

    private mutating func members(depth: Int) throws(Fault) -> [(name: String, value: PlacedJSON)] {
      var members: [(name: String, value: PlacedJSON)] = []
      try expect(UInt8(ascii: "{"))
      skipSpace()
      if peek == UInt8(ascii: "}") {
        _ = next()
        return members
      }
      while true {
        skipSpace()
        let name = try string()
        guard !members.contains(where: { $0.name == name }) else { throw fault("\"\(name)\" stands twice") }
        try expect(UInt8(ascii: ":"))
        members.append((name, try value(depth: depth + 1)))
        skipSpace()
        guard peek == UInt8(ascii: ",") else { break }
        _ = next()
      }
      try expect(UInt8(ascii: "}"))
      return members
    }

    private mutating func elements(depth: Int) throws(Fault) -> [PlacedJSON] {
      var elements: [PlacedJSON] = []
      try expect(UInt8(ascii: "["))
      skipSpace()
      if peek == UInt8(ascii: "]") {
        _ = next()
        return elements
      }
      while true {
        elements.append(try value(depth: depth + 1))
        skipSpace()
        guard peek == UInt8(ascii: ",") else { break }
        _ = next()
      }
      try expect(UInt8(ascii: "]"))
      return elements
    }

    private mutating func word() throws(Fault) -> Content {
      let start = position
      while let byte = peek, ![0x20, 0x09, 0x0A, 0x0D, 0x2C, 0x5D, 0x7D].contains(byte) { _ = next() }
      let word = String(decoding: text[start..<position], as: UTF8.self)
      switch word {
      case "true": return .bool(true)
      case "false": return .bool(false)
      case "null": return .null
      default:
        guard word.wholeMatch(of: /-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?/) != nil else {
          throw fault("a value is expected")
        }
        return .number(word)
      }
    }

    private mutating func string() throws(Fault) -> String {
      guard peek == UInt8(ascii: "\"") else { throw fault("a text in double quotes is expected") }
      _ = next()
      var bytes: [UInt8] = []
      while let byte = next() {
        switch byte {
        case UInt8(ascii: "\""):
          guard let string = String(validating: bytes, as: UTF8.self) else { throw fault("a text is not UTF-8") }
          return string
        case UInt8(ascii: "\\"): bytes += try escape()
        case ..<0x20: throw fault("a text has a control character or no end")
        default: bytes.append(byte)
        }
      }
      throw fault("a text has no end")
    }

    private mutating func escape() throws(Fault) -> [UInt8] {
      switch next() {
      case UInt8(ascii: "\""): return [0x22]
      case UInt8(ascii: "\\"): return [0x5C]
      case UInt8(ascii: "/"): return [0x2F]
      case UInt8(ascii: "b"): return [0x08]
      case UInt8(ascii: "f"): return [0x0C]
      case UInt8(ascii: "n"): return [0x0A]
      case UInt8(ascii: "r"): return [0x0D]
      case UInt8(ascii: "t"): return [0x09]
      case UInt8(ascii: "u"):
        var unit = try codeUnit()
        // A surrogate pair is two escapes.
        if (0xD800..<0xDC00).contains(unit) {
          guard next() == UInt8(ascii: "\\"), next() == UInt8(ascii: "u") else { throw fault("half a surrogate pair") }
          let low = try codeUnit()
          guard (0xDC00..<0xE000).contains(low) else { throw fault("half a surrogate pair") }
          unit = 0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(unit) else { throw fault("half a surrogate pair") }
        return Array(String(Character(scalar)).utf8)
      default: throw fault("an unknown escape stands in a text")
      }
    }

    private mutating func codeUnit() throws(Fault) -> UInt32 {
      var value: UInt32 = 0
      for _ in 0..<4 {
        guard let byte = next(), let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
          throw fault("four hex digits are expected after \\u")
        }
        value = value << 4 | UInt32(digit)
      }
      return value
    }
  }
}
