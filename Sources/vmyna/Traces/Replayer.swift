import CardHost
import CardImage
import CardKernel
import CardRules
import ISO7816
import MyNumberCard
import Personalization
import Trace

/// Repeats a recorded session with the same cards, and holds the answers against the recorded ones.
///
/// A masked PIN command is made again from what the card holds: where the recorded answer says that the PIN was right, the card's
/// own; where it was wrong, another one of the same length. What stays hidden beyond that (secure messaging, chained PINs)
/// is left out and counted.
struct Replayer {
  /// What came of it.
  struct Outcome {
    var exchanges = 0
    var skipped = 0
    var differences: [Difference] = []
    /// What cannot be as it was.
    var warnings: [String] = []
  }

  /// An exchange whose answer is another one now.
  struct Difference {
    var number: Int
    var event: TraceEvent
    var recorded: TraceSession.Answer
  }

  private let chosenCard: String?
  private var hosts: [Int: CardHost] = [:]
  private var outcome = Outcome()
  private var number = 0

  /// - Parameter card: the card to use instead of the recorded one.
  init(card: String?) { chosenCard = card }

  mutating func replay(_ session: TraceSession) throws -> Outcome {
    if !session.steps.contains(where: { if case .card = $0.kind { true } else { false } }) {
      guard let chosenCard else {
        throw UserError(
          "the trace does not say with which card it begins", at: "the trace", fix: "name it with --card", exitCode: 1)
      }
      let found = try CardLibrary().find(chosenCard)
      for slot in Set(session.steps.map(\.slot)) {
        hosts[slot] = try CardHost(image: found.image, location: found.location)
        _ = hosts[slot]?.powerOn()
      }
    }
    for step in session.steps { try replay(step) }
    return outcome
  }

  private mutating func replay(_ step: TraceSession.Step) throws {
    let host = hosts[step.slot]
    switch step.kind {
    case .card(let card): hosts[step.slot] = try make(card)
    case .inserted: break
    case .removed: hosts[step.slot] = nil
    case .powerOn: _ = host?.powerOn()
    case .powerOff: host?.powerOff()
    case .warmReset: _ = host?.warmReset()
    case .changed(let cause, let tries):
      warn(
        cause == "fault"
          ? "there were faults, which are not repeated: answers differ where they struck"
          : "'\(cause)' changed the card from outside; of that only the counters are known")
      if let host { set(tries, on: host) }
    case .exchange(let command, let answer): exchange(command, answer, with: host, slot: step.slot)
    }
  }

  private mutating func warn(_ text: String) {
    if !outcome.warnings.contains(text) { outcome.warnings.append(text) }
  }

  private mutating func make(_ card: TraceEvent.Card) throws -> CardHost {
    if card.keys == "random" && chosenCard == nil {
      warn("the keys of \(card.name) were random: signatures and certificates differ")
    }
    let random = card.keys == "random"
    let minter =
      JapanInstant(card.minted).map { Minter(at: $0, seed: card.seed, usesRandomKeys: random) }
      ?? Minter(today: CardLibrary.today, seed: card.seed, usesRandomKeys: random)
    let found = try CardLibrary(minter: minter).find(chosenCard ?? card.name)
    if StateJournal.fingerprint(of: found.image) != card.fingerprint {
      warn("\(found.image.manifest.name) is not quite the card of the session (another release, or another file)")
    }
    let host = try CardHost(image: found.image, location: found.location)
    // Another card is to be seen as it is.
    if chosenCard == nil { set(card.tries, on: host) }
    return host
  }

  private func set(_ tries: [String: Int], on host: CardHost) {
    try? host.apply(cause: "replay") { card in
      tries.compactMap { name, count -> CardChange? in
        guard let path = PINName(rawValue: name)?.path, let pin = card.pin(path), pin.triesLeft != count else {
          return nil
        }
        return .pin(path, value: pin.value, triesLeft: count)
      }
    }
  }

  private mutating func exchange(
    _ command: TraceBytes, _ recorded: TraceSession.Answer, with host: CardHost?, slot: Int
  ) {
    number += 1
    guard let bytes = command.unmasked ?? host.flatMap({ Self.fill(command, recorded, $0) }) else {
      outcome.skipped += 1
      return
    }
    outcome.exchanges += 1
    let exchange = host?.transmit(bytes)
    let event = TraceEvent(
      sequence: number, time: 0, slot: slot,
      kind: .exchange(
        TraceEvent.Exchange(
          command: bytes, response: exchange?.response ?? [],
          application: exchange?.application ?? ApplicationName(rawValue: "-"), file: exchange?.file, microseconds: 0)))
    guard case .exchange(_, let answer)? = TraceSession([event]).steps.first?.kind, !answer.agrees(with: recorded)
    else {
      return
    }
    outcome.differences.append(Difference(number: number, event: event.masked, recorded: recorded))
  }

  /// A masked PIN command with a PIN in it.
  private static func fill(_ command: TraceBytes, _ answer: TraceSession.Answer, _ host: CardHost) -> [UInt8]? {
    guard let start = command.bytes.firstIndex(of: nil), start >= 5, let last = command.bytes.lastIndex(of: nil) else {
      return nil
    }
    let hidden = start...last
    let shown = command.bytes.indices.filter { !hidden.contains($0) }
    let header = command.bytes.prefix(4).compactMap { $0 }
    guard header.count == 4, shown.allSatisfy({ command.bytes[$0] != nil }), header[0] == 0x00 || header[0] == 0x80,
      let path = host.file(of: header[3])
    else { return nil }
    let pin = host.pin(at: path)
    let wasRight = answer.status == StatusWord.success.rawValue
    let value: [UInt8]?
    switch header[1] {
    case 0x20: value = wasRight ? pin?.value : Guess.wrong(length: hidden.count, not: pin?.value)
    case 0x24, 0x32:
      let isBadForm = answer.status == StatusWord.incorrectData.rawValue
      value = isBadForm ? Guess.malformed(length: hidden.count) : Guess.fresh(length: hidden.count, for: pin)
    default: value = nil
    }
    guard let value, value.count == hidden.count else { return nil }
    return command.bytes.prefix(start).compactMap { $0 } + value
      + command.bytes.suffix(from: last + 1).compactMap { $0 }
  }

  /// Values to type.
  private enum Guess {
    static func wrong(length: Int, not right: [UInt8]?) -> [UInt8] {
      let zeros = [UInt8](repeating: UInt8(ascii: "0"), count: length)
      return zeros == right ? [UInt8](repeating: UInt8(ascii: "9"), count: length) : zeros
    }

    static func malformed(length: Int) -> [UInt8] { [UInt8](repeating: UInt8(ascii: "a"), count: length) }

    /// Another one of the right form.
    static func fresh(length: Int, for pin: PIN?) -> [UInt8] {
      let isMixed = if case .lettersAndDigits? = pin?.format { true } else { false }
      let first: [UInt8] = (0..<length).map { index in
        isMixed && index % 2 == 0 ? UInt8(ascii: "N") : UInt8(ascii: "1") + UInt8(index % 9)
      }
      return first == pin?.value ? first.reversed() : first
    }
  }
}

extension CardHost {
  /// The file that P2 of a PIN command means.
  fileprivate func file(of p2: UInt8) -> FilePath? {
    guard p2 & 0xE0 == 0x80 else { return nil }
    let application = status.application
    if p2 == 0x80 { return currentFileID.map { FilePath(application, $0) } }
    return FileID(shortIdentifier: p2 & 0x1F).map { FilePath(application, $0) }
  }

  fileprivate func pin(at path: FilePath) -> PIN? {
    if case .pin(let pin)? = file(path)?.content { return pin }
    return nil
  }
}
