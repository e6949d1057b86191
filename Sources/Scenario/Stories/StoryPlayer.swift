import CardKernel
import ISO7816
import MyNumberCard

/// An exchange with the card.
public struct StoryExchange: Sendable, Equatable {
  /// The command.
  public var command: [UInt8]
  /// What came back.
  public var answer: StoryAnswer
}

/// A line that went otherwise than written.
public struct StoryDifference: Sendable, Equatable {
  /// The line.
  public var line: StoryLine
  /// What was expected, in words.
  public var expected: String
  /// What came, in words.
  public var got: String
  /// The exchanges of the line.
  public var exchanges: [StoryExchange]
}

/// Plays a story in a world, line by line.
public struct StoryPlayer<World: StoryWorld> {
  /// The world.
  public private(set) var world: World
  /// How many exchanges there have been.
  public private(set) var exchangeCount = 0

  /// What came of a line.
  private enum Outcome {
    case answer(StoryAnswer)
    case done
    case refused(String)
    case failed(String)
    case term(StoryTerm, StoryExpectation.CertificateTerm)
  }

  private var application: ApplicationName?
  private var pins: [PINName: String] = [:]
  private var day: StoryDay?
  private var last = Outcome.done
  private var exchanges: [StoryExchange] = []

  /// A player.
  public init(_ world: World) {
    self.world = world
    day = StoryDay(world.today)
  }

  /// Plays a story.
  /// - Returns: the first line that went otherwise; `nil` when all went as written.
  public mutating func play(_ story: Story) -> StoryDifference? {
    for line in story.lines {
      exchanges = []
      let outcome = play(line.action)
      last = outcome
      guard let expectation = line.expectation, !Self.meets(outcome, expectation) else { continue }
      return StoryDifference(
        line: line, expected: expectation.words, got: Self.words(outcome), exchanges: exchanges)
    }
    return nil
  }

  private mutating func play(_ action: StoryAction) -> Outcome {
    switch action {
    case .apdu(let bytes):
      // Whatever it selects, the player does not know.
      application = nil
      return .answer(transmit(bytes))
    case .selectApplication(let name):
      application = nil
      return .answer(select(name))
    case .selectFile(let path): return .answer(select(path))
    case .verify(let name, let value): return .answer(verify(name, value))
    case .tries(let name):
      return .answer(select(name.path, then: CommandAPDU(cla: 0x00, ins: 0x20, p1: 0x00, p2: 0x80)))
    case .change(let name, let value): return .answer(change(name, to: value))
    case .read(let path): return .answer(read(path))
    case .record(let path, let number):
      let command = CommandAPDU(
        cla: 0x00, ins: 0xB2, p1: UInt8(truncatingIfNeeded: number), p2: 0x04, expectedLength: 256)
      return .answer(select(path, then: command))
    case .sign(let path, let data):
      let command = CommandAPDU(
        cla: 0x80, ins: 0x2A, p1: Self.hashedDigest, p2: 0x80, data: data, expectedLength: 256)
      return .answer(select(path, then: command))
    case .certificate(let path): return certificate(path)
    case .reset:
      application = nil
      return .answer(world.reset())
    case .power:
      application = nil
      return .answer(world.power())
    case .operatorReset(let reset): return operate(reset)
    case .control(let control, let arguments): return self.control(control, arguments)
    case .clock(let text):
      day = StoryDay(text)
      return .done
    case .again: return last
    }
  }

  /// P1 of COMPUTE DIGITAL SIGNATURE: the card hashes and adds the DigestInfo.
  private static var hashedDigest: UInt8 { 0x03 }

  private mutating func transmit(_ command: [UInt8]) -> StoryAnswer {
    let answer = world.transmit(command)
    exchangeCount += 1
    exchanges.append(StoryExchange(command: command, answer: answer))
    if case .response = answer {} else { application = nil }
    return answer
  }

  private mutating func select(_ name: ApplicationName) -> StoryAnswer {
    if application == name { return .response([0x90, 0x00]) }
    let command = CommandAPDU(cla: 0x00, ins: 0xA4, p1: 0x04, p2: 0x0C, data: StoryNames.id(of: name))
    let answer = transmit(command.bytes)
    application = answer.isSuccess ? name : nil
    return answer
  }

  private mutating func select(_ path: FilePath) -> StoryAnswer {
    let answer = select(path.application)
    guard answer.isSuccess else { return answer }
    let id = path.file.rawValue
    let bytes = [UInt8(id >> 8), UInt8(id & 0xFF)]
    return transmit(CommandAPDU(cla: 0x00, ins: 0xA4, p1: 0x02, p2: 0x0C, data: bytes).bytes)
  }

  private mutating func select(_ path: FilePath, then command: CommandAPDU) -> StoryAnswer {
    let answer = select(path)
    return answer.isSuccess ? transmit(command.bytes) : answer
  }

  private mutating func verify(_ name: PINName, _ value: StoryPIN) -> StoryAnswer {
    select(
      name.path, then: CommandAPDU(cla: 0x00, ins: 0x20, p1: 0x00, p2: 0x80, data: Array(text(value, of: name).utf8)))
  }

  private mutating func change(_ name: PINName, to value: StoryPIN) -> StoryAnswer {
    let text = text(value, of: name)
    let isByKey = name.path.application == .common || name.path.application == .residentRecord
    let command = CommandAPDU(
      cla: isByKey ? 0x80 : 0x00, ins: isByKey ? 0x32 : 0x24, p1: isByKey ? 0x00 : 0x01, p2: 0x80,
      data: Array(text.utf8))
    let answer = select(name.path, then: command)
    if answer.isSuccess { pins[name] = text }
    return answer
  }

  /// Reads block by block, up to the end of the file or of the DER object at its head.
  private mutating func read(_ path: FilePath) -> StoryAnswer {
    var answer = select(path)
    guard answer.isSuccess else { return answer }
    var data: [UInt8] = []
    var end = Self.longestFile
    while data.count < end {
      let (high, low) = (UInt8(data.count >> 8 & 0x7F), UInt8(data.count & 0xFF))
      let command = CommandAPDU(cla: 0x00, ins: 0xB0, p1: high, p2: low, expectedLength: min(256, end - data.count))
      answer = transmit(command.bytes)
      guard case .response(let bytes) = answer, answer.isSuccess else {
        // The file ended with the block before.
        if answer.status == .wrongOffset, !data.isEmpty { break }
        return answer
      }
      if data.isEmpty, bytes.count > 5, bytes.starts(with: [0x30, 0x82]) {
        end = 4 + Int(bytes[2]) << 8 + Int(bytes[3])
      }
      data += bytes.dropLast(2)
      if bytes.count < 258 { break }
    }
    return .response(data + [0x90, 0x00])
  }

  private static var longestFile: Int { 0x8000 }

  private mutating func certificate(_ path: FilePath) -> Outcome {
    let answer = read(path)
    guard case .response(let bytes) = answer, answer.isSuccess else { return .answer(answer) }
    guard let term = StoryTerm(certificate: bytes.dropLast(2)), let day else {
      return .failed("there is no certificate in \(path)")
    }
    return .term(term, term.term(on: day))
  }

  private mutating func operate(_ reset: OperatorReset) -> Outcome {
    var works = false
    if let other = reset.other { works = verify(other.pin, other.value).isSuccess }
    do throws(StoryRefusal) {
      try world.resetPIN(reset, otherPINWorks: works, on: today)
    } catch {
      return error.isAnswer ? .refused(error.reason) : .failed(error.reason)
    }
    for name in [reset.pin] + reset.pin.companions { pins[name] = reset.value }
    return .done
  }

  private mutating func control(_ control: StoryControl, _ arguments: [String]) -> Outcome {
    do throws(StoryRefusal) {
      try world.control(control, arguments, on: today)
    } catch {
      return error.isAnswer ? .refused(error.reason) : .failed(error.reason)
    }
    switch control {
    case .insert:
      application = nil
      pins = [:]
    case .eject: application = nil
    case .set:
      for argument in arguments {
        let parts = argument.split(separator: "=", maxSplits: 1)
        guard parts.count == 2, parts[0].hasSuffix(".pin"), let name = PINName(rawValue: String(parts[0].dropLast(4)))
        else { continue }
        pins[name] = String(parts[1])
      }
    default: break
    }
    return .done
  }

  private var today: String { day?.text ?? world.today }

  private func text(_ value: StoryPIN, of name: PINName) -> String {
    let right = pins[name] ?? world.pin(name) ?? ""
    switch value {
    case .literal(let text): return text
    case .right: return right
    case .wrong:
      let length = right.isEmpty ? 4 : right.utf8.count
      if name == .sign {
        let guess = "WRONG1" + String(repeating: "X", count: max(0, length - 6))
        return guess == right ? "WRONG2" + guess.dropFirst(6) : guess
      }
      let guess = String(repeating: "0", count: length)
      return guess == right ? String(repeating: "9", count: length) : guess
    }
  }
}

extension StoryAnswer {
  var status: StatusWord? {
    guard case .response(let bytes) = self, bytes.count >= 2 else { return nil }
    return StatusWord(rawValue: UInt16(bytes[bytes.count - 2]) << 8 | UInt16(bytes[bytes.count - 1]))
  }

  var data: [UInt8] {
    if case .response(let bytes) = self { return bytes.dropLast(2) }
    return []
  }

  var isSuccess: Bool { status == .success }
}

extension StoryPlayer {
  private static func meets(_ outcome: Outcome, _ expectation: StoryExpectation) -> Bool {
    switch (outcome, expectation) {
    case (.done, .ok), (.refused, .refused): return true
    case (.term(_, let term), .certificate(let expected)): return term == expected
    case (.term, .ok): return true
    case (.answer(let answer), _): return meets(answer, expectation)
    default: return false
    }
  }

  private static func meets(_ answer: StoryAnswer, _ expectation: StoryExpectation) -> Bool {
    switch (answer, expectation) {
    case (.noCard, .noCard), (.mute, .mute): return true
    case (.response(let bytes), _) where bytes.count >= 2:
      // An answer to reset has no status word.
      let isATR = bytes[0] == 0x3B && answer.status != .success
      return meets(answer.status ?? .noPreciseDiagnosis, answer.data, isATR: isATR, expectation)
    default: return false
    }
  }

  private static func meets(
    _ status: StatusWord, _ data: [UInt8], isATR: Bool, _ expectation: StoryExpectation
  ) -> Bool {
    switch expectation {
    case .ok: status.isSuccess || isATR
    case .status(let expected): status == expected
    case .triesLeft(let count): status.triesLeft == count
    case .locked: status == .referencedKeyBlocked || status == .authenticationMethodBlocked
    case .refused: !status.isSuccess && status.triesLeft == nil && !isATR
    case .answer(let expected, let hasMore, let expectedStatus):
      status == expectedStatus && (hasMore ? data.starts(with: expected ?? []) : data == expected ?? [])
    case .text(let text): data.contains(text)
    case .length(let length): status.isSuccess && data.count == length
    case .certificate, .noCard, .mute: false
    }
  }

  private static func words(_ outcome: Outcome) -> String {
    switch outcome {
    case .done: return "ok"
    case .refused(let reason): return "refused: \(reason)"
    case .failed(let reason): return reason
    case .term(_, let term): return term.rawValue
    case .answer(.noCard): return "no card"
    case .answer(.mute): return "mute"
    case .answer(.response(let bytes)):
      let answer = StoryAnswer.response(bytes)
      let data = answer.data
      let status = answer.status?.description ?? ""
      guard data.isEmpty else {
        return "\(data.prefix(32).hexString)\(data.count > 32 ? ".. " : " ")\(status) (\(data.count) bytes)"
      }
      return status + (answer.status?.triesLeft.map { " (\($0) left)" } ?? "")
    }
  }
}

extension [UInt8] {
  fileprivate func contains(_ text: String) -> Bool {
    let needle = Array(text.utf8)
    guard !needle.isEmpty, count >= needle.count else { return needle.isEmpty }
    return (0...(count - needle.count)).contains { self[$0] == needle[0] && self[$0...].starts(with: needle) }
  }
}

extension StoryExpectation {
  /// As a script has it.
  public var words: String {
    switch self {
    case .ok: "ok"
    case .status(let status): "\(status)"
    case .triesLeft(let count): "\(StatusWord.triesLeft(count)) (\(count) left)"
    case .locked: "locked"
    case .refused: "refused"
    case .answer(let bytes, let hasMore, let status): "\((bytes ?? []).hexString)\(hasMore ? ".." : "") \(status)"
    case .text(let text): "\"\(text)\""
    case .length(let length): "length \(length)"
    case .certificate(let term): term.rawValue
    case .noCard: "no card"
    case .mute: "mute"
    }
  }
}
