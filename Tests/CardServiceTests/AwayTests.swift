import CardHost
import Foundation
import Scenario
import Testing

@testable import CardService

@Suite("A card that is away for a moment")
struct AwayTests {
  private func fault(_ test: TestService, _ request: ControlRequest) -> ServiceFault? {
    do throws(ServiceFault) {
      _ = try test.service.handle(request)
      return nil
    } catch {
      return error
    }
  }

  private func remove(_ test: TestService, for time: String, slot: Int = 0) throws {
    _ = try test.service.handle(ControlRequest("fault", slot: slot, arguments: ["remove", "for", time]))
    #expect(test.service.slots[slot].card == nil)
  }

  @Test("a hand that puts it in again ends the wait, with state and in memory", arguments: [true, false], [nil, 0])
  func again(hasState: Bool, slot: Int?) throws {
    let test = try TestService(slots: 2, state: hasState)
    let card = test.service.slots[0].card
    _ = try test.service.handle(ControlRequest("set", arguments: ["sign.tries=2"]))
    try remove(test, for: "20s")
    try test.service.insert("card", slot: slot)
    #expect(test.service.slots[0].card === card)
    #expect(test.service.slots[0].card?.pin(.sign)?.triesLeft == 2)
    #expect(test.service.slots[1].card == nil)
  }

  @Test("nothing else comes into its slot meanwhile, and whoever tries is told how long")
  func others() throws {
    let test = try TestService(state: true)
    let card = test.service.slots[0].card
    try remove(test, for: "20s")
    for slot in [nil, 0] {
      let refusal = try #require(fault(test, ControlRequest("insert", slot: slot, card: "other")))
      #expect(refusal.problem.contains("is away, and comes back by itself in 20 s"))
      #expect(refusal.fix.contains("vmyna eject"))
      #expect(refusal.exitCode == 1)
    }
    try test.service.insert("card")
    #expect(test.service.slots[0].card === card)
  }

  @Test("given up, it does not come back, and its slot is free")
  func givenUp() async throws {
    let test = try TestService()
    let card = test.service.slots[0].card
    try remove(test, for: "50ms")
    _ = try test.service.handle(ControlRequest("eject"))
    #expect(fault(test, ControlRequest("eject"))?.exitCode == 1)
    try await Task.sleep(for: .milliseconds(150))
    #expect(test.service.slots[0].card == nil)
    try test.service.insert("other")
    #expect(test.service.slots[0].card != nil && test.service.slots[0].card !== card)
  }

  @Test("in another slot it is another card of the same name")
  func otherSlot() throws {
    let test = try TestService(slots: 2, state: true)
    let card = test.service.slots[0].card
    try remove(test, for: "20s")
    try test.service.insert("card", slot: 1)
    try test.service.insert("card", slot: 0)
    #expect(test.service.slots[0].card === card)
    #expect(test.service.slots[1].card !== card)
  }

  @Test("an old wait does not end a new one")
  func twice() throws {
    let test = try TestService()
    try remove(test, for: "60ms")
    try test.service.insert("card")
    try remove(test, for: "20s")
    Thread.sleep(forTimeInterval: 0.2)
    #expect(test.service.slots[0].card == nil)
  }

  @Test("it comes back by itself, with its own faults")
  func byItself() async throws {
    let test = try TestService()
    let slot = test.service.slots[0]
    _ = slot.changeFaults { $0.add(Fault(.mute, .command(number: 9)), isOfCard: true) }
    try remove(test, for: "20ms")
    #expect(slot.faults.isEmpty)
    for _ in 0..<500 where slot.card == nil { try await Task.sleep(for: .milliseconds(10)) }
    #expect(slot.card != nil)
    #expect(slot.faults.faultsOfCard == [Fault(.mute, .command(number: 9))])
  }
}
