import Testing
import VirtualCardTesting

@Suite("The card of tests: counters and expectations")
struct ExpectationTests {
  private func wrongPIN(_ card: VirtualCard) throws {
    _ = try card.transmit(hex: "00A4040C0A D392F000260100000001")
    _ = try card.transmit(hex: "00A4020C02 0018")
    _ = try card.transmit(hex: "0020008004 39393939")
  }

  @Test func `counters are seen, set, locked, reset and taken back`() throws {
    try withVirtualCard { card in
      #expect(card.triesLeft(.auth) == 3 && card.triesMax(.auth) == 3 && card.value(of: .auth) == "1234")
      try card.set(.sign, triesLeft: 1)
      try card.expectTries(.sign, 1)
      try card.lock(.sign)
      try card.expectLocked(.sign)
      #expect(card.isLocked(.sign))
      try card.resetPIN(.sign, to: "NEWPIN1")
      try card.expectNoTriesSpent()
      #expect(card.value(of: .sign) == "NEWPIN1")
      try card.undo(2)
      try card.expectTries(.sign, 1)
      try card.restore()
      #expect(card.value(of: .sign) == "ABC123")
      try card.resetPIN(.numberB, to: "01234567890123")
      #expect(card.value(of: .faceNumberB) == "01234567890123")
    }
  }

  @Test(arguments: [("auth", "12345"), ("auth", "12a4"), ("sign", "abc123"), ("sign", "ABCDEF"), ("textInput", "")])
  func `a PIN of the wrong form is refused, and nothing changes`(name: String, value: String) throws {
    try withVirtualCard { card in
      let pin = try #require(PINName(rawValue: name))
      let before = card.value(of: pin)
      #expect(throws: VirtualCardError.self) { try card.resetPIN(pin, to: value) }
      #expect(card.value(of: pin) == before)
      #expect(throws: VirtualCardError.self) { try card.set(pin, triesLeft: 16) }
      #expect(throws: VirtualCardError.self) { try card.undo() }
    }
  }

  @Test func `each expectation holds where it should, and fails with what was said`() throws {
    try withVirtualCard { card in
      try card.expectNoTriesSpent()
      try card.expectNeverSent("VERIFY")
      try wrongPIN(card)
      try card.expectTries(.auth, 2)
      try card.expectSent("VERIFY", times: 1)
      try card.expectLastStatusWords([0x9000, 0x9000, 0x63C2])
      try card.expectExchange("a wrong PIN") { $0.status.triesLeft == 2 }

      let failures: [(String, () throws -> Void)] = [
        ("auth should have 3 tries left and has 2", { try card.expectTries(.auth, 3) }),
        ("auth should have 0 tries left", { try card.expectLocked(.auth) }),
        ("tries were spent: auth 2/3", { try card.expectNoTriesSpent() }),
        ("auth should be verified", { try card.expectVerified(.auth) }),
        ("VERIFY should have been sent 0 times", { try card.expectNeverSent("VERIFY") }),
        ("should be 9000 and are 63C2", { try card.expectLastStatusWords([0x9000]) }),
        ("no exchange with a signature", { try card.expectExchange("a signature") { $0.instruction == "PSO" } }),
      ]
      for (words, expectation) in failures {
        let error = #expect(throws: CardExpectationFailure.self) { try expectation() }
        let text = error?.description ?? ""
        #expect(text.contains(words) && text.contains("ExpectationTests.swift:"), "\(text)")
        // The exchanges stand there in words, without the PIN.
        #expect(text.contains("tries left") && !text.contains("9999") && !text.contains("39393939"), "\(text)")
      }
    }
  }

  @Test func `what is on the card can be asked for`() throws {
    try withVirtualCard("child-10") { card in
      #expect(card.certificate(.sign) == nil)
      #expect(card.certificate(.auth)?.first == 0x30)
      #expect(!card.holder.name.isEmpty)
    }
  }

  @Test func `the error of a test comes out as it is`() throws {
    struct Mine: Error {}
    #expect(throws: Mine.self) { try withVirtualCard { _ in throw Mine() } }
  }
}
