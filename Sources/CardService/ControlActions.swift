import CardHost
import CardKernel
import Foundation
import ISO7816
import MyNumberCard

extension CardService {
  /// Does what a control request asks.
  public func handle(_ request: ControlRequest) throws(ServiceFault) -> ControlAnswer {
    switch request.action {
    case "status":
      if let number = request.slot {
        let slot = try find(number)
        return ControlAnswer(slots: status.filter { $0.slot == slot.number })
      }
      return ControlAnswer(slots: status)
    case "insert":
      guard let card = request.card else {
        throw ServiceFault("no card is named", at: "insert", fix: "name one of 'vmyna cards' or a path", exitCode: 2)
      }
      try insert(card, slot: request.slot)
    case "eject":
      let slot = try find(request.slot)
      guard slot.eject() != nil else {
        throw ServiceFault(
          "there is no card in slot \(slot.number)", at: path, fix: "put one in with 'vmyna insert CARD'", exitCode: 1)
      }
    case "set":
      let card = try card(in: request.slot)
      try PINAssignment.assign(request.arguments ?? [], on: card, cause: "set")
      try find(request.slot).report(.changed(cause: "set"))
    case "resetPIN":
      let card = try card(in: request.slot)
      if office.record(of: card) != nil { return try handleOffice(.resettingPIN(request)) }
      // An image without a record: there are no rules to follow.
      try PINAssignment.reset(request.arguments ?? [], on: card, cause: "operator")
      try find(request.slot).report(.changed(cause: "operator"))
    case "office":
      return try handleOffice(request)
    case "pinPad":
      return try handlePINPad(request)
    case "fault":
      return try handleFault(request)
    case "history", "undo", "goto", "snapshot", "restore":
      let answer = try handleHistory(request)
      // The office's record went along with the card; the registry follows.
      if request.action != "history", request.action != "snapshot" { try office.register(card(in: request.slot)) }
      return answer
    default:
      throw ServiceFault(
        "this service knows no '\(request.action)'", at: path, fix: "use the vmyna that started it", exitCode: 2)
    }
    return ControlAnswer()
  }

  func card(in slot: Int?) throws(ServiceFault) -> CardHost {
    let slot = try find(slot)
    guard let card = slot.card else {
      throw ServiceFault(
        "there is no card in slot \(slot.number)", at: path, fix: "put one in with 'vmyna insert CARD'", exitCode: 1)
    }
    return card
  }
}
