import CardHost
import Foundation
import Scenario

/// What a slot does with the requests of a reader, whatever way they come.
extension Slot {
  /// The answer to a request, and what is lost when it is out.
  struct Answer {
    var status: LinkFrame.Status
    var payload: [UInt8] = []
    /// The card that the request was for, and what it loses.
    var loss: (card: CardHost, loss: FaultPlan.Order.Loss)?
  }

  /// Lets time go by; silently, or with a word to the reader. `false`, and at once, when the reader has gone: a command
  /// that has arrived is still carried out then.
  typealias Wait = (_ milliseconds: Int, _ isSilent: Bool) -> Bool

  /// Answers a request of the driver (`Docs/Protocol.md`, "Role 0"). Whoever has sent the answer calls ``finish(_:)``.
  func answer(_ kind: LinkFrame.Kind?, _ payload: [UInt8], wait: Wait) -> Answer {
    switch kind {
    case .transmit:
      guard (1...LinkFrame.longestAPDU).contains(payload.count) else { return Answer(status: .badRequest) }
      return transmit(payload, wait: wait)
    case .presence where payload.isEmpty: return Answer(status: .done, payload: [card == nil ? 0 : 1])
    case .powerOn where payload.isEmpty: return power(.powerOn, wait: wait)
    case .reset where payload.isEmpty: return power(.reset, wait: wait)
    case .powerOff where payload.isEmpty:
      if let card {
        card.powerOff()
        report(.powerOff)
      }
      return Answer(status: .done)
    case .control: return control(payload, wait: wait)
    default: return Answer(status: .badRequest)
    }
  }

  /// Does what is left when an answer is out: a fault that takes the card or its power then.
  func finish(_ answer: Answer) {
    if let (card, loss) = answer.loss { lose(loss, card) }
  }

  private func power(_ request: FaultPlan.Request, wait: Wait) -> Answer {
    let (card, order) = cardAndOrder(for: request)
    guard let card else { return Answer(status: .noCard) }
    guard let order else { return Answer(status: .done, payload: start(card, request)) }
    _ = wait(order.delay, order.isSilent)
    let atr = order.reachesCard ? start(card, request) : []
    return settle(order, card, atr.isEmpty ? nil : atr)
  }

  private func start(_ card: CardHost, _ request: FaultPlan.Request) -> [UInt8] {
    let atr = request == .powerOn ? card.powerOn() : card.warmReset()
    report(request == .powerOn ? .powerOn(atr) : .warmReset(atr))
    return atr
  }

  /// - Parameter shown: the command as observers may see it; `nil` for itself.
  func transmit(_ command: [UInt8], shown: [UInt8]? = nil, wait: Wait) -> Answer {
    let (card, order) = cardAndOrder(for: .command(instruction: command.count > 1 ? command[1] : 0))
    guard let card else { return Answer(status: .noCard) }
    if let order { return transmit(command, shown: shown, to: card, under: order, wait: wait) }
    let start = TraceClock.now
    let exchange = card.transmit(command)
    let told = exchange ?? card.silence
    // Taken out while it worked: the answer never came.
    guard report(shown ?? command, told, of: card, since: start) else { return Answer(status: .noCard) }
    guard let exchange else { return Answer(status: .mute) }
    return Answer(status: .done, payload: exchange.response)
  }

  private func transmit(
    _ command: [UInt8], shown: [UInt8]?, to card: CardHost, under order: FaultPlan.Order, wait: Wait
  ) -> Answer {
    _ = wait(order.delay, order.isSilent)
    var order = order
    var exchange: CardHost.Exchange?
    if order.reachesCard, let write = order.write {
      let cut = card.transmit(command, cuttingWrite: write.number, isDone: write.isDone)
      changeFaults { $0.wrote(cut.writes, cut: cut.wasCut ? write : nil) }
      exchange = cut.exchange
      if cut.wasCut {
        (order.answer, order.loss, order.isLossAfter) = (.none, write.loss, false)
      }
    } else if order.reachesCard {
      exchange = card.transmit(command)
    }
    let answer = settle(order, card, exchange?.response)
    let told = answer.status == .done ? answer.payload : []
    var shownExchange = exchange ?? card.silence
    shownExchange.response = told
    report(.exchange(command: shown ?? command, shownExchange, microseconds: order.delay * 1000))
    return answer
  }

  /// What the reader gets of a response (`nil`: none).
  private func settle(_ order: FaultPlan.Order, _ card: CardHost, _ response: [UInt8]?) -> Answer {
    var answer: Answer
    switch order.answer {
    case .none: answer = Answer(status: .mute)
    case .other(let bytes): answer = Answer(status: .done, payload: bytes)
    case .corrupt: answer = response.map { Answer(status: .done, payload: Self.corrupted($0)) } ?? Answer(status: .mute)
    case .whole: answer = response.map { Answer(status: .done, payload: $0) } ?? Answer(status: .mute)
    }
    if let loss = order.loss {
      if order.isLossAfter {
        answer.loss = (card, loss)
      } else {
        lose(loss, card)
        if case .card = loss { answer.status = .noCard }
      }
    } else if self.card !== card {
      answer.status = .noCard
    }
    if answer.status != .done { answer.payload = [] }
    return answer
  }

  /// One bit of the middle byte is another one.
  private static func corrupted(_ response: [UInt8]) -> [UInt8] {
    var bytes = response
    if !bytes.isEmpty { bytes[(bytes.count - 1) / 2] ^= 0x01 }
    return bytes
  }

  /// The card, if it is still the one in the slot, loses its power or leaves.
  func lose(_ loss: FaultPlan.Order.Loss, _ card: CardHost) {
    switch loss {
    case .power:
      card.powerOff()
      report(.powerOff)
    case .card(let back): leave(card, backAfter: back)
    }
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
    _ = readerAnswer(.powerOff, [])
    return readerAnswer(.powerOn, [])
  }

  /// As long as the driver waits for an answer when nobody asks it for more time.
  private static let readerPatience = 5_000

  private func readerAnswer(_ kind: LinkFrame.Kind, _ payload: [UInt8]) -> ReaderAnswer {
    var isTooLate = false
    let answer = answer(kind, payload) { milliseconds, isSilent in
      isTooLate = isSilent && milliseconds > Self.readerPatience
      Thread.sleep(forTimeInterval: Double(isTooLate ? Self.readerPatience : milliseconds) / 1000)
      return true
    }
    finish(answer)
    if isTooLate { return .mute }
    return switch answer.status {
    case .done: .response(answer.payload)
    case .noCard: .noCard
    case .mute, .badRequest: .mute
    }
  }
}

extension CardHost {
  /// An exchange without an answer.
  fileprivate var silence: Exchange { Exchange(response: [], application: status.application, file: currentFileID) }
}
