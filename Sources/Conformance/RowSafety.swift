import CardModel
import ISO7816

/// Why a row is not played on a card that matters to somebody.
public enum RowRefusal: String, Sendable, CaseIterable, Error {
  /// It begins with a card of another make: another choice, generation or content.
  case otherCard
  /// It presents a PIN.
  case presentsPIN
  /// It would change the card.
  case changesCard
  /// It fills the card's memory.
  case needsFullMemory
  /// It needs secure messaging, and with that a PIN or a flaw that ends a session.
  case secureMessaging
  /// It needs keys that only the card's issuer has.
  case needsIssuersKeys
  /// A command in it is on no list of harmless ones.
  case unlistedCommand
  /// It tells of the synthetic card's holder.
  case tellsOfTheHolder
  /// What it compares with could not be read from the card.
  case unreadable

  /// One sentence for the report.
  public var sentence: String {
    switch self {
    case .otherCard: "needs a card of another make"
    case .presentsPIN: "presents a PIN"
    case .changesCard: "would change the card"
    case .needsFullMemory: "needs a full memory"
    case .secureMessaging: "needs secure messaging"
    case .needsIssuersKeys: "needs the issuer's keys"
    case .unlistedCommand: "has a command that is on no list of harmless ones"
    case .tellsOfTheHolder: "tells of the synthetic card's holder"
    case .unreadable: "compares with what this card does not let be read"
    }
  }
}

/// Decides which rows may be played on a real card. What is not known to be harmless is refused.
public struct RowSafety: Sendable {
  /// The PINs whose right value is known, by name; empty without the holder.
  private let pins: Set<String>

  /// A judge.
  /// - Parameter pins: the names of the PINs that may be presented with their right value.
  public init(pins: Set<String> = []) { self.pins = pins }

  /// Why a story is not played; `nil` when it may be.
  public func refusal(of story: ModelStory) -> RowRefusal? {
    for step in story.steps {
      if let refusal = refusal(of: step) { return refusal }
    }
    return nil
  }

  private func refusal(of step: ModelStory.Step) -> RowRefusal? {
    switch step.act {
    case .setUp: return .otherCard
    case .diskFull: return .needsFullMemory
    case .beginSession, .secure: return .secureMessaging
    case .reset, .power: break
    case .command(let command):
      if let refusal = refusal(of: command) { return refusal }
      // A PIN is presented where the model says that it is right, and nowhere else.
      if case .verify = command, let wanted = step.expectation?.status, !wanted.isSuccess { return .presentsPIN }
    }
    return step.expectation?.data.flatMap { refusal(of: $0) }
  }

  private func refusal(of command: ModelStory.Command) -> RowRefusal? {
    switch command {
    case .selectApplication, .selectFile, .query, .read: nil
    case .verify(let pin, _): pins.contains(pin) ? nil : .presentsPIN
    case .change, .changeKey: .changesCard
    case .sign(_, _, let term): refusal(of: term)
    case .raw(let term): refusal(of: term) ?? Self.refusal(ofRaw: term)
    }
  }

  private func refusal(of term: ModelTerm) -> RowRefusal? {
    for part in term.parts {
      guard case .call(let call) = part else { continue }
      switch call.name {
      case "oaep": return .secureMessaging
      case "body", "signed": return .needsIssuersKeys
      case "text":
        if !(call.arguments.first ?? "").allSatisfy(\.isASCII) { return .tellsOfTheHolder }
      default:
        for argument in call.arguments {
          if let inner = try? ModelTerm(argument), let refusal = refusal(of: inner) { return refusal }
        }
      }
    }
    return nil
  }

  /// The commands that read, ask or compute, and change nothing: SELECT, READ BINARY, READ RECORD, GET DATA, GET
  /// CHALLENGE, INTERNAL AUTHENTICATE, GET RESPONSE. Other channels and secure messaging of the same commands are
  /// refused by the card, or answered in the same way.
  private static let harmless: Set<UInt8> = [0xA4, 0xB0, 0xB2, 0xCA, 0x84, 0x88, 0xC0]
  /// COMPUTE DIGITAL SIGNATURE, and GET DATA of GlobalPlatform.
  private static let harmlessProprietary: Set<UInt8> = [0x2A, 0xCA]

  private static func refusal(ofRaw term: ModelTerm) -> RowRefusal? {
    guard case .bytes(let head)? = term.parts.first, head.count >= 4 else { return .unlistedCommand }
    let isAlone = head.count == 4 && term.parts.count == 1
    switch (head[0], head[1]) {
    // The retry query is exactly four bytes; anything longer may be taken for a guess.
    case (0x00, 0x20): return isAlone ? nil : .presentsPIN
    case (0x00...0x0F, let instruction) where harmless.contains(instruction): return nil
    case (0x80, let instruction) where harmlessProprietary.contains(instruction): return nil
    case (0xFF, 0xCA): return nil
    case (_, 0x20): return .presentsPIN
    case (_, 0x24), (_, 0x32): return .changesCard
    default: return .unlistedCommand
    }
  }
}
