import CardKernel
import Foundation
import ISO7816
import MyNumberCard
import Synchronization
import Testing
import Trace

@testable import CardHost
@testable import CardService

@Suite("Traces over the control connection")
struct ControlTraceTests {
  private func withService(_ body: (CardService, ControlClient) throws -> Void) throws {
    let folder = try TemporaryFolder()
    let service = try CardService(
      path: folder.url.appendingPathComponent("s").path, slots: 2, readerName: { "reader \($0)" },
      cardSource: { _, _ throws(ServiceFault) in
        do { return try CardHost.powered() } catch { throw ServiceFault("\(error)", at: "fixture", fix: "mend it") }
      })
    try service.insert("fixture", slot: 0)
    service.start()
    defer { service.stop() }
    try body(service, try ControlClient(path: service.path))
  }

  private func events(_ client: ControlClient, _ arguments: [String] = [], slot: Int? = nil) throws -> [TraceEvent] {
    var text = ""
    try client.follow(ControlRequest("trace", slot: slot, arguments: arguments)) { answer in
      text += answer.trace?.text ?? ""
      return answer.trace?.isLast == false
    }
    return try text.split(separator: "\n").map { try TraceLine.decode(String($0)) }
  }

  @Test("the last events are told in order, masked unless asked otherwise")
  func recent() throws {
    try withService { service, client in
      let slot = service.slots[0]
      _ = slot.readerPowerCycle()
      _ = slot.readerTransmit([UInt8](hex: "00A4040C0AD392F000260100000001") ?? [])
      _ = slot.readerTransmit([UInt8](hex: "00A4020C020018") ?? [])
      _ = slot.readerTransmit([UInt8](hex: "002000800431323334") ?? [])
      _ = try client.ask(ControlRequest("set", arguments: ["auth.tries=1"]))
      let events = try events(client)
      #expect(
        events.map(\.kind.name) == [
          "inserted", "card", "powerOff", "powerOn", "exchange", "exchange", "exchange", "changed",
        ])
      #expect(events.map(\.sequence) == Array(1...8))
      guard case .exchange(let verify) = events[6].kind, case .changed(let cause, let tries) = events[7].kind else {
        Issue.record("the events are others")
        return
      }
      #expect(verify.command.description == "0020008004········")
      #expect(verify.file == 0x0018)
      #expect(cause == "set")
      #expect(tries["auth"] == 1)
      let open = try self.events(client, ["unmask"])
      guard case .exchange(let plain) = open[6].kind else { return }
      #expect(plain.command.description == "002000800431323334")
      #expect(try self.events(client, slot: 1).isEmpty)
    }
  }

  @Test("answers longer than a message come whole")
  func long() throws {
    try withService { service, client in
      let slot = service.slots[0]
      _ = slot.readerPowerCycle()
      let command = [0x00, 0xD6, 0x00, 0x00, 0x00, 0xFF, 0xFF] + [UInt8](repeating: 0xA5, count: 65_535)
      for _ in 0..<3 { _ = slot.readerTransmit(command) }
      let exchanges = try events(client, ["unmask"]).compactMap { event -> TraceEvent.Exchange? in
        if case .exchange(let exchange) = event.kind { return exchange }
        return nil
      }
      #expect(exchanges.map(\.command.unmasked) == [command, command, command])
    }
  }

  @Test("whoever follows hears everything, in order, however fast it comes")
  func follow() throws {
    try withService { service, _ in
      let count = 3000
      let slot = service.slots[0]
      _ = slot.readerPowerCycle()
      let isReady = DispatchSemaphore(value: 0)
      let done = DispatchSemaphore(value: 0)
      let heard = Mutex<[Int]>([])
      Thread.detachNewThread {
        var text = ""
        var isFirst = true
        try? ControlClient(path: service.path).follow(ControlRequest("trace", arguments: ["follow"])) { answer in
          text += answer.trace?.text ?? ""
          while let end = text.firstIndex(of: "\n") {
            let event = try TraceLine.decode(String(text[..<end]))
            text = String(text[end...].dropFirst())
            heard.withLock { $0.append(event.sequence) }
          }
          if isFirst { isReady.signal() }
          isFirst = false
          return heard.withLock { $0.count } < count + 4
        }
        done.signal()
      }
      #expect(isReady.wait(timeout: .now() + 10) == .success)
      for _ in 0..<count { _ = slot.readerTransmit([0x00, 0x20, 0x00, 0x80]) }
      #expect(done.wait(timeout: .now() + 60) == .success)
      #expect(heard.withLock { $0 } == Array(1...count + 4))
    }
  }

  @Test("what is kept is bounded")
  func bounded() throws {
    try withService { service, _ in
      let slot = service.slots[0]
      _ = slot.readerPowerCycle()
      for _ in 0..<(TraceRecorder.mostEvents + 500) { _ = slot.readerTransmit([0x00, 0x20, 0x00, 0x80]) }
      #expect(service.recorder.recent().count == TraceRecorder.mostEvents)
      #expect(service.recorder.recent().last?.sequence == TraceRecorder.mostEvents + 504)
      let long = [0x00, 0xD6, 0x00, 0x00, 0x00, 0xFF, 0xFF] + [UInt8](repeating: 0, count: 65_535)
      for _ in 0..<200 { _ = slot.readerTransmit(long) }
      let kept = service.recorder.recent().reduce(0) { sum, event in
        if case .exchange(let exchange) = event.kind { return sum + exchange.command.bytes.count }
        return sum
      }
      #expect(kept <= TraceRecorder.mostBytes)
      let sequences = service.recorder.recent().map(\.sequence)
      #expect(sequences == sequences.sorted())
    }
  }
}
