/// `--pin-pad [SLOT:]KIND`: which keypad a reader has.
public struct PINPadChoice: Sendable, Equatable {
  /// What the keypad is.
  public enum Kind: Sendable, Equatable {
    /// The terminal of this process.
    case terminal
    /// A script.
    case script(String)
    /// `vmyna pin-pad`, or a program in this process.
    case remote
    /// A reader without one.
    case none
  }

  /// The slot; `nil` for every one that is not named.
  public let slot: Int?
  /// What the keypad is.
  public let kind: Kind

  /// Reads a choice.
  public init(_ text: String) throws(ServiceFault) {
    var rest = text[...]
    var slot: Int?
    if let colon = rest.firstIndex(of: ":"), let number = Int(rest[..<colon]), number >= 0 {
      slot = number
      rest = rest[rest.index(after: colon)...]
    }
    self.slot = slot
    switch rest {
    case "terminal": kind = .terminal
    case "remote": kind = .remote
    case "none": kind = .none
    case _ where rest.hasPrefix("script:") && rest.count > 7: kind = .script(String(rest.dropFirst(7)))
    default:
      throw ServiceFault(
        "this is no keypad", at: "--pin-pad '\(text)'",
        fix: "use terminal, script:FILE, remote or none, with a slot in front if need be: --pin-pad 1:terminal",
        exitCode: 2)
    }
  }

  func makePad() throws(ServiceFault) -> (any PINPad)? {
    switch kind {
    case .terminal: try TerminalPINPad()
    case .script(let file): try ScriptedPINPad(file: file)
    case .remote: RemotePINPad()
    case .none: nil
    }
  }
}

extension CardService {
  /// Gives the readers their keypads; of two choices for a slot the later one holds, and one that names it before one
  /// that does not.
  public func attachPINPads(_ choices: [PINPadChoice]) throws(ServiceFault) {
    for choice in choices {
      if let slot = choice.slot { _ = try find(slot) }
    }
    for slot in slots {
      let choice = choices.last { $0.slot == slot.number } ?? choices.last { $0.slot == nil }
      if let choice { slot.attach(try choice.makePad()) }
    }
  }
}
