import CardHost
import CardImage
import CardKernel
import Foundation
import ISO7816
import MyNumberCard
import Testing

@testable import CardService

/// A try that a command spends while a hand from outside is at the same PIN stays spent.
@Suite("PINs under two hands")
struct PINRaceTests {
  private static let wrong: [UInt8] = [0x00, 0x20, 0x00, 0x80, 0x04, 0x39, 0x39, 0x39, 0x39]

  /// A powered card with the auth PIN selected.
  private func card() throws -> CardHost {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Fixtures/format-1/image")
    let card = try CardHost(image: CardImage.load(from: folder), location: "fixture")
    _ = card.powerOn()
    for command in ["00A4040C0AD392F000260100000001", "00A4020C020018"] {
      #expect(card.transmit(try #require([UInt8](hex: command)))?.response == [0x90, 0x00])
    }
    return card
  }

  @Test("no command comes between the look at the card and the change")
  func oneLock() throws {
    let card = try card()
    let done = DispatchSemaphore(value: 0)
    try card.apply(cause: "test") { now in
      let pin = try #require(now.pin(PINName.auth.path))
      let thread = Thread {
        _ = card.transmit(Self.wrong)
        done.signal()
      }
      thread.start()
      #expect(done.wait(timeout: .now() + 0.1) == .timedOut)
      return [.pin(PINName.auth.path, value: pin.value, triesLeft: pin.triesLeft)]
    }
    done.wait()
    #expect(card.pin(.auth)?.triesLeft == 2)
  }

  enum Hand: String, CaseIterable { case set, present }

  @Test("a wrong guess at the same time is counted once, whoever comes first", arguments: Hand.allCases)
  func race(hand: Hand) throws {
    let card = try card()
    for round in 0..<3_000 {
      try PINAssignment.assign(["auth.tries=3"], on: card, cause: "set")
      DispatchQueue.concurrentPerform(iterations: 2) { index in
        if index == 0 {
          _ = card.transmit(Self.wrong)
        } else if hand == .set {
          try? PINAssignment.assign(["auth.pin=1234"], on: card, cause: "set")
        } else {
          _ = try? card.present(.auth, Array("0000".utf8), cause: "test")
        }
      }
      #expect(card.pin(.auth)?.triesLeft == (hand == .set ? 2 : 1), "round \(round)")
    }
  }
}
