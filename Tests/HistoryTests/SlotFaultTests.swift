import CardKernel
import Foundation
import ISO7816
import MyNumberCard
import Scenario
import Testing

@testable import CardHost
@testable import CardService

@Suite("Faults in a slot")
struct SlotFaultTests {
  private func slot(_ words: String...) throws -> (slot: Slot, card: CardHost) {
    let slot = Slot(number: 0)
    let card = try CardHost.powered()
    #expect(slot.insert(card))
    _ = slot.readerPowerCycle()
    card.select(.auth)
    for words in words { for fault in try Fault.parse(words) { _ = slot.changeFaults { $0.add(fault) } } }
    return (slot, card)
  }

  private static let wrongPIN = [UInt8](hex: "002000800439393939") ?? []
  private static let rightPIN = [UInt8](hex: "002000800431323334") ?? []

  static let cutTable: [(String, Bool, left: Int)] = [
    ("power before write", false, 3), ("power after write", false, 2), ("power before write 2", true, 2),
    ("power after write 2", true, 3), ("remove after write", false, 2),
  ]

  @Test("a power cut around a write leaves exactly what was written, in memory and on disk", arguments: cutTable)
  func cuts(words: String, isRight: Bool, left: Int) throws {
    let folder = try TemporaryFolder()
    let slot = Slot(number: 0)
    var card: CardHost? = try CardHost.powered(state: folder.url)
    #expect(slot.insert(try #require(card)))
    _ = slot.readerPowerCycle()
    card?.select(.auth)
    for fault in try Fault.parse(words) { _ = slot.changeFaults { $0.add(fault) } }
    let answer = slot.readerTransmit(isRight ? Self.rightPIN : Self.wrongPIN)
    #expect(answer == (words.hasPrefix("remove") ? .noCard : .mute))
    #expect(card?.status.isPowered == false)
    #expect(card?.triesLeft(.auth) == left)
    #expect(card?.status.pins.contains { $0.status.isVerified } == false)
    _ = slot.eject()
    card = nil
    #expect(try CardHost.powered(state: folder.url).triesLeft(.auth) == left)
  }

  /// Faults, and what is left after each VERIFY of the right PIN with the power that it needs; nil: the answer came.
  static let severalCuts: [([String], left: [Int?])] = [
    (["power before write 2", "power before write 1"], [3, 2, nil]),
    (["power after write 1", "power before write 3"], [2, 1, nil]),
    (["power after write 2", "power after write 1"], [2, 1, nil]),
  ]

  @Test("several cuts come at the writes that they name, counted by what the card really wrote", arguments: severalCuts)
  func several(words: [String], left: [Int?]) throws {
    let (slot, card) = try slot()
    for words in words { for fault in try Fault.parse(words) { _ = slot.changeFaults { $0.add(fault) } } }
    for left in left {
      _ = slot.readerPowerCycle()
      card.select(.auth)
      #expect(slot.readerTransmit(Self.rightPIN) == (left == nil ? .response([0x90, 0x00]) : .mute))
      #expect(card.triesLeft(.auth) == left ?? 3)
    }
    #expect(slot.faults.isEmpty)
  }

  @Test("a card is not asked only where the fault that decides says so")
  func decided() throws {
    let (slot, card) = try slot("corrupt during verify", "answer 6F00 at verify")
    #expect(slot.readerTransmit(Self.wrongPIN) == .response([0x62, 0xC2]))
    #expect(card.triesLeft(.auth) == 2)
    for fault in try Fault.parse("answer 6F00 during verify") + Fault.parse("power at verify") {
      _ = slot.changeFaults { $0.add(fault) }
    }
    #expect(slot.readerTransmit(Self.wrongPIN) == .response([0x6F, 0x00]))
    #expect(card.triesLeft(.auth) == 1 && card.status.isPowered)
  }

  @Test("a card that gives no answer needs power again only where the power went")
  func mute() throws {
    let (slot, _) = try slot("mute during verify")
    #expect(slot.readerTransmit(Self.wrongPIN) == .mute)
    #expect(slot.readerTransmit([0x00, 0x20, 0x00, 0x80]) == .response([0x63, 0xC2]))
    _ = slot.changeFaults { $0.add(Fault(.power, .named(.before, .any))) }
    #expect(slot.readerTransmit([0x00, 0x20, 0x00, 0x80]) == .mute)
    #expect(slot.readerTransmit([0x00, 0x20, 0x00, 0x80]) == .mute)
    guard case .response = slot.readerPowerCycle() else {
      Issue.record("no answer to reset")
      return
    }
  }

  @Test("a dead card gives no answer to reset; one that comes back is another matter")
  func dead() throws {
    let slot = Slot(number: 0)
    #expect(slot.insert(try CardHost.powered(), ownFaults: try Fault.parse("dead")))
    #expect(!slot.answersToPower)
    #expect(slot.readerPowerCycle() == .mute)
    _ = slot.eject()
    #expect(slot.insert(try CardHost.powered()))
    #expect(slot.answersToPower)
    #expect(slot.readerPowerCycle() != .mute)
  }

  @Test("a card that is away for a moment comes back with what it remembers, and without what was verified")
  func away() async throws {
    let (slot, card) = try slot("remove during verify for 20ms")
    #expect(slot.readerTransmit(Self.wrongPIN) == .noCard)
    #expect(slot.card == nil)
    for _ in 0..<500 where slot.card == nil { try await Task.sleep(for: .milliseconds(10)) }
    #expect(slot.card === card)
    #expect(card.triesLeft(.auth) == 2)
    #expect(!card.status.isPowered)
  }

  @Test("an answer can be another one, or have another bit")
  func answers() throws {
    let (slot, _) = try slot("answer 6F00", "corrupt at 2")
    #expect(slot.readerTransmit([0x00, 0x20, 0x00, 0x80]) == .response([0x6F, 0x00]))
    #expect(slot.readerTransmit([0x00, 0x20, 0x00, 0x80]) == .response([0x62, 0xC3]))
    #expect(slot.readerTransmit([0x00, 0x20, 0x00, 0x80]) == .response([0x63, 0xC3]))
  }
}
