import Foundation

/// A connection of the command line: one JSON object per message, one answer per request.
struct ControlConnection {
  let socket: PacketSocket
  let service: CardService

  /// A client that says nothing for so long is forgotten.
  private static let idleMilliseconds = 60_000

  func serve() {
    socket.setReceiveLimit(milliseconds: Self.idleMilliseconds)
    while let message = socket.receive(limit: LinkFrame.longestMessage) {
      guard let request = try? JSONDecoder().decode(ControlRequest.self, from: Data(message)) else {
        let fault = ServiceFault(
          "this is no request", at: "control connection", fix: "send one JSON object with an \"action\" per message",
          exitCode: 2)
        guard send(ControlAnswer(error: fault)) else { return }
        continue
      }
      do throws(ServiceFault) {
        switch request.action {
        case "watch": return try watch(request)
        case "trace":
          try trace(request)
          if request.arguments?.contains("follow") == true { return }
          continue
        default: break
        }
        guard send(try service.handle(request)) else { return }
      } catch {
        guard send(ControlAnswer(error: error)) else { return }
      }
    }
  }

  /// Tells the status now and whenever it changes, until the client says something or goes away. A client that does not
  /// keep up is told the newest status only; one that does not read loses its connection.
  private func watch(_ request: ControlRequest) throws(ServiceFault) {
    let slots = try request.slot.map { number throws(ServiceFault) in [try service.find(number)] } ?? service.slots
    let bell = try Bell()
    let observers = slots.map { slot in (slot, slot.addObserver { _ in bell.ring() }) }
    defer { for (slot, number) in observers { slot.removeObserver(number) } }
    var told: [SlotStatus]?
    repeat {
      let status = service.status.filter { status in slots.contains { $0.number == status.slot } }
      if status != told {
        guard send(ControlAnswer(slots: status)) else { return }
        told = status
      }
    } while socket.waits(for: bell)
  }

  /// - Returns: `false` when the connection is of no more use.
  func send(_ answer: ControlAnswer, waits: Bool = false) -> Bool {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard var bytes = try? encoder.encode(answer) else { return false }
    if bytes.count > LinkFrame.longestMessage {
      let fault = ServiceFault(
        "the answer has \(bytes.count) bytes, and a message at most \(LinkFrame.longestMessage)", at: service.path,
        fix: "ask for less at a time")
      guard let told = try? encoder.encode(ControlAnswer(error: fault)) else { return false }
      bytes = told
    }
    return socket.send([UInt8](bytes), waits: waits)
  }
}
