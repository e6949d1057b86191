import CardHost
import CardKernel
import MyNumberCard

/// `sign.tries=1 auth.pin=1234`: the developer's hand on the PINs of a card.
enum PINAssignment {
  /// Does what assignments say; what they do not name stays as it is at that moment.
  /// - Throws: a fault that names the assignment and what would be right.
  static func assign(_ assignments: [String], on card: CardHost, cause: String) throws(ServiceFault) {
    try apply(to: card, cause: cause) { try changes(assignments, of: $0, named: card.name) }
  }

  /// What the ward office can do: a new PIN with a full counter, in every key object that holds it.
  /// - Parameter arguments: the PIN's name and its new value.
  static func reset(_ arguments: [String], on card: CardHost, cause: String) throws(ServiceFault) {
    try apply(to: card, cause: cause) { try changes(resetting: arguments, of: $0, named: card.name) }
  }

  private static func apply(
    to card: CardHost, cause: String, _ changes: (Card) throws -> [CardChange]
  ) throws(ServiceFault) {
    do {
      try card.apply(cause: cause, changes)
    } catch let error as ServiceFault {
      throw error
    } catch CardHost.ChangeFailure.refused(let path) {
      throw ServiceFault(
        "the card does not take this for \(path)", at: card.name, fix: "see 'vmyna status'", exitCode: 1)
    } catch {
      throw ServiceFault(
        "the state could not be written, and nothing has changed", at: card.name, fix: "make room on the disk")
    }
  }

  private static func changes(
    _ assignments: [String], of card: Card, named cardName: String
  ) throws(ServiceFault) -> [CardChange] {
    guard !assignments.isEmpty else {
      throw ServiceFault("nothing is assigned", at: "set", fix: example, exitCode: 2)
    }
    var pins: [PINName: PIN] = [:]
    for assignment in assignments {
      let parts = assignment.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let target = parts[0].split(separator: ".", omittingEmptySubsequences: false)
      guard parts.count == 2, target.count == 2 else {
        throw ServiceFault("this is no assignment", at: "'\(assignment)'", fix: example, exitCode: 2)
      }
      let name = try pinName(target[0], in: assignment)
      var pin: PIN
      if let begun = pins[name] { pin = begun } else { pin = try require(name, of: card, named: cardName) }
      try assign(parts[1], to: target[1], of: &pin, in: assignment)
      pins[name] = pin
    }
    return pins.sorted { $0.key.rawValue < $1.key.rawValue }.map { name, pin in
      .pin(name.path, value: pin.value, triesLeft: pin.triesLeft)
    }
  }

  private static func changes(
    resetting arguments: [String], of card: Card, named cardName: String
  ) throws(ServiceFault) -> [CardChange] {
    guard arguments.count == 2 else {
      throw ServiceFault(
        "a PIN's name and its new value are needed", at: "operator reset-pin",
        fix: "write: vmyna operator reset-pin sign --new ABC123", exitCode: 2)
    }
    let name = try pinName(arguments[0], in: arguments[0])
    let pin = try require(name, of: card, named: cardName)
    guard pin.value != nil else {
      throw ServiceFault(
        "this card has no \(name.rawValue) PIN to reset", at: cardName,
        fix: "issue the certificate first; a PIN comes with it", exitCode: 1)
    }
    let value = try checked(arguments[1], for: pin, in: arguments[0])
    return ([name] + name.companions).compactMap { name in
      card.pin(name.path).map { .pin(name.path, value: value, triesLeft: $0.triesMax) }
    }
  }

  private static let example = "write: vmyna set sign.tries=1 auth.pin=1234"

  private static func pinName(_ text: some StringProtocol, in place: String) throws(ServiceFault) -> PINName {
    guard let name = PINName(rawValue: String(text)) else {
      throw ServiceFault(
        "there is no PIN '\(text)'", at: "'\(place)'",
        fix: "use one of: " + PINName.allCases.map(\.rawValue).joined(separator: ", "), exitCode: 2)
    }
    return name
  }

  private static func require(
    _ name: PINName, of card: Card, named cardName: String
  ) throws(ServiceFault) -> PIN {
    guard let pin = card.pin(name.path) else {
      throw ServiceFault(
        "this card has no \(name.rawValue) PIN", at: cardName, fix: "see 'vmyna status'", exitCode: 1)
    }
    return pin
  }

  private static func assign(
    _ value: some StringProtocol, to property: some StringProtocol, of pin: inout PIN, in assignment: String
  ) throws(ServiceFault) {
    switch property {
    case "tries":
      guard let count = Int(value), (0...pin.triesMax).contains(count) else {
        throw ServiceFault(
          "this PIN cannot have '\(value)' tries left", at: "'\(assignment)'",
          fix: "use a number from 0 to \(pin.triesMax)", exitCode: 2)
      }
      pin.triesLeft = count
    case "pin":
      pin.value = try checked(value, for: pin, in: assignment)
    default:
      throw ServiceFault(
        "a PIN has no '\(property)'", at: "'\(assignment)'", fix: "use .tries or .pin", exitCode: 2)
    }
  }

  private static func checked(
    _ value: some StringProtocol, for pin: PIN, in place: String
  ) throws(ServiceFault) -> [UInt8] {
    let bytes = Array(value.utf8)
    guard pin.format.lengths.contains(bytes.count), pin.format.acceptsCharacters(of: bytes) else {
      let form =
        switch pin.format {
        case .digits(let count): "\(count) digits"
        case .lettersAndDigits(let range):
          "\(range.lowerBound) to \(range.upperBound) capital letters and digits, at least one of each"
        case .unknown: "nothing that is known"
        }
      throw ServiceFault("the new PIN has not the right form", at: "'\(place)'", fix: "use \(form)", exitCode: 2)
    }
    return bytes
  }
}
