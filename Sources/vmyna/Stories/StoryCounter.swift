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
    _ control: StoryControl, _ arguments: [String], on day: String, card: (String) throws -> String
  ) throws(StoryRefusal) {
    do {
      switch control {
      case .insert:
        _ = try ask(ControlRequest("insert", slot: slot, card: try card(arguments.first ?? "")))
      case .eject: _ = try ask(ControlRequest("eject", slot: slot))
      case .operator: _ = try ask(office(Self.facts(arguments), day))
      case .set, .undo, .goto, .snapshot, .restore, .fault:
        _ = try ask(ControlRequest(control.rawValue, slot: slot, arguments: arguments))
      }
    } catch {
      throw Self.refusal(error)
    }
  }

  /// Resets a PIN where the rules of the national profile allow it.
  func resetPIN(_ reset: OperatorReset, otherPINWorks: Bool, on day: String) throws(StoryRefusal) {
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
      _ = try ask(office(["reset-pin", "name=\(reset.pin.rawValue)", "new=\(reset.value)"], day))
    } catch {
      throw Self.refusal(error)
    }
  }

  private func office(_ words: [String], _ day: String) -> ControlRequest {
    ControlRequest("office", slot: slot, arguments: words + ["at=\(day)T10:00:00+09:00"])
  }

  /// `renew auth` is `renew kind=auth` to the office; `key=value` stays.
  private static func facts(_ words: [String]) -> [String] {
    words.enumerated().map { index, word in
      index > 0 && CertificateKind(rawValue: word) != nil ? "kind=\(word)" : word
    }
  }

  private static func refusal(_ error: any Error) -> StoryRefusal {
    if let fault = error as? ServiceFault {
      return StoryRefusal("\(fault.problem) (\(fault.fix))", isAnswer: fault.exitCode == 1)
    }
    return StoryRefusal(UserError(describing: error).what, isAnswer: false)
  }
}
