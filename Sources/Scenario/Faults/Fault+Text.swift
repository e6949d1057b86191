import ISO7816

/// Why words are no fault: which word, and what would be right.
public struct FaultSyntax: Error, Sendable, Equatable {
  /// What is wrong.
  public var problem: String
  /// The place of the word among the words, from 0; behind the last one for what is missing.
  public var word: Int
  /// What to write instead.
  public var fix: String
}

extension Fault: CustomStringConvertible {
  /// The words that a resident file may use for whole faults.
  public static let residentWords: [(word: String, faults: [String])] = [
    ("dead", ["mute at power-on always", "mute at reset always"]),
    ("slow", ["delay 1500ms always"]),
    ("removed-while-signing", ["remove during sign for 700ms"]),
  ]

  /// The longest delay: a minute, half of what an exchange may take in all.
  public static let longestDelay = 60_000
  private static let kinds = ["remove", "mute", "delay", "corrupt", "answer", "power"]
  /// What stands before a command's number, and before an instruction byte, that could be taken for the other.
  private static let numberWord = "command"
  static let instructionWord = "INS"
  private static let example = "write: mute at verify, delay 300ms always, answer 6F00 at 3, remove during sign"

  /// A fault from one line: its words, or one of ``residentWords``.
  public static func parse(_ text: some StringProtocol) throws(FaultSyntax) -> [Fault] {
    if let known = residentWords.first(where: { $0.word == text }) {
      var faults: [Fault] = []
      for line in known.faults { faults += try parse(line) }
      return faults
    }
    return [try Fault(words: String(text).split(separator: " ").map(String.init))]
  }

  /// A fault from its words.
  public init(words: [String]) throws(FaultSyntax) {
    var reader = Reader(words: words)
    let kind = try reader.kind()
    self.init(kind, try reader.trigger())
    if case .remove = kind, reader.take("for") {
      self.kind = .remove(backAfter: try reader.milliseconds())
    }
    let untilPlace = reader.position
    until = try reader.until()
    guard reader.isAtEnd else { throw reader.fault("'\(words[reader.position])' is too much", fix: Self.example) }
    try check(untilPlace: untilPlace)
  }

  /// - Parameter untilPlace: where the word stands that says how often.
  private func check(untilPlace: Int) throws(FaultSyntax) {
    guard !isImmediate || until == .times(1) else {
      throw FaultSyntax(
        problem: "a 'remove' or 'power' without a trigger happens at once, and once", word: untilPlace,
        fix: "name a trigger: power at any always, remove during verify 3 times")
    }
    let isOfPower: Bool =
      switch kind {
      case .remove, .power: true
      case .mute, .delay, .corrupt, .answer: false
      }
    if case .write = trigger, !isOfPower {
      throw FaultSyntax(
        problem: "around a write only the card or its power can go", word: 1,
        fix: "write: power before write, or remove after write")
    }
    if case .named(_, .powerOn) = trigger, case .power = kind {
      throw FaultSyntax(problem: "the power cannot go before it comes", word: 1, fix: "write: mute at power-on")
    }
  }

  /// Takes word after word.
  private struct Reader {
    let words: [String]
    var position = 0

    init(words: [String]) { self.words = words }

    var isAtEnd: Bool { position >= words.count }

    func fault(_ problem: String, fix: String) -> FaultSyntax {
      FaultSyntax(problem: problem, word: position, fix: fix)
    }

    mutating func take(_ word: String) -> Bool {
      guard !isAtEnd, words[position] == word else { return false }
      position += 1
      return true
    }

    mutating func need(_ what: String) throws(FaultSyntax) -> String {
      guard !isAtEnd else { throw fault("\(what) is missing", fix: Fault.example) }
      position += 1
      return words[position - 1]
    }

    /// Goes back to the word that is wrong.
    func wrong(_ problem: String, fix: String) -> FaultSyntax {
      FaultSyntax(problem: problem, word: position - 1, fix: fix)
    }

    mutating func kind() throws(FaultSyntax) -> Kind {
      let word = try need("what is to happen")
      switch word {
      case "remove": return .remove(backAfter: nil)
      case "mute": return .mute
      case "corrupt": return .corrupt
      case "power": return .power
      case "delay":
        let time = try milliseconds()
        return .delay(time, isSilent: take("silently"))
      case "answer":
        let text = try need("the answer")
        guard let bytes = [UInt8](hex: text), (2...65_538).contains(bytes.count) else {
          throw wrong(
            "'\(text)' is no answer",
            fix: "write a status word of four hexadecimal digits, with data before it if need be: answer 6F00")
        }
        return .answer(bytes)
      default:
        throw wrong("there is no fault '\(word)'", fix: Spelling.advice(word, among: Fault.kinds))
      }
    }

    /// `300ms`, `2s`.
    mutating func milliseconds() throws(FaultSyntax) -> Int {
      let text = try need("the time")
      let (digits, unit) = text.hasSuffix("ms") ? (text.dropLast(2), 1) : (text.dropLast(1), 1000)
      guard text.hasSuffix("s"), let number = Int(digits), (1...Fault.longestDelay).contains(number),
        number * unit <= Fault.longestDelay
      else { throw wrong("'\(text)' is no time", fix: "write 1ms to \(Fault.longestDelay / 1000)s: 300ms, 2s") }
      return number * unit
    }

    mutating func trigger() throws(FaultSyntax) -> Trigger {
      guard !isAtEnd else { return .now }
      let word = words[position]
      if word == "now" {
        position += 1
        return .now
      }
      guard let timing = word == "at" ? .before : Timing(rawValue: word) else { return .now }
      position += 1
      let name = try need("a command")
      if name == "write" { return .write(timing, number: count() ?? 1) }
      if name == Fault.instructionWord { return .named(timing, .instructions(try instructions())) }
      if timing == .before {
        if name == Fault.numberWord {
          let number = try need("the command's number")
          return try numbered(number)
        }
        if Int(name) != nil {
          guard name.utf8.count != 2 || [UInt8](hex: name) == nil else {
            throw wrong(
              "'\(name)' can be a command's number or an instruction byte",
              fix: "write: \(word) \(Fault.numberWord) \(name), counted from now, or: "
                + "\(word) \(Fault.instructionWord) \(name)")
          }
          return try numbered(name)
        }
      }
      if let known = FaultCommand.names.first(where: { $0.name == name }) { return .named(timing, known.command) }
      if name.utf8.count == 2, let byte = [UInt8](hex: name) { return .named(timing, .instructions(byte)) }
      throw wrong(
        "there is no command '\(name)'",
        fix: Spelling.advice(name, among: FaultCommand.names.map(\.name) + ["write"])
          + " (or the instruction byte in two hexadecimal digits)")
    }

    private func numbered(_ text: String) throws(FaultSyntax) -> Trigger {
      guard let number = Int(text), number >= 1 else {
        throw wrong("'\(text)' is no command's number", fix: "count from 1, the next command")
      }
      return .command(number: number)
    }

    /// `24`, or several bytes as one word.
    private mutating func instructions() throws(FaultSyntax) -> [UInt8] {
      let text = try need("the instruction byte")
      guard let bytes = [UInt8](hex: text), !bytes.isEmpty else {
        throw wrong("'\(text)' is no instruction byte", fix: "write two hexadecimal digits: at INS 24")
      }
      return bytes
    }

    /// A number that is not the beginning of `3 times`.
    private mutating func count() -> Int? {
      guard !isAtEnd, let number = Int(words[position]), number >= 1,
        position + 1 >= words.count || words[position + 1] != "times"
      else { return nil }
      position += 1
      return number
    }

    mutating func until() throws(FaultSyntax) -> Until {
      guard !isAtEnd else { return .times(1) }
      let word = words[position]
      position += 1
      switch word {
      case "once": return .times(1)
      case "always": return .cleared
      case "until":
        guard take("reinserted") else {
          throw fault("'until' what?", fix: "write: until reinserted, or always")
        }
        return .reinserted
      default:
        guard let number = Int(word), take("times") else {
          throw wrong(
            "'\(word)' is not understood", fix: Fault.example + "; or once, 3 times, until reinserted, always")
        }
        guard number >= 1 else { throw wrong("'\(number) times' is never", fix: "write: once, 3 times, always") }
        return .times(number)
      }
    }
  }

  /// The words again.
  public var description: String { text { $0.hexString } }

  /// The words, with no more of a long answer than tells it from others.
  public var summary: String {
    text { bytes in
      guard bytes.count > Self.longestShownAnswer else { return bytes.hexString }
      return "\(bytes.prefix(Self.longestShownAnswer / 2).hexString)… (\(bytes.count) bytes)"
    }
  }

  /// So many bytes of an answer are shown whole.
  private static let longestShownAnswer = 16

  private func text(_ answer: ([UInt8]) -> String) -> String {
    var words: [String] = []
    func time(_ milliseconds: Int) -> String { "\(milliseconds)ms" }
    switch kind {
    case .remove: words.append("remove")
    case .mute: words.append("mute")
    case .delay(let milliseconds, let isSilent):
      words += ["delay", time(milliseconds)] + (isSilent ? ["silently"] : [])
    case .corrupt: words.append("corrupt")
    case .answer(let bytes): words += ["answer", answer(bytes)]
    case .power: words.append("power")
    }
    switch trigger {
    case .now: break
    // Two digits could be an instruction byte.
    case .command(let number): words += ["at"] + ((10...99).contains(number) ? [Self.numberWord] : []) + ["\(number)"]
    case .named(let timing, let command): words += [timing == .before ? "at" : timing.rawValue, command.name]
    case .write(let timing, let number): words += [timing.rawValue, "write", "\(number)"]
    }
    if case .remove(let back?) = kind { words += ["for", time(back)] }
    switch until {
    case .times(1): break
    case .times(let number): words += ["\(number)", "times"]
    case .reinserted: words += ["until", "reinserted"]
    case .cleared: words.append("always")
    }
    return words.joined(separator: " ")
  }
}
