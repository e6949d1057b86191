import CardKernel
import CardTestSupport
import Cryptography
import ISO7816
import MyNumberCard
import Testing

/// A hundred thousand APDUs, mostly sensible: the counters obey their law, and the disk always says what the card says.
@Suite struct StreamTests {
  private struct Sender {
    var random: RandomBytes
    let applications = CardGeneration.plastic.applications

    /// The next APDU, and whether it presents a guess.
    mutating func next() -> [UInt8] {
      switch random.below(16) {
      case 0, 1:
        let id = random.element(of: applications).flatMap { [UInt8](hex: $0.id) } ?? []
        let name = Array(id.prefix(1 + random.below(id.count)))
        return [0x00, 0xA4, 0x04, random.below(4) == 0 ? 0x02 : 0x0C, UInt8(name.count)] + name
      case 2, 3, 4:
        return [0x00, 0xA4, 0x02, 0x0C, 0x02, 0x00, UInt8(random.below(0x20))]
      case 5, 6:
        return [0x00, 0xB0, UInt8(random.below(random.below(2) == 0 ? 4 : 256)), UInt8(random.below(256))]
          + (random.below(3) == 0 ? [0x00] + random.bytes(2) : random.bytes(1))
      case 7: return [0x00, 0x20, 0x00, reference()]
      case 8, 9:
        let guess = guess()
        return [random.below(12) == 0 ? 0x10 : 0x00, 0x20, 0x00, reference(), UInt8(guess.count)] + guess
      case 10:
        let new = guess()
        return (random.below(2) == 0 ? [0x00, 0x24, 0x01, 0x80] : [0x80, 0x32, 0x00, 0x80]) + [UInt8(new.count)] + new
      case 11: return [0x80, 0x2A, UInt8(random.below(7)), reference(), 0x20] + random.bytes(32) + [0x00]
      case 12: return [0x00, 0xB2, UInt8(random.below(3)), UInt8(random.below(32)), 0x00]
      case 13: return [0x00, 0x84, 0x00, 0x00, UInt8(random.below(256))]
      case 14:
        return [random.below(3) == 0 ? 0x08 : 0x00] + random.bytes(3) + [UInt8(random.below(256))]
          + random.bytes(random.below(20))
      default: return random.bytes(random.below(12))
      }
    }

    private mutating func reference() -> UInt8 { random.below(2) == 0 ? 0x80 : 0x80 | UInt8(random.below(0x20)) }

    private mutating func guess() -> [UInt8] {
      if random.below(2) == 0, let pin = random.element(of: PINName.allCases) { return SyntheticCard.value(of: pin) }
      return (0..<1 + random.below(16)).map { _ in UInt8(ascii: "0") + UInt8(random.below(10)) }
    }
  }

  @Test func aHundredThousand() throws {
    let allowed = try SweepTests.allowedWords()
    var sender = Sender(random: RandomBytes(seed: testSeed("StreamTests.aHundredThousand")))
    var effects = TestEffects(isKeyless: true)
    let fresh = try SyntheticCard.make()
    var card = fresh
    var successes = 0
    for index in 0..<100_000 {
      let command = sender.next()
      let commits = effects.commits.count
      let application = card.currentApplication.name
      let answer = card.answer(to: command, with: &effects)
      let name = answer.status.triesLeft == nil ? answer.status.description : "63Cx"
      if !allowed.contains(name) { Issue.record("\(command.hexString) answered \(answer.status)") }
      if answer.status.isSuccess { successes += 1 }
      // What a command commits belongs to the application in which it was sent, and to no more than one counter.
      let made = effects.commits[commits...]
      if made.count > 2 || made.contains(where: { $0.path.application != application }) {
        Issue.record("\(command.hexString) committed \(made)")
      }
      try check(made, answer, command)
      switch sender.random.below(4_000) {
      case 0: card.powerCycle()
      case 1: card.warmReset()
      case 2...4:
        // Into a fresh state, or every PIN would soon be blocked; and there the disk must say what the card said.
        let restarted = effects.restart(fresh)
        for path in CardDriver.pinPaths { #expect(card.pin(path) == restarted.pin(path), "\(path) at \(index)") }
        card = fresh
        effects = TestEffects(seed: UInt64(index), isKeyless: true)
      default: break
      }
    }
    #expect(successes > 20_000)
  }

  private func check(_ made: ArraySlice<CardChange>, _ answer: ResponseAPDU, _ command: [UInt8]) throws {
    guard let first = made.first else {
      // Without a commit nobody has been told whether a guess was right.
      if command.count > 5, command[0] == 0x00, command[1] == 0x20, answer.status.isSuccess {
        Issue.record("\(command.hexString) was answered without being paid for")
      }
      return
    }
    switch first {
    case .triesLeft(_, let left):
      if made.count == 1 {
        #expect(answer.status == .triesLeft(left), "\(command.hexString)")
      } else {
        #expect(answer.status.isSuccess, "\(command.hexString)")
      }
    case .pin: #expect(answer.status.isSuccess && made.count == 1, "\(command.hexString)")
    default: Issue.record("\(command.hexString) changed a file")
    }
  }
}
