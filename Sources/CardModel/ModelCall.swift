/// `name(argument,argument)`; commas inside parentheses do not part.
public struct ModelCall: Sendable {
  /// What is called.
  public let name: String
  /// Its arguments.
  public let arguments: [String]

  /// Reads a call; `nil` when the text is none.
  public init?(_ text: String) {
    guard let open = text.firstIndex(of: "("), text.last == ")" else { return nil }
    name = String(text[..<open])
    guard !name.isEmpty, name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) }) else { return nil }
    var depth = 0
    var current = ""
    var parts: [String] = []
    for character in text[text.index(after: open)...].dropLast() {
      if character == "(" { depth += 1 }
      if character == ")" { depth -= 1 }
      guard depth >= 0 else { return nil }
      if character == "," && depth == 0 {
        parts.append(current)
        current = ""
      } else {
        current.append(character)
      }
    }
    guard depth == 0 else { return nil }
    if !current.isEmpty || !parts.isEmpty { parts.append(current) }
    arguments = parts
  }
}
