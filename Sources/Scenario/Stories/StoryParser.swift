import CardKernel
import ISO7816
import MyNumberCard

extension Story {
  /// A script is never longer.
  public static let longestScript = 1 << 20

  /// Parses a script as it lies in a file: UTF-8, with or without a byte order mark.
  /// - Throws: the first fault, with its line, its column and advice.
  public init(parsing file: [UInt8]) throws(StoryFault) {
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let bytes = file.starts(with: mark) ? file.dropFirst(mark.count) : file[...]
    guard !bytes.contains(0), let script = String(validating: bytes, as: UTF8.self) else {
      let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      let place = lines.firstIndex { $0.contains(0) || String(validating: $0, as: UTF8.self) == nil } ?? 0
      throw StoryFault(
        "this line is not UTF-8 text", line: place + 1, column: 1, fix: "save the script as UTF-8, without null bytes")
    }
    try self.init(parsing: script)
  }

  /// Parses a script.
  /// - Throws: the first fault, with its line, its column and advice.
  public init(parsing script: String) throws(StoryFault) {
    self.init()
    guard script.utf8.count <= Self.longestScript else {
      throw StoryFault(
        "the script has more than \(Self.longestScript) bytes", line: 1, column: 1, fix: "cut it into several stories")
    }
    var number = 0
    // Every line end that a text editor may leave.
    for line in script.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
      number += 1
      var words = try StoryWords(line, line: number)
      guard let first = words.next else { continue }
      if let heading = StoryHeading(rawValue: first.text), !first.isQuoted {
        try parse(heading, &words)
      } else {
        var parser = StoryParser(text: Self.trimmed(line), words: words)
        lines.append(try parser.line())
      }
    }
  }

  private static func trimmed(_ line: Substring) -> String {
    var text = line.drop(while: \.isWhitespace)
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }

  private mutating func parse(_ heading: StoryHeading, _ words: inout StoryWords) throws(StoryFault) {
    guard let word = words.take() else { return }
    guard lines.isEmpty else {
      throw words.fault(
        "'\(heading.rawValue)' stands behind the first event", at: word, fix: "move it to the head of the script")
    }
    switch heading {
    case .story:
      let rest = words.takeRest()
      let text = rest.map(\.text).joined(separator: " ")
      guard let slash = text.firstRange(of: " / ") else {
        throw words.fault(
          "a story's title is in two languages", at: rest.first ?? word, fix: "write: story 日本語の題 / English title")
      }
      title = LocalizedText(japanese: String(text[..<slash.lowerBound]), english: String(text[slash.upperBound...]))
    case .card:
      guard card == nil else {
        throw words.fault(
          "a story has one card", at: word, fix: "remove this line, or put the other card in with 'insert'")
      }
      card = try words.need("the card's name", heading.example).text
      guard words.take("at") else { return try words.finish(heading.example) }
      day = try StoryParser.day(&words, heading.example)
      try words.finish(heading.example)
    }
  }
}

/// What a script says of itself.
enum StoryHeading: String, CaseIterable {
  case story, card

  var example: String { self == .story ? "story 日本語の題 / English title" : "card fresh-adult at 2026-11-20" }
}

/// The first words of lines.
enum StoryVerb: String, CaseIterable {
  case select, verify, tries, change, read, record, sign, certificate, reset, power, clock, expect

  var example: String {
    switch self {
    case .select: "select jpki, or select jpki/000A"
    case .verify: "verify auth 1234 -> ok"
    case .tries: "tries auth -> 3 left"
    case .change: "change auth to 4321"
    case .read: "read auth-certificate -> length 1400"
    case .record: "record common/0001 1"
    case .sign: "sign auth \"text\""
    case .certificate: "certificate auth -> valid"
    case .reset: "reset"
    case .power: "power"
    case .clock: "clock 2031-09-11"
    case .expect: "expect 9000"
    }
  }
}

/// Parses one line.
struct StoryParser {
  let text: String
  var words: StoryWords

  /// Every word that can begin a line.
  static let verbs =
    StoryHeading.allCases.map(\.rawValue) + StoryVerb.allCases.map(\.rawValue) + StoryControl.allCases.map(\.rawValue)
  private static let arrows = ["->", "→"]

  mutating func line() throws(StoryFault) -> StoryLine {
    let action = try action()
    var expectation: StoryExpectation?
    if case .again = action {
      expectation = try parseExpectation()
    } else if takeArrow() {
      expectation = try parseExpectation()
    } else if case .apdu = action {
      expectation = nil
    } else {
      expectation = .ok
    }
    try words.finish("one event a line, then -> and what must come of it")
    return StoryLine(number: words.line, text: text, action: action, expectation: expectation)
  }

  private mutating func takeArrow() -> Bool { Self.arrows.contains { words.take($0) } }
  private var isAtArrow: Bool { words.next.map { !$0.isQuoted && Self.arrows.contains($0.text) } ?? true }

  private mutating func action() throws(StoryFault) -> StoryAction {
    guard let first = words.next else {
      throw StoryFault("the line is empty", line: words.line, column: 1, fix: "write an event")
    }
    if let verb = StoryVerb(rawValue: first.text), !first.isQuoted {
      _ = words.take()
      return try action(verb)
    }
    if let control = StoryControl(rawValue: first.text), !first.isQuoted {
      _ = words.take()
      return try action(control, at: first)
    }
    return try apdu(first)
  }

  /// A line of hexadecimal digits.
  private mutating func apdu(_ first: StoryWords.Word) throws(StoryFault) -> StoryAction {
    let isHex = first.text.utf8.allSatisfy { [UInt8](hex: "0\(Character(Unicode.Scalar($0)))") != nil }
    guard isHex, !first.isQuoted else {
      throw words.fault(
        "'\(first.text)' is no word of a story", at: first, fix: Spelling.advice(first.text, among: Self.verbs))
    }
    var digits = ""
    while !isAtArrow, let word = words.take() {
      guard [UInt8](hex: word.text) != nil else {
        throw words.fault(
          "'\(word.text)' is not in hexadecimal digits, two a byte", at: word,
          fix: "write an APDU such as 00 20 00 80")
      }
      digits += word.text
    }
    guard let bytes = [UInt8](hex: digits), (1...CommandAPDU.maximumLength).contains(bytes.count) else {
      throw words.fault(
        "an APDU has 1 to \(CommandAPDU.maximumLength) bytes", at: first, fix: "cut it into several commands")
    }
    return .apdu(bytes)
  }

  private mutating func action(_ verb: StoryVerb) throws(StoryFault) -> StoryAction {
    let example = verb.example
    switch verb {
    case .select: return try select(example)
    case .verify: return .verify(try pin(example), try pinValue(example))
    case .tries: return .tries(try pin(example))
    case .change:
      let pin = try pin(example)
      guard words.take("to") else {
        throw StoryFault(
          "'to' and the new PIN are missing", line: words.line, column: words.next?.column ?? words.end,
          fix: "write: \(example)")
      }
      return .change(pin, to: try pinValue(example))
    case .read: return .read(try file(example))
    case .record:
      let path = try file(example)
      let word = try words.need("the record's number", example)
      guard let number = Int(word.text), (1...254).contains(number) else {
        throw words.fault("'\(word.text)' is no record's number", at: word, fix: "use 1 to 254")
      }
      return .record(path, number)
    case .sign:
      let path = try named("the key", StoryNames.keys, example)
      let word = try words.need("the text to sign", example)
      return .sign(path, Array(word.text.utf8))
    case .certificate: return .certificate(try named("the certificate", StoryNames.certificates, example))
    case .reset: return .reset
    case .power: return .power
    case .clock: return .clock(try Self.day(&words, example))
    case .expect: return .again
    }
  }

  private mutating func action(
    _ control: StoryControl, at first: StoryWords.Word
  ) throws(StoryFault) -> StoryAction {
    if control == .operator, words.take("reset-pin") { return .operatorReset(try operatorReset()) }
    var taken: [StoryWords.Word] = []
    while !isAtArrow, let word = words.take() { taken.append(word) }
    let arguments = taken.map(\.text)
    if control == .fault, !arguments.isEmpty { try checkFault(taken, at: first) }
    let example: String? =
      switch control {
      case .set where arguments.isEmpty: "set sign.tries=1 auth.pin=1234"
      case .goto where arguments.count != 1: "goto 3"
      case .snapshot where arguments.count != 1: "snapshot before"
      case .restore where arguments.count != 1: "restore before, or restore image"
      case .insert where arguments.count != 1: "insert sign-locked"
      case .undo where arguments.count > 1: "undo 2"
      case .eject where !arguments.isEmpty: "eject"
      case .fault where arguments.isEmpty: "fault mute"
      case .operator where arguments.isEmpty: "operator reset-pin sign NEW123"
      default: nil
      }
    if let example {
      throw words.fault("'\(control.rawValue)' has not the right words", at: first, fix: "write: \(example)")
    }
    let least = control == .undo ? 1 : control == .goto ? 0 : nil
    if let least, let word = taken.first, Int(word.text).map({ $0 >= least }) != true {
      throw words.fault(
        "'\(word.text)' is no number of \(control == .undo ? "steps" : "an event")", at: word,
        fix: "write: \(control.rawValue) 2")
    }
    return .control(control, arguments)
  }

  private func checkFault(_ taken: [StoryWords.Word], at first: StoryWords.Word) throws(StoryFault) {
    let text = taken.map(\.text).joined(separator: " ")
    guard text != "clear", !Fault.residentWords.contains(where: { $0.word == text }) else { return }
    do throws(FaultSyntax) {
      _ = try Fault(words: taken.map(\.text))
    } catch {
      let column = taken.indices.contains(error.word) ? taken[error.word].column : words.end
      throw StoryFault(error.problem, line: words.line, column: column, fix: error.fix)
    }
  }

  private mutating func operatorReset() throws(StoryFault) -> OperatorReset {
    let example = "operator reset-pin sign NEW123 at store knowing auth 1234"
    let pin = try pin(example)
    let value = try words.need("the new PIN", example).text
    var reset = OperatorReset(pin: pin, value: value, place: .office)
    while !isAtArrow, let word = words.take() {
      switch word.text {
      case "at":
        let place = try words.need("the place", example)
        guard let known = OperatorReset.Place(rawValue: place.text) else {
          throw words.fault(
            "there is no place '\(place.text)'", at: place,
            fix: Spelling.advice(place.text, among: OperatorReset.Place.allCases.map(\.rawValue)))
        }
        reset.place = known
      case "knowing": reset.other = OperatorReset.Other(pin: try self.pin(example), value: try pinValue(example))
      default: throw words.fault("'\(word.text)' is too much", at: word, fix: "write: \(example)")
      }
    }
    return reset
  }

  private mutating func select(_ example: String) throws(StoryFault) -> StoryAction {
    let word = try words.need("an application or a file", example)
    if let application = StoryNames.applications.first(where: { $0.name.rawValue == word.text }) {
      return .selectApplication(application.name)
    }
    return .selectFile(try path(word, isSelect: true))
  }

  private mutating func file(_ example: String) throws(StoryFault) -> FilePath {
    try path(try words.need("a file", example), isSelect: false)
  }

  private func path(_ word: StoryWords.Word, isSelect: Bool) throws(StoryFault) -> FilePath {
    if let known = StoryNames.files.first(where: { $0.name == word.text }) { return known.path }
    let applications = StoryNames.applications.map(\.name.rawValue)
    if let path = FilePath(word.text) {
      guard applications.contains(path.application.rawValue) else {
        throw words.fault(
          "there is no application '\(path.application)'", at: word,
          fix: Spelling.advice(path.application.rawValue, among: applications))
      }
      return path
    }
    throw words.fault(
      "there is no file '\(word.text)'", at: word,
      fix: "write a path such as jpki/000A; or "
        + Spelling.advice(word.text, among: StoryNames.files.map(\.name) + (isSelect ? applications : [])))
  }

  private mutating func pin(_ example: String) throws(StoryFault) -> PINName {
    let word = try words.need("the PIN's name", example)
    guard let name = PINName(rawValue: word.text) else {
      throw words.fault(
        "there is no PIN '\(word.text)'", at: word,
        fix: Spelling.advice(word.text, among: PINName.allCases.map(\.rawValue)))
    }
    return name
  }

  private mutating func pinValue(_ example: String) throws(StoryFault) -> StoryPIN {
    let word = try words.need("the PIN", example)
    switch (word.text, word.isQuoted) {
    case ("right", false): return .right
    case ("wrong", false): return .wrong
    default: break
    }
    // A typo would be sent as a PIN, and spend a try.
    if !word.isQuoted,
      let meant = ["right", "wrong"].first(where: {
        word.text.allSatisfy(\.isLowercase) && Spelling.distance(word.text, $0) <= 1
      })
    {
      throw words.fault(
        "'\(word.text)' is not quite a word for a PIN", at: word,
        fix: "did you mean '\(meant)'? A PIN that is spelled so stands in quotes")
    }
    return .literal(word.text)
  }

  private mutating func named(
    _ what: String, _ known: [(name: String, path: FilePath)], _ example: String
  ) throws(StoryFault) -> FilePath {
    let word = try words.need(what, example)
    guard let found = known.first(where: { $0.name == word.text }) else {
      throw words.fault(
        "'\(word.text)' is not \(what)", at: word, fix: Spelling.advice(word.text, among: known.map(\.name)))
    }
    return found.path
  }

  static func day(_ words: inout StoryWords, _ example: String) throws(StoryFault) -> String {
    let word = try words.need("the day", example)
    guard StoryDay(word.text) != nil else {
      throw words.fault("'\(word.text)' is no day", at: word, fix: "write: \(example)")
    }
    return word.text
  }
}
