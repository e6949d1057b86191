import ISO7816
import Testing

@testable import Scenario

@Suite("Faults: words and plan")
struct FaultTests {
  static let words: [(String, Fault)] = [
    ("mute", Fault(.mute)),
    ("mute now", Fault(.mute)),
    ("mute at verify", Fault(.mute, .named(.before, .instructions([0x20])))),
    ("mute before verify once", Fault(.mute, .named(.before, .instructions([0x20])))),
    ("mute at power-on always", Fault(.mute, .named(.before, .powerOn), until: .cleared)),
    ("delay 300ms always", Fault(.delay(300, isSilent: false), until: .cleared)),
    ("delay 7s silently at 3", Fault(.delay(7000, isSilent: true), .command(number: 3))),
    ("corrupt during read 2 times", Fault(.corrupt, .named(.during, .instructions([0xB0])), until: .times(2))),
    ("answer 6F00 at 3 2 times", Fault(.answer([0x6F, 0x00]), .command(number: 3), until: .times(2))),
    ("remove", Fault(.remove(backAfter: nil))),
    ("remove for 500ms", Fault(.remove(backAfter: 500))),
    ("remove during sign for 500ms", Fault(.remove(backAfter: 500), .named(.during, .instructions([0x2A])))),
    ("power before write", Fault(.power, .write(.before, number: 1))),
    ("power after write 2", Fault(.power, .write(.after, number: 2))),
    ("power before write 3 times", Fault(.power, .write(.before, number: 1), until: .times(3))),
    ("mute after AE until reinserted", Fault(.mute, .named(.after, .instructions([0xAE])), until: .reinserted)),
    ("mute at any", Fault(.mute, .named(.before, .any))),
    ("mute before INS 24", Fault(.mute, .named(.before, .instructions([0x24])))),
    ("mute at INS 20", Fault(.mute, .named(.before, .instructions([0x20])))),
    ("mute during 20", Fault(.mute, .named(.during, .instructions([0x20])))),
    ("mute during 24", Fault(.mute, .named(.during, .instructions([0x24])))),
    ("corrupt after INS 2432", Fault(.corrupt, .named(.after, .instructions([0x24, 0x32])))),
    ("mute at 2A", Fault(.mute, .named(.before, .instructions([0x2A])))),
    ("mute before 3", Fault(.mute, .command(number: 3))),
    ("mute at command 20 2 times", Fault(.mute, .command(number: 20), until: .times(2))),
    ("mute at 100", Fault(.mute, .command(number: 100))),
    ("power now once", Fault(.power)),
  ]

  @Test("words mean a fault, and a fault has words", arguments: words)
  func parse(text: String, fault: Fault) throws {
    #expect(try Fault.parse(text) == [fault])
    #expect(try Fault.parse(fault.description) == [fault])
  }

  private static let kinds: [Fault.Kind] = [
    .mute, .corrupt, .power, .answer([0x6F, 0]), .answer([1, 2, 3, 0x90, 0]), .remove(backAfter: nil),
    .remove(backAfter: 60_000), .delay(1, isSilent: false), .delay(2000, isSilent: true),
  ]

  @Test("whatever is ordered reads back from its words as the same", arguments: [1, 2, 3])
  func readsBack(seed: UInt64) throws {
    var noise = FaultNoise(state: seed)
    var refused = 0
    for _ in 0..<20_000 {
      let timing = Fault.Timing.allCases.randomElement(using: &noise) ?? .before
      let number = Int.random(in: 1...120, using: &noise)
      let byte = UInt8.random(in: 0...255, using: &noise)
      let named = FaultCommand.names.map(\.command) + Array(repeating: FaultCommand.instructions([byte]), count: 8)
      let triggers: [Fault.Trigger] = [
        .now, .command(number: number), .write(timing, number: number),
        .named(timing, named.randomElement(using: &noise) ?? .any),
      ]
      let untils: [Fault.Until] = [.times(1), .times(number), .reinserted, .cleared]
      let fault = Fault(
        Self.kinds.randomElement(using: &noise) ?? .mute, triggers.randomElement(using: &noise) ?? .now,
        until: untils.randomElement(using: &noise) ?? .times(1))
      do throws(FaultSyntax) {
        #expect(try Fault.parse(fault.description) == [fault], "seed \(seed): \(fault)")
      } catch {
        // Faults that cannot be: they are refused for what they are, never for their spelling.
        let problems = ["around a write", "the power cannot go", "happens at once, and once"]
        #expect(problems.contains { error.problem.contains($0) }, "seed \(seed): \(fault): \(error.problem)")
        refused += 1
      }
    }
    #expect(refused < 10_000)
  }

  @Test("a resident's words", arguments: Fault.residentWords.map(\.word))
  func resident(word: String) throws { #expect(try !Fault.parse(word).isEmpty) }

  static let wrong: [(String, word: Int, problem: String, fix: String)] = [
    ("", 0, "what is to happen is missing", "mute at verify"),
    ("mut", 0, "there is no fault 'mut'", "did you mean 'mute'?"),
    ("mute at", 2, "a command is missing", "mute at verify"),
    ("mute at verfy", 2, "there is no command 'verfy'", "did you mean 'verify'?"),
    ("mute at 0", 2, "'0' is no command's number", "count from 1"),
    (
      "mute at 20", 2, "'20' can be a command's number or an instruction byte",
      "at command 20, counted from now, or: at INS 20"
    ),
    ("mute before 24", 2, "can be a command's number or an instruction byte", "before INS 24"),
    ("mute at INS", 3, "the instruction byte is missing", "mute at verify"),
    ("mute at INS 2", 3, "'2' is no instruction byte", "at INS 24"),
    ("mute at command x", 3, "'x' is no command's number", "count from 1"),
    ("remove always", 1, "a 'remove' or 'power' without a trigger happens at once, and once", "remove during verify"),
    ("power always", 1, "happens at once, and once", "power at any always"),
    ("power now until reinserted", 2, "happens at once, and once", "name a trigger"),
    ("remove for 300ms 5 times", 3, "happens at once, and once", "name a trigger"),
    ("delay", 1, "the time is missing", "delay 300ms"),
    ("delay 3", 1, "'3' is no time", "300ms"),
    ("delay 61s", 1, "'61s' is no time", "60s"),
    ("delay 99999999999999999999s", 1, "is no time", "300ms"),
    ("answer 6F0", 1, "'6F0' is no answer", "6F00"),
    ("answer 90", 1, "'90' is no answer", "6F00"),
    ("mute 3 tims", 1, "'3' is not understood", "3 times"),
    ("mute 0 times", 2, "'0 times' is never", "once"),
    ("mute until", 2, "'until' what?", "until reinserted"),
    ("mute once more", 2, "'more' is too much", "mute at verify"),
    ("mute before write", 1, "around a write only the card or its power can go", "power before write"),
    ("power at power-on", 1, "the power cannot go before it comes", "mute at power-on"),
  ]

  @Test("what is no fault has a place and advice", arguments: wrong)
  func refuse(text: String, word: Int, problem: String, fix: String) {
    let error = #expect(throws: FaultSyntax.self) { try Fault.parse(text) }
    #expect(error?.word == word)
    #expect(error?.problem.contains(problem) == true, "\(error?.problem ?? "")")
    #expect(error?.fix.contains(fix) == true, "\(error?.fix ?? "")")
  }

  private let verify = FaultPlan.Request.command(instruction: 0x20)
  private let select = FaultPlan.Request.command(instruction: 0xA4)

  private func plan(_ text: String...) throws -> FaultPlan {
    var plan = FaultPlan()
    for text in text { for fault in try Fault.parse(text) { plan.add(fault) } }
    return plan
  }

  @Test("a fault strikes what it names, as often as it says, and is gone")
  func counts() throws {
    var plan = try plan("mute at verify 2 times")
    #expect(plan.order(for: select) == FaultPlan.Order())
    for _ in 0..<2 {
      let order = plan.order(for: verify)
      #expect(order.answer == .none && !order.reachesCard)
    }
    #expect(plan.isEmpty)
    #expect(plan.order(for: verify) == FaultPlan.Order())
  }

  @Test("the n-th command, and those after it")
  func numbered() throws {
    var plan = try plan("answer 6F00 at 3 2 times")
    let struck = (0..<6).map { _ in plan.order(for: select).answer != .whole }
    #expect(struck == [false, false, true, true, false, false])
  }

  @Test("during: the card does it, the answer is hit; after: the next one is")
  func timings() throws {
    var plan = try plan("mute during verify", "answer 6F00 after select")
    #expect(plan.order(for: verify).reachesCard)
    #expect(plan.order(for: select).answer == .whole)
    #expect(plan.order(for: verify).answer == .other([0x6F, 0x00]))
    #expect(plan.isEmpty)
    plan = try self.plan("power after select")
    let order = plan.order(for: select)
    #expect(order.answer == .whole && order.loss == .power && order.isLossAfter)
  }

  @Test("delays add up, and go with other faults")
  func delays() throws {
    var plan = try plan("delay 1s", "delay 500ms silently", "corrupt")
    let order = plan.order(for: select)
    #expect(order.delay == 1500 && order.isSilent && order.answer == .corrupt && order.reachesCard)
  }

  @Test("a write is waited for over commands that do not write")
  func writes() throws {
    var plan = try plan("power before write 3")
    #expect(plan.order(for: select).write?.number == 3)
    plan.wrote(0, cut: nil)
    #expect(plan.order(for: verify).write?.number == 3)
    plan.wrote(2, cut: nil)
    let order = plan.order(for: verify)
    #expect(order.write?.number == 1 && order.write?.isDone == false)
    plan.wrote(1, cut: order.write)
    #expect(plan.isEmpty)
  }

  @Test("what ends with a card, and what with the next one")
  func cards() throws {
    var plan = try plan("mute until reinserted", "mute always")
    plan.add(Fault(.corrupt, until: .cleared), isOfCard: true)
    for _ in 0..<5 { _ = plan.order(for: select) }
    #expect(plan.faults.count == 3)
    plan.cardEjected()
    #expect(plan.faults.count == 2)
    plan.cardInserted()
    #expect(plan.faults == [Fault(.mute, until: .cleared)])
    plan.clear()
    #expect(plan.isEmpty)
  }
}
