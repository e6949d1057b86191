import CardHost

/// What a slot does with the requests of a reader, whatever way they come.
extension Slot {
  typealias Answer = (status: LinkFrame.Status, payload: [UInt8])

  /// Answers a request of the driver (`Docs/Protocol.md`, "Role 0").
  func answer(_ kind: LinkFrame.Kind?, _ payload: [UInt8]) -> Answer {
    switch kind {
    case .transmit: return transmit(payload)
    case .presence where payload.isEmpty: return (.done, [card == nil ? 0 : 1])
    case .powerOn where payload.isEmpty:
      guard let card else { return (.noCard, []) }
      let atr = card.powerOn()
      report(.powerOn(atr))
      return (.done, atr)
    case .reset where payload.isEmpty:
      guard let card else { return (.noCard, []) }
      let atr = card.warmReset()
      report(.warmReset(atr))
      return (.done, atr)
    case .powerOff where payload.isEmpty:
      if let card {
        card.powerOff()
        report(.powerOff)
      }
      return (.done, [])
    default: return (.badRequest, [])
    }
  }

  private func transmit(_ command: [UInt8]) -> Answer {
    guard (1...LinkFrame.longestAPDU).contains(command.count) else { return (.badRequest, []) }
    guard let card else { return (.noCard, []) }
    let exchange: CardHost.Exchange?
    if isObserved {
      let clock = ContinuousClock()
      let start = clock.now
      exchange = card.transmit(command)
      if let exchange {
        let microseconds = Int((clock.now - start) / .microseconds(1))
        report(.exchange(command: command, exchange, microseconds: microseconds))
      }
    } else {
      exchange = card.transmit(command)
    }
    // Taken out while it worked: the answer never came.
    guard self.card === card else { return (.noCard, []) }
    guard let exchange else { return (.mute, []) }
    return (.done, exchange.response)
  }

  /// What a reader in this process gets from the slot.
  public enum ReaderAnswer: Sendable, Equatable {
    /// Data and status word, or an answer to reset.
    case response([UInt8])
    /// There is no card.
    case noCard
    /// The card gave no answer.
    case mute
  }

  /// One command, as a reader sends it that sits in this process.
  public func readerTransmit(_ command: [UInt8]) -> ReaderAnswer { readerAnswer(.transmit, command) }

  /// A warm reset, as a reader in this process does it.
  public func readerReset() -> ReaderAnswer { readerAnswer(.reset, []) }

  /// Power off and on, as a reader in this process does it.
  public func readerPowerCycle() -> ReaderAnswer {
    _ = answer(.powerOff, [])
    return readerAnswer(.powerOn, [])
  }

  private func readerAnswer(_ kind: LinkFrame.Kind, _ payload: [UInt8]) -> ReaderAnswer {
    let (status, data) = answer(kind, payload)
    return switch status {
    case .done: .response(data)
    case .noCard: .noCard
    case .mute, .badRequest: .mute
    }
  }
}
