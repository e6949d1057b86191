import Foundation

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
      let wait = { (milliseconds: Int, isSilent: Bool) in
        self.wait(milliseconds, isSilent: isSilent, sequence: sequence)
      }
      let reply =
        isWellFormed
        ? slot.answer(LinkFrame.Kind(rawValue: kind), payload, wait: wait) : Slot.Answer(status: .badRequest)
      // An answer that would block has no reader that we know of: the driver asks again only after it has read.
      guard
        socket.send(
          LinkFrame.answer(kind: kind, sequence: sequence, status: reply.status, payload: reply.payload), waits: false)
      else { return }
      slot.finish(reply)
    }
  }

  /// So much time is asked for at once, and so early before it is over.
  private static let extensionMilliseconds = 10_000
  private static let marginMilliseconds = 2_000

  /// Lets time go by, and asks the reader for it as a card does (S(WTX) of T=1), unless silently.
  private func wait(_ milliseconds: Int, isSilent: Bool, sequence: UInt8) {
    var left = milliseconds
    while left > 0 {
      let step = min(left, Self.extensionMilliseconds)
      if !isSilent {
        let time = UInt32(step + Self.marginMilliseconds)
        socket.send(LinkFrame.moreTime(sequence: sequence, milliseconds: time), waits: false)
      }
      Thread.sleep(forTimeInterval: Double(step) / 1000)
      left -= step
    }
  }
}
