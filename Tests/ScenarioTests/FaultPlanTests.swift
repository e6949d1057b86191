import ISO7816
import Testing

@testable import Scenario

/// SplitMix64.
struct FaultNoise: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
}

@Suite("Faults that meet")
struct FaultPlanTests {
  private static let verify = FaultPlan.Request.command(instruction: 0x20)
  private static let select = FaultPlan.Request.command(instruction: 0xA4)

  private static func plan(_ faults: [Fault]) -> FaultPlan {
    var plan = FaultPlan()
    for fault in faults { plan.add(fault) }
    return plan
  }

  private static func plan(_ words: [String]) throws -> FaultPlan { plan(try words.flatMap { try Fault.parse($0) }) }

  static let meetings: [([String], FaultPlan.Order.Answer, reaches: Bool, loss: FaultPlan.Order.Loss?)] = [
    (["answer 6F00 at verify", "mute at verify"], .other([0x6F, 0]), false, nil),
    (["mute at verify", "answer 6F00 at verify"], .none, false, nil),
    (["corrupt during verify", "answer 6F00 at verify"], .corrupt, true, nil),
    (["answer 6F00 during verify", "power at verify"], .other([0x6F, 0]), true, nil),
    (["power at verify", "answer 6F00 during verify"], .none, false, .power),
    (["remove during verify for 2s", "power at verify"], .none, true, .card(backAfter: 2000)),
    (["mute at verify", "power after verify"], .none, false, .power),
    (["power after verify", "remove after verify"], .whole, true, .power),
    (["delay 1s at verify", "mute during verify", "corrupt at verify"], .none, true, nil),
  ]

  @Test("the first that decides about the answer decides", arguments: meetings)
  func first(words: [String], answer: FaultPlan.Order.Answer, reaches: Bool, loss: FaultPlan.Order.Loss?) throws {
    var plan = try Self.plan(words)
    let order = plan.order(for: Self.verify)
    #expect(order.answer == answer)
    #expect(order.reachesCard == reaches)
    #expect(order.loss == loss)
    #expect(plan.isEmpty)
    #expect(plan.order(for: Self.verify) == FaultPlan.Order())
  }

  private static let kinds: [Fault.Kind] = [
    .mute, .corrupt, .power, .answer([0x6F, 0]), .answer([0x90, 0]), .remove(backAfter: nil), .remove(backAfter: 500),
    .delay(100, isSilent: false), .delay(70, isSilent: true),
  ]

  @Test("any two to four that strike one command do what the one that decides does alone", arguments: [1, 2, 3])
  func property(seed: UInt64) {
    var noise = FaultNoise(state: seed)
    for _ in 0..<3_000 {
      let faults = (0..<Int.random(in: 2...4, using: &noise)).map { _ in
        let timing: Fault.Timing = Bool.random(using: &noise) ? .before : Bool.random(using: &noise) ? .during : .after
        return Fault(Self.kinds.randomElement(using: &noise) ?? .mute, .named(timing, .instructions([0x20])))
      }
      let alone = faults.map { fault in
        var plan = Self.plan([fault])
        return plan.order(for: Self.verify)
      }
      var plan = Self.plan(faults)
      let order = plan.order(for: Self.verify)
      let words = "seed \(seed): " + faults.map(\.description).joined(separator: ", ")
      let decider = alone.first { $0.answer != .whole }
      #expect(order.answer == decider?.answer ?? .whole, "\(words)")
      #expect(order.reachesCard == decider?.reachesCard ?? true, "\(words)")
      let after = alone.first(where: \.isLossAfter)
      #expect(order.loss == decider?.loss ?? after?.loss, "\(words)")
      #expect(order.isLossAfter == (decider?.loss == nil && after != nil), "\(words)")
      #expect(order.delay == alone.map(\.delay).reduce(0, +), "\(words)")
      #expect(order.isSilent == alone.contains(where: \.isSilent), "\(words)")
    }
  }

  @Test("what strikes the next command belongs to the card whose fault it was")
  func armed() {
    var plan = FaultPlan()
    plan.add(Fault(.mute, .named(.after, .instructions([0x20]))), isOfCard: true)
    _ = plan.order(for: Self.verify)
    #expect(plan.faultsOfCard == [Fault(.mute)])
    plan.cardEjected()
    #expect(plan.isEmpty)
  }

  /// A card in words: each command writes so often, and the power goes where the plan says.
  private static func cuts(_ plan: inout FaultPlan, commands: [Int]) -> [Int] {
    var (written, cuts) = (0, [Int]())
    for writes in commands {
      let order = plan.order(for: Self.verify)
      guard let write = order.write, write.number <= writes else {
        plan.wrote(writes, cut: nil)
        written += writes
        continue
      }
      let done = write.isDone ? write.number : write.number - 1
      plan.wrote(done, cut: write)
      written += done
      // Before write n: n - 1 are done, and the cut is between them; after it: n.
      cuts.append(write.isDone ? written : -(written + 1))
    }
    return cuts
  }

  /// Positive: after that write; negative: before it.
  static let writes: [([String], commands: [Int], cuts: [Int])] = [
    (["power before write 2", "power before write 1"], [2, 2, 2], [-1, -2]),
    (["power before write 1", "power before write 2"], [2, 2, 2], [-1, -2]),
    (["power after write 1", "power before write 3"], [2, 2], [1, -3]),
    (["power before write 3", "power after write 1"], [2, 2], [1, -3]),
    (["power after write 2", "power before write 2"], [2, 2], [-2, 2]),
    (["power after write 5"], [2, 1, 0, 2], [5]),
    (["power before write 2 2 times"], [2, 2, 2], [-2, -2]),
    (["power after write 2 2 times"], [2, 2, 2], [2, 3]),
    (["power after write 1", "power after write 2", "power after write 3"], [2, 2, 2, 2], [1, 2, 3]),
  ]

  @Test("the write with the smallest number is the next, and numbers count what is really written", arguments: writes)
  func cuts(words: [String], commands: [Int], cuts: [Int]) throws {
    var plan = try Self.plan(words)
    #expect(Self.cuts(&plan, commands: commands) == cuts)
    #expect(plan.isEmpty)
  }

  @Test("in whatever order they are ordered, cuts come at the writes that they name", arguments: [1, 2, 3])
  func writesProperty(seed: UInt64) {
    var noise = FaultNoise(state: seed)
    for _ in 0..<1_000 {
      let numbers = Set((0..<4).map { _ in Int.random(in: 1...12, using: &noise) })
      var plan = Self.plan(numbers.shuffled(using: &noise).map { Fault(.power, .write(.after, number: $0)) })
      let commands = (0..<40).map { _ in Int.random(in: 0...3, using: &noise) } + Array(repeating: 1, count: 20)
      #expect(Self.cuts(&plan, commands: commands) == numbers.sorted(), "seed \(seed): \(numbers), \(commands)")
    }
  }

  @Test("what waits is listed with what is left of its count")
  func remaining() throws {
    var plan = try Self.plan(["mute at 3", "power before write 4", "corrupt at verify 2 times"])
    _ = plan.order(for: Self.select)
    plan.wrote(2, cut: nil)
    _ = plan.order(for: Self.verify)
    #expect(plan.faults.map(\.description) == ["mute at 1", "power before write 2", "corrupt at verify"])
  }
}
