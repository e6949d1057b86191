import CardRules

/// A right ending: all needs met, exactly these orders carried out, nothing harmful done.
public struct Ending: Sendable {
  /// A name.
  public var name: String
  /// What was reached, in a sentence.
  public var text: BilingualText
  /// What is carried out, in order, as actions are written.
  public var orders: [String]
  /// What belongs to it.
  public var needs: [Need]
  /// What can be asserted afterwards in variant 0: `sign.end` to `2031-12-15`.
  public var end: [String: String]

  /// An ending.
  public init(name: String, text: BilingualText, orders: [String], needs: [Need], end: [String: String] = [:]) {
    self.name = name
    self.text = text
    self.orders = orders
    self.needs = needs
    self.end = end
  }
}

/// A listed common error of a lesson.
public struct LessonMistake: Sendable {
  /// `E3`, or a short name for an error without a number.
  public var code: String
  /// When it has been made, for an error without a number.
  public var when: Need?
  /// The rule that it breaks.
  public var rule: String?
  /// What went wrong, when the common text does not say it.
  public var text: BilingualText?
  /// What it means for this customer, when the common text does not say it.
  public var consequence: BilingualText?

  /// A mistake.
  public init(code: String) { self.code = code }
}
