import CardRules

/// What happened in an exercise. The judge reads nothing else.
public enum CounterEvent: Sendable, Hashable {
  /// A sentence was said.
  case said(String)
  /// The sentence that was just said is not so.
  case untrue(String)
  /// A paper came onto the counter.
  case took(String)
  /// A paper was asked for that the customer has not got.
  case missing(String)
  /// A paper was looked at.
  case inspected(String)
  /// A paper was held beside the person.
  case compared(String, agrees: Bool)
  /// A paper was taken as proof.
  case accepted(String)
  /// A paper was not taken as proof.
  case rejected(String)
  /// A letter was opened.
  case opened(String, wasSealed: Bool, wasInspected: Bool)
  /// A paper was destroyed.
  case destroyed(String)
  /// A paper or card was handed back.
  case returned(String)
  /// A card was put on the reader.
  case placed(String)
  /// A card was lifted from the reader.
  case lifted(String)
  /// A person was searched for.
  case searched
  /// A record was chosen.
  case selected(String)
  /// The status of a record was read.
  case statusRead(String)
  /// The terminal did not answer.
  case unavailable
  /// A PIN was asked for.
  case typed(Entry)
  /// An order was begun, or refused.
  case begun(Order)
  /// An order was carried out.
  case done(CounterOrder, on: String)
  /// A write was broken off.
  case broken(CounterOrder, on: String, byClerk: Bool)
  /// Something was written on the face by hand.
  case noted(String)
  /// Money was taken.
  case charged(Int)
  /// A paper was printed.
  case printed(String)
  /// Somebody was called.
  case called(String)
  /// The telephone number was noted.
  case contact
  /// Time passed.
  case waited
  /// A step on the customer's side.
  case customerSide(String)
  /// The customer has left.
  case finished

  /// An entry at the pad.
  public struct Entry: Sendable, Hashable {
    /// The PIN.
    public var secret: CardSecret
    /// The record whose card lies on the reader.
    public var record: String
    /// Whether the clerk typed it from the letter.
    public var fromLetter: Bool
    /// What is known of it by whoever told it.
    public var knowledge: Knowledge
    /// The tries before.
    public var leftBefore: Int
    /// The card's answer; `nil` when nothing was typed.
    public var answer: PINAnswer?

    /// Whether a try was spent in vain.
    public var isWrong: Bool {
      if case .wrong? = answer { true } else { false }
    }
  }
  /// An order with what was there before it.
  public struct Order: Sendable, Hashable {
    /// The order.
    public var order: CounterOrder
    /// The record.
    public var record: String
    /// The moment.
    public var at: JapanInstant
    /// The record as it was.
    public var before: RecordFacts
    /// The counters as they were.
    public var tries: [CardSecret: SecretCounter]
    /// Why it was refused; `nil` when it was not.
    public var refusal: String?
  }
}
