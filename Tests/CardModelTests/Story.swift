/// A story of the card model, parsed. Nothing here knows of a card: the notation stands in `Docs/CardModel.md`.
struct Story {
  let steps: [Step]

  struct Step {
    let text: String
    let act: Act
    /// `nil`: must end in 9000, with any data.
    let expectation: Pattern?
  }

  indirect enum Act {
    case command(Command)
    case secure(Command, flaw: String?)
    case beginSession
    case reset, power
    case diskFull(Bool)
    /// `choose`, `atr`, `card`, `absent`, `unset`, `tries` with their arguments.
    case setUp(String, [String])
  }

  enum Command {
    case selectApplication(String, p2: UInt8, le: UInt8?)
    case selectFile([UInt8])
    case query(p2: UInt8)
    case verify(String, p2: UInt8)
    case change(String), changeKey(String)
    case read(offset: [UInt8], le: [UInt8])
    case sign(p1: UInt8, p2: UInt8, Term)
    case raw(Term)
  }

  struct Fault: Error, CustomStringConvertible {
    let description: String
  }

  static let setUps: Set<String> = ["choose", "atr", "card", "absent", "unset", "tries"]

  init(_ text: String) throws {
    var steps: [Step] = []
    var tokens = Self.tokens(text)[...]
    var isSetUp = true
    while let token = tokens.popFirst() {
      guard token != "→" else { throw Fault(description: "an arrow without a step before it") }
      let act = try Self.act(token)
      if case .setUp = act {
        guard isSetUp else { throw Fault(description: "\(token) must stand first") }
      } else {
        isSetUp = false
      }
      var expectation: Pattern?
      if tokens.first == "→" {
        tokens.removeFirst()
        guard let answer = tokens.popFirst() else { throw Fault(description: "nothing behind the last arrow") }
        expectation = try Pattern(answer)
      }
      steps.append(Step(text: token, act: act, expectation: expectation))
    }
    guard steps.contains(where: { $0.expectation != nil }) else {
      throw Fault(description: "no step says what is expected")
    }
    self.steps = steps
  }

  /// Cuts at blanks outside parentheses.
  private static func tokens(_ text: String) -> [String] {
    var result: [String] = []
    var current = ""
    var depth = 0
    for character in text {
      if character == "(" { depth += 1 }
      if character == ")" { depth -= 1 }
      if character == " " && depth == 0 {
        if !current.isEmpty { result.append(current) }
        current = ""
      } else {
        current.append(character)
      }
    }
    if !current.isEmpty { result.append(current) }
    return result
  }

  private static func act(_ token: String) throws -> Act {
    switch token {
    case "reset": return .reset
    case "power": return .power
    case "begin": return .beginSession
    case "disk(full)": return .diskFull(true)
    case "disk(free)": return .diskFull(false)
    default: break
    }
    if let call = Call(token) {
      if setUps.contains(call.name) { return .setUp(call.name, call.arguments) }
      if call.name == "sm" {
        guard let inner = call.arguments.first, call.arguments.count <= 2 else {
          throw Fault(description: "sm needs a step and perhaps a flaw: \(token)")
        }
        return .secure(try command(inner), flaw: call.arguments.dropFirst().first)
      }
    }
    return .command(try command(token))
  }

  private static func command(_ token: String) throws -> Command {
    if token == "Q" { return .query(p2: 0x80) }
    guard let call = Call(token), call.name.count == 1, call.name.first?.isUppercase == true else {
      return .raw(try Term(token))
    }
    let arguments = call.arguments
    func bytes(_ index: Int, _ counts: Int...) throws -> [UInt8] {
      guard arguments.indices.contains(index), let bytes = [UInt8](hex: arguments[index]),
        counts.contains(bytes.count)
      else { throw Fault(description: "argument \(index + 1) of \(token)") }
      return bytes
    }
    func byte(_ index: Int, default value: UInt8) throws -> UInt8 {
      arguments.indices.contains(index) ? try bytes(index, 1)[0] : value
    }
    func first() throws -> String {
      guard let first = arguments.first else { throw Fault(description: "no argument in \(token)") }
      return first
    }
    switch call.name {
    case "S":
      return .selectApplication(
        try first(), p2: try byte(1, default: 0x0C), le: arguments.count > 2 ? try byte(2, default: 0) : nil)
    case "E": return .selectFile(try bytes(0, 2))
    case "Q": return .query(p2: try byte(0, default: 0x80))
    case "V": return .verify(try first(), p2: try byte(1, default: 0x80))
    case "C": return .change(try first())
    case "K": return .changeKey(try first())
    case "R": return .read(offset: try bytes(0, 2), le: try bytes(1, 1, 2))
    case "D":
      guard arguments.count == 3 else { throw Fault(description: "\(token) needs P1, P2 and data") }
      return .sign(p1: try bytes(0, 1)[0], p2: try bytes(1, 1)[0], try Term(arguments[2]))
    default:
      throw Fault(description: "no such step: \(token)")
    }
  }
}

/// `name(argument,argument)`; commas inside parentheses do not part.
struct Call {
  let name: String
  let arguments: [String]

  init?(_ text: String) {
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
