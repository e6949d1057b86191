/// What a keypad asks for at the moment, as the control connection tells it.
public struct PINPadState: Codable, Sendable, Equatable {
  /// What is to be typed; `nil` when nothing is asked for.
  public var purpose: PINPadPrompt.Purpose?
  /// The PIN, where it is a known one.
  public var pin: String?
  /// The fewest characters.
  public var shortest: Int?
  /// The most characters.
  public var longest: Int?

  init(_ prompt: PINPadPrompt?) {
    purpose = prompt?.purpose
    pin = prompt?.pin?.rawValue
    shortest = prompt?.lengths.lowerBound
    longest = prompt?.lengths.upperBound
  }
}

extension CardService {
  /// `pinPad`: what a remote keypad asks for; with `enter PIN` or `cancel`, what a person does there.
  func handlePINPad(_ request: ControlRequest) throws(ServiceFault) -> ControlAnswer {
    let slot = try find(request.slot)
    guard let pad = slot.pinPad as? RemotePINPad else {
      throw ServiceFault(
        "the reader in slot \(slot.number) has no remote keypad", at: path,
        fix: "start the service with --pin-pad remote", exitCode: 1)
    }
    let arguments = request.arguments ?? []
    let isDone: Bool
    switch (arguments.first, arguments.count) {
    case (nil, _): isDone = true
    case ("enter", 2): isDone = pad.enter(Array(arguments[1].utf8))
    case ("cancel", 1): isDone = pad.cancel()
    default:
      throw ServiceFault(
        "a keypad has no such key", at: "pinPad", fix: "write: vmyna pin-pad enter 1234, or vmyna pin-pad cancel",
        exitCode: 2)
    }
    guard isDone else {
      throw ServiceFault(
        "the keypad asks for nothing at the moment", at: "slot \(slot.number)",
        fix: "begin with the program that wants a PIN, or wait for it with --wait", exitCode: 1)
    }
    return ControlAnswer(pinPad: PINPadState(pad.pending))
  }
}
