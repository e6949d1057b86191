import CardRules

/// The cards, the resident records and the registry behind an exercise. The exercise knows nothing of how they are made.
///
/// A record's name is `holder` or the name of one of the lesson's other records; the holder's card as a thing is `card`.
public protocol CounterWorld: AnyObject, Sendable {
  /// The names of the records, the holder's first.
  var records: [String] { get }
  /// What is known of a record; `nil` when there is none of that name.
  func record(_ name: String, at instant: JapanInstant) -> RecordFacts?
  /// How a PIN or number stands on the chip; `nil` when the card has none.
  func counter(of secret: CardSecret, on record: String) -> SecretCounter?
  /// Types a PIN: a real VERIFY, and a wrong one really spends a try.
  func enter(_ secret: CardSecret, _ typed: TypedPIN, on record: String) -> PINAnswer
  /// Takes the power from a card.
  func powerOff(_ record: String)
  /// Asks the rules for a procedure and prepares it; nothing is changed yet.
  func prepare(_ order: CounterOrder, _ details: OrderDetails, on record: String, at instant: JapanInstant)
    -> OrderAnswer
  /// Carries out what was prepared; `nil` when all went well.
  func complete() -> OrderAnswer?
  /// Breaks the prepared write off: the card lies no longer on the reader.
  func breakOff()
  /// The end that a certificate would get, were it issued at that moment together with the other one.
  func endIfIssued(_ kind: CertificateKind, of record: String, at instant: JapanInstant) -> CalendarDay?
}

/// A counter of tries on the chip.
public struct SecretCounter: Sendable, Hashable {
  /// The tries left.
  public var left: Int
  /// The tries that a right entry restores.
  public var full: Int
  /// Whether anybody has set it.
  public var isSet: Bool

  /// A counter.
  public init(left: Int, full: Int, isSet: Bool) {
    self.left = left
    self.full = full
    self.isSet = isSet
  }
}

/// What somebody types.
public enum TypedPIN: Sendable, Hashable {
  /// The value that the card has.
  case right
  /// Another one of the right form.
  case wrong
}

/// What the card answers to an entry.
public enum PINAnswer: Sendable, Hashable {
  /// Right.
  case right
  /// Wrong, so many tries left.
  case wrong(left: Int)
  /// Locked already.
  case locked
  /// The card has no such PIN, or nobody has set it.
  case absent
}

/// What a procedure needs to know beside the order.
public struct OrderDetails: Sendable, Hashable {
  /// The lesson's facts, dates written out.
  public var facts: [String: String] = [:]
  /// PINs that are typed anew with the order.
  public var newPINs: Set<CardSecret> = []
  /// Whether holder and legal representative stand there together.
  public var withLegalRepresentative = false

  /// Nothing.
  public init() {}
}

/// The office's answer to an order.
public enum OrderAnswer: Sendable, Hashable {
  /// It is possible; the rule that is followed.
  case possible(rule: String)
  /// It is not; the rule, where one decides, and the reason.
  case refused(rule: String?, reason: BilingualText)
}
