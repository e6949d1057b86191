import CardRules

/// A condition on what was done in an exercise, in the words of a lesson's endings.
public indirect enum Need: Sendable, Hashable {
  /// Card and certificates were read before the first order.
  case status
  /// Who stands there has shown who it is.
  case identity
  /// A second document was accepted.
  case secondDocument
  /// The proof of the power to act was accepted.
  case power
  /// Two documents of a proxy, one with a photograph, were accepted.
  case twoDocuments
  /// The letter was looked at while sealed, then opened.
  case seal
  /// The sentence was said.
  case say(String)
  /// The paper was printed.
  case printed(String)
  /// It was written on the face by hand.
  case noted(String)
  /// So many yen were taken.
  case charged(Int)
  /// Everything was handed back.
  case returned
  /// The paper was destroyed.
  case destroyed(String)
  /// The status was read again after the last order.
  case checked
  /// The PIN was entered rightly.
  case entered(CardSecret)
  /// At most so many tries were spent on the PIN.
  case tries(CardSecret, atMost: Int)
  /// They were called.
  case called(String)
  /// The customer's telephone number was noted.
  case contact
  /// An order that begins so was carried out.
  case did(String)
  /// An order that begins so was begun, carried out or not.
  case tried(String)
  /// An action that begins so was done.
  case action(String)
  /// Actions that begin so were done at least that many times.
  case times(Int, String)
  /// The one before the other.
  case before(Need, Need)
  /// The contrary.
  case not(Need)
  /// Both.
  case and(Need, Need)
  /// One of the two.
  case or(Need, Need)
}
