import CardHost
import CardKernel
import Foundation
import ISO7816
import MyNumberCard
import Synchronization
import Testing

@testable import CardService

@Suite("History over the control connection")
struct ControlHistoryTests {
  /// A running service with one card and a client of it.
  private func withService(_ body: (CardService, ControlClient) throws -> Void) throws {
    let folder = try TemporaryFolder()
    let service = try CardService(
      path: folder.url.appendingPathComponent("s").path, slots: 1, readerName: { "reader \($0)" },
      cardSource: { _, _ throws(ServiceFault) in
        do { return try CardHost.powered() } catch { throw ServiceFault("\(error)", at: "fixture", fix: "mend it") }
      })
    try service.insert("fixture", slot: 0)
    service.start()
    defer { service.stop() }
    try body(service, try ControlClient(path: service.path))
  }

  @Test("undo, goto, snapshot and restore reach the card in use")
  func moves() throws {
    try withService { service, client in
      let card = try #require(service.slots[0].card)
      #expect(card.verify(.auth, "0000") == "63C2")
      #expect(try client.ask(ControlRequest("snapshot", arguments: ["a"])).move == HistoryMove(from: 1, to: 1))
      #expect(try client.ask(ControlRequest("undo")).move == HistoryMove(from: 1, to: 0, event: 3))
      #expect(card.send("00200080") == "63C3")
      #expect(try client.ask(ControlRequest("goto", arguments: ["1"])).move == HistoryMove(from: 0, to: 1, event: 4))
      #expect(try client.ask(ControlRequest("restore", arguments: ["image"])).move?.to == 0)
      #expect(try client.ask(ControlRequest("restore", arguments: ["a"])).move?.to == 1)
      #expect(card.send("00200080") == "63C2")
      let page = try #require(try client.ask(ControlRequest("history")).history)
      #expect(page.events.map(\.cause) == ["VERIFY", "snapshot", "undo", "goto", "restore", "restore"])
      #expect(page.snapshots == ["a": 1])
      for (action, arguments) in [("undo", ["9"]), ("undo", ["x"]), ("goto", ["99"]), ("goto", []), ("restore", ["b"])]
      {
        let fault = #expect(throws: ServiceFault.self) {
          try client.ask(ControlRequest(action, arguments: arguments))
        }
        #expect(fault?.exitCode == 1)
      }
    }
  }

  @Test("a long history comes in pages, whole and in order")
  func pages() throws {
    try withService { service, client in
      let card = try #require(service.slots[0].card)
      card.select(.auth)
      for _ in 0..<500 { _ = card.send("002000800431323334") }
      var numbers: [Int] = []
      var after: Int? = 0
      while let start = after {
        let page = try #require(try client.ask(ControlRequest("history", arguments: ["\(start)"])).history)
        numbers += page.events.map(\.number)
        after = page.next
      }
      #expect(numbers == Array(1...1000))
    }
  }

  @Test("no secret is told")
  func secrets() throws {
    try withService { service, client in
      let card = try #require(service.slots[0].card)
      try card.apply([.pin(PINName.sign.path, value: Array("TOPSECRET1".utf8), triesLeft: 5)], cause: "set")
      let page = try #require(try client.ask(ControlRequest("history")).history)
      let text = try String(decoding: JSONEncoder().encode(page), as: UTF8.self)
      #expect(!text.contains("TOPSECRET1"))
      #expect(!text.contains(Array("TOPSECRET1".utf8).hexString))
    }
  }

  @Test("status is pushed when something changes, and nothing is paid for when nobody watches")
  func watch() throws {
    try withService { service, client in
      let seen = Mutex<[Int]>([])
      let done = DispatchSemaphore(value: 0)
      Thread.detachNewThread {
        let watcher = try? ControlClient(path: service.path)
        try? watcher?.follow(ControlRequest("watch")) { answer in
          let tries = answer.slots?.first?.pins.first { $0.name == "auth" }?.triesLeft ?? -1
          seen.withLock { $0.append(tries) }
          done.signal()
          return tries != 0
        }
      }
      for tries in [3, 2, 1, 0] {
        if tries < 3 { _ = try client.ask(ControlRequest("set", arguments: ["auth.tries=\(tries)"])) }
        #expect(done.wait(timeout: .now() + 10) == .success)
      }
      #expect(seen.withLock { $0 } == [3, 2, 1, 0])
    }
  }
}
