import Foundation

/// The command line's end of a control connection.
public struct ControlClient: Sendable {
  private let socket: PacketSocket
  private let path: String

  /// How long a request may take.
  private static let answerMilliseconds = 30_000

  /// Connects to the service at `path`.
  public init(path: String) throws(ServiceFault) {
    self.path = path
    socket = try PacketSocket.connect(to: path)
    try socket.requireTrustedPeer(at: path)
    socket.setReceiveLimit(milliseconds: Self.answerMilliseconds)
    let isSent = socket.send(LinkFrame.controlHello)
    let answer = isSent ? socket.receive(limit: LinkFrame.longestMessage) : nil
    guard answer != LinkFrame.helloAnswer(.busy) else {
      throw ServiceFault(
        "the card service has \(CardService.mostControls) control connections, and takes no more", at: path,
        fix: "end some of the programs that hold one: vmyna status --watch, vmyna trace --follow, a desk")
    }
    guard LinkFrame.accepts(answer) else {
      throw ServiceFault(
        "this service speaks another version of the protocol, or is not yours", at: path,
        fix: "use the vmyna that started it, as the user who did")
    }
  }

  /// Asks for one thing.
  public func ask(_ request: ControlRequest) throws(ServiceFault) -> ControlAnswer {
    guard let message = try? JSONEncoder().encode(request), socket.send([UInt8](message)) else { throw gone }
    return try answer()
  }

  /// Asks for something that is told again and again: `body` hears every answer, until it returns `false`.
  public func follow(_ request: ControlRequest, _ body: (ControlAnswer) throws -> Bool) throws {
    guard let message = try? JSONEncoder().encode(request), socket.send([UInt8](message)) else { throw gone }
    socket.setReceiveLimit(milliseconds: 0)
    while try body(answer()) {}
  }

  private func answer() throws(ServiceFault) -> ControlAnswer {
    guard let bytes = socket.receive(limit: LinkFrame.longestMessage) else { throw gone }
    if let part = TracePart(message: bytes) { return ControlAnswer(trace: part) }
    guard let answer = try? JSONDecoder().decode(ControlAnswer.self, from: Data(bytes)) else { throw gone }
    if let error = answer.error {
      throw ServiceFault(error.problem, at: error.location, fix: error.fix, exitCode: error.exitCode)
    }
    return answer
  }

  private var gone: ServiceFault {
    ServiceFault("the card service went away", at: path, fix: "look at what it printed, and start it again")
  }
}
