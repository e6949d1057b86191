/// The driver's command connection to one slot: one request, one answer, until it ends.
struct CommandConnection {
  let socket: PacketSocket
  let slot: Slot

  func serve() {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: PacketSocket.receiveCapacity, alignment: 16)
    defer { buffer.deallocate() }
    while let length = socket.receive(into: buffer) {
      guard (LinkFrame.headerLength...LinkFrame.longestMessage).contains(length) else { return }
      let (kind, sequence) = (buffer[0], buffer[1])
      let payload = Array(buffer[LinkFrame.headerLength..<length])
      let isWellFormed = buffer[2] == 0 && buffer[3] == 0
      let (status, data) = isWellFormed ? slot.answer(LinkFrame.Kind(rawValue: kind), payload) : (.badRequest, [])
      // An answer that would block has no reader that we know of: the driver asks again only after it has read.
      guard socket.send(LinkFrame.answer(kind: kind, sequence: sequence, status: status, payload: data), waits: false)
      else { return }
    }
  }
}
