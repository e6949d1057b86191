import ISO7816

/// A story of the card model, parsed. Nothing here knows of a card: the notation stands in `Docs/CardModel.md`.
public struct ModelStory: Sendable {
  /// Its steps, in order.
  public let steps: [Step]

  /// One step and what must come of it.
  public struct Step: Sendable {
    /// As it is written.
    public let text: String
    /// What is done.
    public let act: Act
    /// `nil`: must end in 9000, with any data.
    public let expectation: ModelPattern?
  }

  /// What a step does.
  public indirect enum Act: Sendable {
    /// Sends a command.
    case command(Command)
    /// Sends a command under secure messaging, perhaps with a flaw.
    case secure(Command, flaw: String?)
    /// SET SESSION KEY.
    case beginSession
    /// Warm reset by the reader.
    case reset
    /// Power off and on.
    case power
    /// The card's memory can be written no more, or again.
    case diskFull(Bool)
    /// `choose`, `atr`, `card`, `absent`, `unset`, `tries` with their arguments.
    case setUp(String, [String])
  }

  /// A command in the words of the notation.
  public enum Command: Sendable {
    /// SELECT by name: an application of the card or hexadecimal digits.
    case selectApplication(String, p2: UInt8, le: UInt8?)
    /// SELECT of an EF.
    case selectFile([UInt8])
    /// VERIFY without data.
    case query(p2: UInt8)
    /// VERIFY with a PIN: its name, or the characters themselves.
    case verify(String, p2: UInt8)
    /// CHANGE REFERENCE DATA.
    case change(String)
    /// CHANGE KEY.
    case changeKey(String)
    /// READ BINARY.
    case read(offset: [UInt8], le: [UInt8])
    /// COMPUTE DIGITAL SIGNATURE.
    case sign(p1: UInt8, p2: UInt8, ModelTerm)
    /// The bytes themselves.
    case raw(ModelTerm)
  }

  /// Why a story cannot be read or played.
  public struct Fault: Error, CustomStringConvertible {
    /// What is wrong.
    public let description: String

    /// A fault.
    public init(description: String) { self.description = description }
  }

  /// The steps that make a card differ; they stand first.
  public static let setUps: Set<String> = ["choose", "atr", "card", "absent", "unset", "tries"]

  /// Reads a story.
  public init(_ text: String) throws {
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
      var expectation: ModelPattern?
      if tokens.first == "→" {
        tokens.removeFirst()
        guard let answer = tokens.popFirst() else { throw Fault(description: "nothing behind the last arrow") }
        expectation = try ModelPattern(answer)
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
    if let call = ModelCall(token) {
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
    guard let call = ModelCall(token), call.name.count == 1, call.name.first?.isUppercase == true else {
      return .raw(try ModelTerm(token))
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
      return .sign(p1: try bytes(0, 1)[0], p2: try bytes(1, 1)[0], try ModelTerm(arguments[2]))
    default:
      throw Fault(description: "no such step: \(token)")
    }
  }
}
