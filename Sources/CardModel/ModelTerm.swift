import ISO7816

/// Data in a story: hexadecimal digits, `<n>` and calls, one behind the other.
public struct ModelTerm: Sendable {
  /// A piece.
  public indirect enum Part: Sendable {
    /// The bytes themselves.
    case bytes([UInt8])
    /// `<n>`; `nil` for `<*>`.
    case run(Int?)
    /// What a name stands for.
    case call(ModelCall)
  }

  /// The pieces, one behind the other.
  public let parts: [Part]

  /// Reads data.
  public init(_ text: String) throws {
    var parts: [Part] = []
    var rest = text[...]
    while let character = rest.first {
      if character == "<" {
        guard let end = rest.firstIndex(of: ">") else { throw ModelStory.Fault(description: "an open < in \(text)") }
        let count = rest[rest.index(after: rest.startIndex)..<end]
        if count == "*" {
          parts.append(.run(nil))
        } else if let count = Int(count), count > 0 {
          parts.append(.run(count))
        } else {
          throw ModelStory.Fault(description: "<\(count)> in \(text)")
        }
        rest = rest[rest.index(after: end)...]
      } else if character.isLowercase {
        let end = try Self.endOfCall(rest)
        guard let call = ModelCall(String(rest[...end])) else {
          throw ModelStory.Fault(description: "a call in \(text)")
        }
        parts.append(.call(call))
        rest = rest[rest.index(after: end)...]
      } else {
        let digits = rest.prefix { $0.isHexDigit && !$0.isLowercase }
        guard let bytes = [UInt8](hex: digits), !bytes.isEmpty else {
          throw ModelStory.Fault(description: "hexadecimal digits in \(text) at \(rest.prefix(8))")
        }
        parts.append(.bytes(bytes))
        rest = rest[digits.endIndex...]
      }
    }
    guard !parts.isEmpty else { throw ModelStory.Fault(description: "no data") }
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
    throw ModelStory.Fault(description: "an open parenthesis in \(text)")
  }
}

/// What an answer must be.
public struct ModelPattern: Sendable {
  /// As it is written.
  public let text: String
  /// The data; `nil` for none.
  public let data: ModelTerm?
  /// The status word.
  public let status: StatusWord

  /// Reads an expectation.
  public init(_ text: String) throws {
    self.text = text
    guard let bytes = [UInt8](hex: text.suffix(4)), bytes.count == 2 else {
      throw ModelStory.Fault(description: "no status word at the end of \(text)")
    }
    status = StatusWord(rawValue: UInt16(bytes[0]) << 8 | UInt16(bytes[1]))
    let data = String(text.dropLast(4))
    self.data = data.isEmpty ? nil : try ModelTerm(data)
  }
}
