import Foundation
import Testing
import VirtualCardTesting

private let selectJPKI = "00A4040C0A D392F000260100000001"
private let selectAuthPIN = "00A4020C02 0018"

@Suite("The card of tests: exchanges")
struct ExchangeTests {
  @Test func `commands in bytes, in parts and in digits get the same answers`() throws {
    try withVirtualCard { card in
      #expect(
        try card.transmit([0x00, 0xA4, 0x04, 0x0C, 0x0A, 0xD3, 0x92, 0xF0, 0x00, 0x26, 0x01, 0, 0, 0, 1]) == [
          0x90, 0x00,
        ])
      let response: ResponseAPDU = try card.transmit(
        CommandAPDU(cla: 0, ins: 0xA4, p1: 2, p2: 0x0C, data: [0x00, 0x18]))
      #expect(response.status == .success)
      #expect(try card.transmit(hex: "00 20 00 80").status == .triesLeft(3))
      #expect(card.exchanges.map(\.instruction) == ["SELECT FILE", "SELECT FILE", "VERIFY"])
      #expect(card.exchanges.last?.file?.description == "0018")
      #expect(throws: VirtualCardError.notHexadecimal("xyz")) { try card.transmit(hex: "xyz") }
    }
  }

  @Test func `CoreNFC's labels and its two forms of sendCommand`() async throws {
    try await withVirtualCard { card in
      let select = CommandAPDU(
        instructionClass: 0x00, instructionCode: 0xA4, p1Parameter: 0x04, p2Parameter: 0x0C,
        data: Data([0xD3, 0x92, 0xF0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01]), expectedResponseLength: -1)
      let (data, sw1, sw2) = try await card.sendCommand(apdu: select)
      #expect(data.isEmpty && sw1 == 0x90 && sw2 == 0x00)
      _ = try card.transmit(hex: "00A4020C02 000A")
      let read = CommandAPDU(
        instructionClass: 0, instructionCode: 0xB0, p1Parameter: 0, p2Parameter: 0, data: Data(),
        expectedResponseLength: 2048)
      #expect(read.bytes == [0x00, 0xB0, 0x00, 0x00, 0x00, 0x08, 0x00])
      card.sendCommand(apdu: read) { data, sw1, sw2, error in
        #expect(data.count == 2048 && sw1 == 0x90 && sw2 == 0 && error == nil)
      }
      card.remove()
      card.sendCommand(apdu: read) { data, _, _, error in
        #expect(data.isEmpty && error as? VirtualCardError == .noCard)
      }
    }
  }

  @Test func `a card that is lifted forgets what was verified and keeps what was spent`() throws {
    try withVirtualCard { card in
      _ = try card.transmit(hex: selectJPKI)
      _ = try card.transmit(hex: selectAuthPIN)
      #expect(try card.transmit(hex: "0020008004 31323334").status == .success)
      try card.expectVerified(.auth)
      card.remove()
      #expect(!card.isPresent)
      #expect(throws: VirtualCardError.noCard) { try card.transmit(hex: selectJPKI) }
      card.insert()
      try card.expectVerified(.auth, false)

      _ = try card.transmit(hex: selectJPKI)
      _ = try card.transmit(hex: selectAuthPIN)
      card.removeCard(.afterCommand)
      #expect(throws: VirtualCardError.noCard) { try card.transmit(hex: "0020008004 39393939") }
      try card.expectTries(.auth, 2)
      card.insert()
      _ = try card.transmit(hex: selectJPKI)
      _ = try card.transmit(hex: selectAuthPIN)
      card.removeCard(.beforeCommand)
      #expect(throws: VirtualCardError.noCard) { try card.transmit(hex: "0020008004 39393939") }
      try card.expectTries(.auth, 2)
    }
  }

  @Test func `power and resets give the answer to reset`() throws {
    try withVirtualCard { card in
      #expect(card.powerCycle() == card.warmReset())
      _ = try card.transmit(hex: selectJPKI)
      card.powerCycle()
      #expect(try card.transmit(hex: selectAuthPIN).status == .fileNotFound)
    }
  }

  @Test func `the same card, day and seed give the same bytes; another seed others`() throws {
    let first = try VirtualCard("fresh-adult", day: "2026-11-20").certificate(.auth)
    let second = try VirtualCard("fresh-adult", day: "2026-11-20").certificate(.auth)
    let third = try VirtualCard("fresh-adult", day: "2026-11-20", seed: 7).certificate(.auth)
    #expect(first != nil && first == second && first != third)
  }

  @Test func `the memory of exchanges is bounded`() throws {
    try withVirtualCard { card in
      for _ in 0..<(VirtualCard.mostExchanges + 5) { _ = try card.transmit(hex: "00200080") }
      #expect(card.exchanges.count <= VirtualCard.mostExchanges)
      card.forgetExchanges()
      #expect(card.exchanges.isEmpty)
    }
  }

  @Test(arguments: [
    ("no-such-card", "there is no card 'no-such-card'"), ("/etc/hostname", "fix"), ("/", "card.json"),
  ])
  func `a card that cannot be made says why and what to do`(card: String, words: String) throws {
    do {
      _ = try VirtualCard(card)
      Issue.record("\(card) was taken for a card")
    } catch {
      let text = "\(error)"
      #expect(text.contains(words) && text.contains("fix: "), "\(text)")
    }
  }

  @Test func `eight tests at once have a card each, and one card stands many threads`() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<8 {
        group.addTask {
          try withVirtualCard { card in
            try card.set(.auth, triesLeft: number % 4)
            try card.expectTries(.auth, number % 4)
          }
        }
      }
      try await group.waitForAll()
    }
    let card = try VirtualCard("fresh-adult")
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<8 { group.addTask { for _ in 0..<100 { _ = try? card.transmit(hex: "00200080") } } }
    }
    #expect(card.exchanges.count == 800)
  }
}
