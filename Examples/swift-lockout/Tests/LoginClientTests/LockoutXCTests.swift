import LoginClient
import VirtualCardTesting
import XCTest

/// The same kit under XCTest.
final class LockoutXCTests: XCTestCase {
  func testThreeWrongPINsLock() throws {
    try withVirtualCard("fresh-adult") { card in
      XCTAssertEqual(try card.transmit(hex: "00A4040C0A D392F000260100000001").status, .success)
      XCTAssertEqual(try card.transmit(hex: "00A4020C02 0018").status, .success)
      for _ in 1...3 { _ = try card.transmit(hex: "0020008004 39393939") }
      try card.expectLastStatusWords([0x63C2, 0x63C1, 0x63C0])
      try card.expectLocked(.auth)
      try card.undo()
      try card.expectTries(.auth, 1)
    }
  }
}
