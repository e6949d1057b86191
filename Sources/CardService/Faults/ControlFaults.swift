import CardHost
import Scenario

extension CardService {
  /// Answers `fault`: words of a fault, `list`, or `clear`.
  func handleFault(_ request: ControlRequest) throws(ServiceFault) -> ControlAnswer {
    let slot = try find(request.slot)
    let words = request.arguments ?? []
    var answer = ControlAnswer()
    switch words {
    case ["list"]: break
    case ["clear"]: slot.changeFaults { $0.clear() }
    default:
      let faults: [Fault]
      do throws(FaultSyntax) {
        faults = try Fault.parse(words.joined(separator: " "))
      } catch {
        throw ServiceFault(
          error.problem, at: "'\(words.joined(separator: " "))'", fix: error.fix, exitCode: 2)
      }
      for fault in faults { try order(fault, in: slot) }
      slot.report(.changed(cause: "fault"))
    }
    answer.faults = slot.faults.faults.map(\.summary)
    return answer
  }

  private func order(_ fault: Fault, in slot: Slot) throws(ServiceFault) {
    guard fault.isImmediate else {
      guard slot.changeFaults({ $0.add(fault) }) else {
        throw ServiceFault(
          "\(FaultPlan.mostFaults) faults wait already", at: "slot \(slot.number)",
          fix: "let them happen, or forget them first: vmyna fault clear", exitCode: 1)
      }
      return
    }
    guard let card = slot.card else {
      throw ServiceFault(
        "there is no card in slot \(slot.number)", at: path, fix: "put one in with 'vmyna insert CARD'", exitCode: 1)
    }
    switch fault.kind {
    case .remove(let back): slot.lose(.card(backAfter: back), card)
    default: slot.lose(.power, card)
    }
  }

  /// The faults that a card is born with.
  static func ownFaults(of card: CardHost) throws(ServiceFault) -> [Fault] {
    var faults: [Fault] = []
    for words in card.image.manifest.faults ?? [] {
      do throws(FaultSyntax) {
        faults += try Fault.parse(words)
      } catch {
        throw ServiceFault(
          "the card has a fault that is none: \(error.problem)", at: "\(card.name), '\(words)'", fix: error.fix,
          exitCode: 1)
      }
    }
    guard faults.count <= FaultPlan.mostFaults else {
      throw ServiceFault(
        "the card has \(faults.count) faults of its own, and \(FaultPlan.mostFaults) are possible", at: card.name,
        fix: "write fewer in its resident file, and mint it again", exitCode: 1)
    }
    return faults
  }
}
