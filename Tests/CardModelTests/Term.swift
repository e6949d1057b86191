import ISO7816

/// Data in a story: hexadecimal digits, `<n>` and calls, one behind the other.
struct Term {
  indirect enum Part {
    case bytes([UInt8])
    /// `<n>`; `nil` for `<*>`.
    case run(Int?)
    case call(Call)
  }

  let parts: [Part]

  init(_ text: String) throws {
    var parts: [Part] = []
    var rest = text[...]
    while let character = rest.first {
      if character == "<" {
        guard let end = rest.firstIndex(of: ">") else { throw Story.Fault(description: "an open < in \(text)") }
        let count = rest[rest.index(after: rest.startIndex)..<end]
        if count == "*" {
          parts.append(.run(nil))
        } else if let count = Int(count), count > 0 {
          parts.append(.run(count))
        } else {
          throw Story.Fault(description: "<\(count)> in \(text)")
        }
        rest = rest[rest.index(after: end)...]
      } else if character.isLowercase {
        let end = try Self.endOfCall(rest)
        guard let call = Call(String(rest[...end])) else { throw Story.Fault(description: "a call in \(text)") }
        parts.append(.call(call))
        rest = rest[rest.index(after: end)...]
      } else {
        let digits = rest.prefix { $0.isHexDigit && !$0.isLowercase }
        guard let bytes = [UInt8](hex: digits), !bytes.isEmpty else {
          throw Story.Fault(description: "hexadecimal digits in \(text) at \(rest.prefix(8))")
        }
        parts.append(.bytes(bytes))
        rest = rest[digits.endIndex...]
      }
    }
    guard !parts.isEmpty else { throw Story.Fault(description: "no data") }
    self.parts = parts
  }

  private static func endOfCall(_ text: Substring) throws -> Substring.Index {
    var depth = 0
    for index in text.indices {
      if text[index] == "(" { depth += 1 }
      if text[index] == ")" {
        depth -= 1
        if depth == 0 { return index }
      }
    }
    throw Story.Fault(description: "an open parenthesis in \(text)")
  }
}

/// What an answer must be.
struct Pattern {
  let data: Term?
  let status: StatusWord

  init(_ text: String) throws {
    guard let bytes = [UInt8](hex: text.suffix(4)), bytes.count == 2 else {
      throw Story.Fault(description: "no status word at the end of \(text)")
    }
    status = StatusWord(rawValue: UInt16(bytes[0]) << 8 | UInt16(bytes[1]))
    let data = String(text.dropLast(4))
    self.data = data.isEmpty ? nil : try Term(data)
  }
}
