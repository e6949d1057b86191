import CardKernel

/// One PIN as people see it: `sign ●●●○○ 3/5`.
enum PINLine {
  static func text(name: String, triesLeft: Int, triesMax: Int, isSet: Bool, isVerified: Bool = false) -> String {
    let column = name.padding(toLength: max(15, name.count + 1), withPad: " ", startingAt: 0)
    let pips = String(repeating: "●", count: triesLeft) + String(repeating: "○", count: max(0, triesMax - triesLeft))
    let note = !isSet ? "  not set" : triesLeft == 0 ? "  LOCKED" : isVerified ? "  verified" : ""
    return "\(column)\(pips) \(triesLeft)/\(triesMax)\(note)"
  }

  static func text(name: String, _ pin: PIN) -> String {
    text(name: name, triesLeft: pin.triesLeft, triesMax: pin.triesMax, isSet: pin.value != nil)
  }
}
