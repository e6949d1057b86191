import Foundation
import LoginClient
import Testing
import VirtualCardTesting

/// The card in the place of a tag.
extension VirtualCard: CardTransport {
  public func transmit(_ command: Data) async throws -> (Data, UInt8, UInt8) {
    try await sendCommand(apdu: CommandAPDU(parsing: [UInt8](command)))
  }
}

private let digestInfo =
  Data([
    0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20,
  ])
  + Data(repeating: 0x5A, count: 32)

@Suite("A log-in never locks a card by itself")
struct LockoutTests {
  @Test func `the right PIN signs and costs nothing`() async throws {
    try await withVirtualCard("fresh-adult") { card in
      let signature = try await LoginClient(card).sign(digestInfo, pin: "1234")
      #expect(signature.count == 256)
      try card.expectNoTriesSpent()
    }
  }

  @Test func `wrong PINs are told with the tries left`() async throws {
    try await withVirtualCard("fresh-adult") { card in
      let client = LoginClient(card)
      await #expect(throws: LoginError.wrongPIN(triesLeft: 2)) { try await client.sign(digestInfo, pin: "9999") }
      await #expect(throws: LoginError.wrongPIN(triesLeft: 1)) { try await client.sign(digestInfo, pin: "9999") }
      await #expect(throws: LoginError.lastTry) { try await client.sign(digestInfo, pin: "9999") }
      try card.expectTries(.auth, 1)
      try card.expectTries(.sign, 5)
    }
  }

  @Test func `a locked card is seen before a PIN is sent`() async throws {
    try await withVirtualCard("auth-locked") { card in
      await #expect(throws: LoginError.locked) {
        try await LoginClient(card).sign(digestInfo, pin: "1234", mayLock: true)
      }
      #expect(card.exchanges.filter { $0.instruction == "VERIFY" && $0.command.count > 5 }.isEmpty)
    }
  }

  @Test func `the ward office opens it again`() async throws {
    try await withVirtualCard("auth-locked") { card in
      try card.resetPIN(.auth, to: "4321")
      #expect(try await LoginClient(card).sign(digestInfo, pin: "4321").count == 256)
    }
  }

  @Test(arguments: 1...6) func `a card lifted too early never costs a second try`(number: Int) async throws {
    try await withVirtualCard("fresh-adult") { card in
      card.removeCard(.afterCommand, number: number)
      _ = try? await LoginClient(card).sign(digestInfo, pin: "9999")
      #expect((card.triesLeft(.auth) ?? 0) >= 2)
    }
  }
}
