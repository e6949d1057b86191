import Foundation

/// A connection of the command line: one JSON object per message, one answer per request.
struct ControlConnection {
  let socket: PacketSocket
  let service: CardService

  /// A client that says nothing for so long is forgotten.
  private static let idleMilliseconds = 60_000

  func serve() {
    socket.setReceiveLimit(milliseconds: Self.idleMilliseconds)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    while let message = socket.receive(limit: LinkFrame.longestMessage) {
      guard let answer = try? encoder.encode(answer(to: message)), socket.send([UInt8](answer), waits: false) else {
        return
      }
    }
  }

  private func answer(to message: [UInt8]) -> ControlAnswer {
    guard let request = try? JSONDecoder().decode(ControlRequest.self, from: Data(message)) else {
      return ControlAnswer(
        error: ServiceFault(
          "this is no request", at: "control connection", fix: "send one JSON object with an \"action\" per message",
          exitCode: 2))
    }
    do throws(ServiceFault) {
      return try service.handle(request)
    } catch {
      return ControlAnswer(error: error)
    }
  }
}
