import Testing
import VirtualCardTesting

@Suite("The card of tests: faults")
struct FaultTests {
  private func atAuthPIN(_ body: (VirtualCard) throws -> Void) throws {
    try withVirtualCard { card in
      _ = try card.transmit(hex: "00A4040C0A D392F000260100000001")
      _ = try card.transmit(hex: "00A4020C02 0018")
      try body(card)
    }
  }

  /// What is ordered, what a wrong PIN then meets, and the tries left after it.
  private static let rows: [(words: String, error: VirtualCardError, tries: Int)] = [
    ("remove", .noCard, 3), ("remove before verify", .noCard, 3), ("remove during verify", .noCard, 2),
    ("mute at verify", .noAnswer, 3), ("mute during verify", .noAnswer, 2), ("power", .noPower, 3),
    ("power during verify", .noAnswer, 2), ("power before write", .noAnswer, 3), ("power after write", .noAnswer, 2),
  ]

  @Test(arguments: rows.indices) func `a wrong PIN under a fault`(index: Int) throws {
    let row = Self.rows[index]
    try atAuthPIN { card in
      try card.fault(row.words)
      #expect(throws: row.error, "\(row.words)") { try card.transmit(hex: "0020008004 39393939") }
      try card.expectTries(.auth, row.tries)
    }
  }

  @Test func `answers that are other than the card's`() throws {
    try atAuthPIN { card in
      try card.fault("answer 6F00 at verify")
      #expect(try card.transmit(hex: "00200080").status.rawValue == 0x6F00)
      try card.fault("corrupt at verify")
      #expect(try card.transmit(hex: "00200080").status.rawValue != 0x63C3)
      #expect(try card.transmit(hex: "00200080").status == .triesLeft(3))
      try card.fault("delay 30ms at verify")
      let clock = ContinuousClock()
      let time = try clock.measure { _ = try card.transmit(hex: "00200080") }
      #expect(time >= .milliseconds(30))
      try card.fault("mute always")
      card.clearFaults()
      #expect(try card.transmit(hex: "00200080").status == .triesLeft(3))
    }
  }

  @Test func `a card that comes back`() async throws {
    let card = try VirtualCard("fresh-adult")
    try card.fault("remove during any for 20ms")
    #expect(throws: VirtualCardError.noCard) { try card.transmit(hex: "00200080") }
    let clock = ContinuousClock()
    let end = clock.now + .seconds(10)
    while !card.isPresent && clock.now < end { try await Task.sleep(for: .milliseconds(2)) }
    #expect(try card.transmit(hex: "00A4040C0A D392F000260100000001").status == .success)
  }

  @Test(arguments: ["", "explode", "remove during lunch", "delay at verify"])
  func `words that are none are refused with what is meant`(words: String) throws {
    try atAuthPIN { card in
      let error = #expect(throws: VirtualCardError.self) { try card.fault(words) }
      #expect(error?.description.contains("fix: ") == true)
    }
  }
}
