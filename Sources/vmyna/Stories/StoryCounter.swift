import CardRules
import CardService
import MyNumberCard
import Scenario

/// The hands from outside in a story: the control connection's requests, and the rules of the counter before them.
struct StoryCounter {
  /// Asks the card service.
  let ask: (ControlRequest) throws -> ControlAnswer
  let slot: Int

  /// Does what a script's line asks.
  /// - Parameter card: turns the card that `insert` names into what the service understands.
  func control(
    _ control: StoryControl, _ arguments: [String], card: (String) throws -> String
  ) throws(StoryRefusal) {
    do {
      switch control {
      case .insert:
        _ = try ask(ControlRequest("insert", slot: slot, card: try card(arguments.first ?? "")))
      case .eject: _ = try ask(ControlRequest("eject", slot: slot))
      case .set, .undo, .goto, .snapshot, .restore, .fault, .operator:
        _ = try ask(ControlRequest(control.rawValue, slot: slot, arguments: arguments))
      }
    } catch {
      throw Self.refusal(error)
    }
  }

  /// Resets a PIN where the rules of the national profile allow it.
  func resetPIN(_ reset: OperatorReset, otherPINWorks: Bool) throws(StoryRefusal) {
    guard let secret = CardSecret(rawValue: reset.pin.rawValue) else {
      throw StoryRefusal("no counter resets \(reset.pin.rawValue) by itself")
    }
    let place: PINCase.Place =
      switch reset.place {
      case .office: .office
      case .store: .convenienceStore
      case .shop: .otherShop
      }
    var question = PINCase(.reset, of: secret, at: place)
    question.otherPINWorks = otherPINWorks
    let ruling = question.ruling()
    guard ruling.isAllowed else { throw StoryRefusal(ruling.reason.en + " (rule \(ruling.rule.id))") }
    do {
      _ = try ask(ControlRequest("resetPIN", slot: slot, arguments: [reset.pin.rawValue, reset.value]))
    } catch {
      throw Self.refusal(error)
    }
  }

  private static func refusal(_ error: any Error) -> StoryRefusal {
    if let fault = error as? ServiceFault {
      return StoryRefusal("\(fault.problem) (\(fault.fix))", isAnswer: fault.exitCode == 1)
    }
    return StoryRefusal(UserError(describing: error).what, isAnswer: false)
  }
}
