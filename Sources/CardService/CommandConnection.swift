import CardHost

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
      let (status, data) = isWellFormed ? answer(LinkFrame.Kind(rawValue: kind), payload) : (.badRequest, [])
      // An answer that would block has no reader that we know of: the driver asks again only after it has read.
      guard socket.send(LinkFrame.answer(kind: kind, sequence: sequence, status: status, payload: data), waits: false)
      else { return }
    }
  }

  private typealias Answer = (status: LinkFrame.Status, payload: [UInt8])

  private func answer(_ kind: LinkFrame.Kind?, _ payload: [UInt8]) -> Answer {
    switch kind {
    case .transmit: return transmit(payload)
    case .presence where payload.isEmpty: return (.done, [slot.card == nil ? 0 : 1])
    case .powerOn where payload.isEmpty:
      guard let card = slot.card else { return (.noCard, []) }
      let atr = card.powerOn()
      slot.report(.powerOn(atr))
      return (.done, atr)
    case .reset where payload.isEmpty:
      guard let card = slot.card else { return (.noCard, []) }
      let atr = card.warmReset()
      slot.report(.warmReset(atr))
      return (.done, atr)
    case .powerOff where payload.isEmpty:
      if let card = slot.card {
        card.powerOff()
        slot.report(.powerOff)
      }
      return (.done, [])
    default: return (.badRequest, [])
    }
  }

  private func transmit(_ command: [UInt8]) -> Answer {
    guard (1...LinkFrame.longestAPDU).contains(command.count) else { return (.badRequest, []) }
    guard let card = slot.card else { return (.noCard, []) }
    let exchange: CardHost.Exchange?
    if slot.isObserved {
      let clock = ContinuousClock()
      let start = clock.now
      exchange = card.transmit(command)
      if let exchange {
        let microseconds = Int((clock.now - start) / .microseconds(1))
        slot.report(.exchange(command: command, exchange, microseconds: microseconds))
      }
    } else {
      exchange = card.transmit(command)
    }
    // Taken out while it worked: the answer never came.
    guard slot.card === card else { return (.noCard, []) }
    guard let exchange else { return (.mute, []) }
    return (.done, exchange.response)
  }
}
