/// The driver's command connection to one slot: one request, one answer, until it ends.
package struct CommandConnection {
  let socket: PacketSocket
  let slot: Slot

  func serve() {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: PacketSocket.receiveCapacity, alignment: 16)
    defer { buffer.deallocate() }
    while let length = socket.receive(into: buffer) {
      let message = UnsafeRawBufferPointer(rebasing: buffer[..<length])
      // An answer that would block has no reader that we know of: the driver asks again only after it has read.
      guard let answer = Self.answer(to: message, in: slot, wait: wait(_:isSilent:sequence:)),
        socket.send(answer.message, waits: false)
      else { return }
      slot.finish(answer.reply)
    }
  }

  /// So much time is asked for at once, and so early before it is over: as much as the driver gives unasked, so that no
  /// request shortens its patience (`Docs/Protocol.md`, "More time").
  private static let extensionMilliseconds = 10_000
  private static let marginMilliseconds = 5_000

  /// Lets time go by, and asks the reader for it as a card does (S(WTX) of T=1), unless silently.
  /// - Returns: `false` when the reader has gone, and with it every reason to wait.
  private func wait(_ milliseconds: Int, isSilent: Bool, sequence: UInt8) -> Bool {
    var left = milliseconds
    while left > 0 {
      let step = min(left, Self.extensionMilliseconds)
      if !isSilent {
        let time = UInt32(step + Self.marginMilliseconds)
        socket.send(LinkFrame.moreTime(sequence: sequence, milliseconds: time), waits: false)
      }
      guard socket.staysOpen(milliseconds: step) else { return false }
      left -= step
    }
    return true
  }

  /// The answer to a message; `nil` for one that ends the connection.
  package static func answer(to message: [UInt8], in slot: Slot) -> [UInt8]? {
    message.withUnsafeBytes { answer(to: $0, in: slot, wait: { _, _, _ in true })?.message }
  }

  private static func answer(
    to message: UnsafeRawBufferPointer, in slot: Slot,
    wait: (_ milliseconds: Int, _ isSilent: Bool, _ sequence: UInt8) -> Bool
  ) -> (message: [UInt8], reply: Slot.Answer)? {
    guard (LinkFrame.headerLength...LinkFrame.longestMessage).contains(message.count) else { return nil }
    let (kind, sequence) = (message[0], message[1])
    let payload = Array(message[LinkFrame.headerLength...])
    let isWellFormed = message[2] == 0 && message[3] == 0
    let reply =
      isWellFormed
      ? slot.answer(LinkFrame.Kind(rawValue: kind), payload, wait: { wait($0, $1, sequence) })
      : Slot.Answer(status: .badRequest)
    let bytes = LinkFrame.answer(kind: kind, sequence: sequence, status: reply.status, payload: reply.payload)
    return (bytes, reply)
  }
}
