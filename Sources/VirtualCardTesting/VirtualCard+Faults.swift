import CardHost
import Dispatch
import Foundation
import Scenario

extension VirtualCard {
  /// Lets something go wrong, in the words of `vmyna fault` (`Docs/Faults.md`): `remove during verify`, `mute at 3`,
  /// `power before write`, `answer 6F00 at sign`, `delay 200ms always`.
  /// - Throws: ``VirtualCardError/refused(_:fix:)`` when the words are none.
  public func fault(_ words: String) throws(VirtualCardError) {
    let faults: [Fault]
    do throws(FaultSyntax) {
      faults = try Fault.parse(words)
    } catch {
      throw .refused("\(error.problem), '\(words)'", fix: error.fix)
    }
    for fault in faults {
      switch (fault.isImmediate, fault.kind) {
      case (true, .remove(let back)): lose(.card(backAfter: back))
      case (true, _): lose(.power)
      case (false, _):
        guard changeFaults({ $0.add(fault) }) else {
          throw .refused("\(FaultPlan.mostFaults) faults wait already", fix: "forget them first: clearFaults()")
        }
      }
    }
  }

  /// Takes back what has not gone wrong yet.
  public func clearFaults() { changeFaults { $0.clear() } }

  /// As long as a phone or a reader waits for an answer when nobody asks it for more time, in milliseconds.
  private static let patience = 5_000

  func transmit(_ command: [UInt8], under order: FaultPlan.Order) throws(VirtualCardError) -> [UInt8] {
    let isTooLate = order.isSilent && order.delay > Self.patience
    Thread.sleep(forTimeInterval: Double(isTooLate ? Self.patience : order.delay) / 1000)
    var order = order
    let place = (application: host.status.application, file: host.currentFileID)
    var exchange: CardHost.Exchange?
    if order.reachesCard, let write = order.write {
      let cut = host.transmit(command, cuttingWrite: write.number, isDone: write.isDone)
      changeFaults { $0.wrote(cut.writes, cut: cut.wasCut ? write : nil) }
      exchange = cut.exchange
      if cut.wasCut { (order.answer, order.loss, order.isLossAfter) = (.none, write.loss, false) }
    } else if order.reachesCard {
      exchange = host.transmit(command)
    }
    let response = Self.answer(order.answer, exchange?.response)
    remember(
      command, CardHost.Exchange(response: response ?? [], application: place.application, file: place.file))
    if let loss = order.loss { lose(loss) }
    if case .card? = order.loss, !order.isLossAfter { throw .noCard }
    guard let response, !isTooLate else { throw .noAnswer }
    return response
  }

  private static func answer(_ answer: FaultPlan.Order.Answer, _ response: [UInt8]?) -> [UInt8]? {
    switch answer {
    case .whole: return response
    case .none: return nil
    case .other(let bytes): return bytes
    case .corrupt:
      guard var bytes = response, !bytes.isEmpty else { return response }
      bytes[(bytes.count - 1) / 2] ^= 0x01
      return bytes
    }
  }

  private func lose(_ loss: FaultPlan.Order.Loss) {
    switch loss {
    case .power: host.powerOff()
    case .card(let back):
      remove()
      guard let back else { return }
      DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(back)) { [self] in insert() }
    }
  }
}
