/// The driver's command connection to one slot: one request, one answer, until it ends.
package struct CommandConnection {
  let socket: PacketSocket
  let slot: Slot

  func serve() {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: PacketSocket.receiveCapacity, alignment: 16)
    defer { buffer.deallocate() }
    while let length = socket.receive(into: buffer) {
      // An answer that would block has no reader that we know of: the driver asks again only after it has read.
      guard let answer = Self.answer(to: UnsafeRawBufferPointer(rebasing: buffer[..<length]), in: slot),
        socket.send(answer, waits: false)
      else { return }
    }
  }

  /// The answer to a message; `nil` for one that ends the connection.
  package static func answer(to message: UnsafeRawBufferPointer, in slot: Slot) -> [UInt8]? {
    guard (LinkFrame.headerLength...LinkFrame.longestMessage).contains(message.count) else { return nil }
    let (kind, sequence) = (message[0], message[1])
    let payload = Array(message[LinkFrame.headerLength...])
    let isWellFormed = message[2] == 0 && message[3] == 0
    let (status, data) = isWellFormed ? slot.answer(LinkFrame.Kind(rawValue: kind), payload) : (.badRequest, [])
    return LinkFrame.answer(kind: kind, sequence: sequence, status: status, payload: data)
  }
}
