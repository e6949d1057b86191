import ISO7816

/// Why a ``VirtualCard`` could not be made or did not answer.
public enum VirtualCardError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The card is not in the field.
  case noCard
  /// The card has no power.
  case noPower
  /// The text of a command is not in hexadecimal digits.
  case notHexadecimal(String)
  /// There is no such card, or its file has faults.
  case cannotMake(card: String, problem: String, fix: String)
  /// A change that this card cannot have.
  case refused(String, fix: String)

  /// What is wrong, and what to do.
  public var description: String {
    switch self {
    case .noCard: "the card is not in the field\n  fix: call insert()"
    case .noPower: "the card has no power\n  fix: call powerCycle()"
    case .notHexadecimal(let text):
      "'\(text)' is not in hexadecimal digits\n  fix: write an APDU such as 00A4040C0AD392F000260100000001"
    case .cannotMake(let card, let problem, let fix): "\(problem), \(card)\n  fix: \(fix)"
    case .refused(let problem, let fix): "\(problem)\n  fix: \(fix)"
    }
  }
}
