import CardKernel
import CardModel
import CardTestSupport
import ISO7816
import MyNumberCard
import Testing

/// The sweep: every class, instruction and file identifier and the classes of P1 and P2, in every application, with and without PINs,
/// with random lengths. Every answer stands in the table of status words; no counter moves but by a guess or a change.
@Suite struct SweepTests {
  /// One application in one state, and the words that the model allows.
  private struct Bench {
    let start: Card
    var card: Card
    var effects = TestEffects(isKeyless: true)
    let allowed: Set<String>
    private(set) var count = 0

    init(_ application: ApplicationName, verified: Bool, allowed: Set<String>) throws {
      let driver = try CardDriver()
      if application != .cardManager || verified { #expect(driver.select(application) == .success) }
      if verified {
        for pin in PINName.allCases where pin.path.application == application {
          #expect(driver.verify(pin) == .success)
        }
      }
      start = driver.card
      card = driver.card
      self.allowed = allowed
    }

    mutating func send(_ bytes: [UInt8]) {
      count += 1
      let commits = effects.commitCount
      let answer = card.answer(to: bytes, with: &effects)
      let name = answer.status.triesLeft == nil ? answer.status.description : "63Cx"
      if !allowed.contains(name) { Issue.record("\(bytes.prefix(40).hexString) answered \(answer.status)") }
      if !answer.data.isEmpty && answer.status != .success {
        Issue.record("\(bytes.prefix(40).hexString): data with \(answer.status)")
      }
      if effects.commitCount != commits && !Self.mayCommit(bytes) {
        Issue.record("\(bytes.prefix(40).hexString) changed the memory")
      }
    }

    /// VERIFY and the two commands that change a PIN.
    private static func mayCommit(_ bytes: [UInt8]) -> Bool {
      guard bytes.count > 4 else { return false }
      return bytes[1] == 0x20 || bytes[1] == 0x24 || bytes[1] == 0x32
    }

    mutating func answer(_ bytes: [UInt8]) -> StatusWord { card.answer(to: bytes, with: &effects).status }

    mutating func reset() { card = start }

    func expectUntouchedCounters() {
      for path in CardDriver.pinPaths {
        #expect(card.pin(path) == start.pin(path), "\(path)")
      }
    }
  }

  static let places: [(ApplicationName, Bool)] = CardGeneration.plastic.applications.flatMap {
    [($0.name, false), ($0.name, true)]
  }

  static func allowedWords() throws -> Set<String> {
    Set(try #require(TheModel.shared.get().table("Status words", "status")).rows.map { $0["status"] })
  }

  static let parameters: [UInt8] = [
    0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x0C, 0x16, 0x1F, 0x22, 0x24, 0x40, 0x7F, 0x80, 0x81, 0x86, 0x97, 0x98,
    0x99, 0x9A, 0x9B, 0x9F, 0xA0, 0xC1, 0xFF,
  ]

  /// All instructions with all classes of P1 and P2, without data: nothing may move a counter.
  @Test(arguments: places) func withoutData(_ place: (ApplicationName, Bool)) throws {
    var bench = try Bench(place.0, verified: place.1, allowed: try Self.allowedWords())
    for cla: UInt8 in [0x00, 0x80] {
      for ins: UInt8 in 0x00...0xFF {
        // An unknown instruction is refused before its parameters are looked at: a few of them will do.
        let isUnknown = bench.answer([cla, ins, 0x00, 0x00]) == .instructionNotSupported
        for p1 in isUnknown ? [0x00, 0xFF] : Self.parameters {
          for p2 in isUnknown ? [0x80, 0x97] : Self.parameters {
            bench.send([cla, ins, p1, p2])
            if bench.count % 7 == 0 { bench.send([cla, ins, p1, p2, 0x00]) }
          }
        }
        bench.reset()
      }
    }
    bench.expectUntouchedCounters()
    #expect(bench.effects.commitCount == 0)
  }

  /// All classes with all instructions.
  @Test(arguments: places) func classesAndInstructions(_ place: (ApplicationName, Bool)) throws {
    var bench = try Bench(place.0, verified: place.1, allowed: try Self.allowedWords())
    for cla: UInt8 in 0x00...0xFF {
      for ins: UInt8 in 0x00...0xFF { bench.send([cla, ins, 0x00, 0x80]) }
      bench.reset()
    }
    #expect(bench.effects.commitCount == 0)
  }

  /// Every identifier, selected, and read where it exists.
  @Test(arguments: places) func fileIdentifiers(_ place: (ApplicationName, Bool)) throws {
    var bench = try Bench(place.0, verified: place.1, allowed: try Self.allowedWords())
    var found: [FileID] = []
    for identifier in UInt16.min...UInt16.max {
      // All of the ranges that real sweeps try, one in five of the rest.
      guard identifier < 0x0200 || (0x2F00...0x3FFF).contains(identifier) || identifier % 5 == 0 else { continue }
      let select: [UInt8] = [0x00, 0xA4, 0x02, 0x0C, 0x02, UInt8(identifier >> 8), UInt8(identifier & 0xFF)]
      guard bench.card.answer(to: select, with: &bench.effects).status.isSuccess else { continue }
      found.append(FileID(identifier))
      for command in [
        "00B0000000", "00B0000100", "00B07FFF01", "00B00000000000", "00B2010400", "00B2010500", "00200080",
      ] {
        bench.send([UInt8](hex: command) ?? [])
      }
    }
    #expect(found == (CardGeneration.plastic.application(place.0)?.files.map(\.id).sorted() ?? []))
    bench.expectUntouchedCounters()
  }

  /// All instructions with data of random lengths in all encodings; only guesses and changes may move a counter.
  @Test(arguments: places) func withData(_ place: (ApplicationName, Bool)) throws {
    var bench = try Bench(place.0, verified: place.1, allowed: try Self.allowedWords())
    var random = RandomBytes(seed: testSeed("SweepTests.withData \(place.0) \(place.1)"))
    let lengths = [1, 2, 4, 5, 16, 17, 31, 32, 33, 245, 246, 255, 256, 257, 307, 261, 1000]
    for cla: UInt8 in [0x00, 0x80, 0x10, 0x90, 0x08, 0x0C] {
      for ins: UInt8 in 0x00...0xFF {
        for _ in 0..<6 {
          let length = random.below(4) == 0 ? random.below(600) : random.element(of: lengths) ?? 1
          let command = CommandAPDU(
            cla: cla, ins: ins, p1: random.element(of: Self.parameters) ?? 0,
            p2: random.element(of: Self.parameters) ?? 0, data: random.bytes(length),
            expectedLength: random.below(2) == 0 ? nil : 1 + random.below(random.below(2) == 0 ? 256 : 65_536),
            isExtended: random.below(4) == 0)
          bench.send(command.bytes)
        }
        bench.reset()
      }
    }
  }
}
