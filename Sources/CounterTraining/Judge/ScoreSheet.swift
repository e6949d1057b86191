/// What the judge says when the customer has left.
public struct ScoreSheet: Codable, Sendable, Equatable {
  /// The lesson's name.
  public var lesson: String
  /// The seed.
  public var seed: UInt64
  /// The right ending that was reached or came nearest; absent in an exercise without one.
  public var ending: String?
  /// That ending in a sentence; absent when it was not reached.
  public var endingText: String?
  /// What it should have come to, in a sentence; absent when it came to that.
  public var aimText: String?
  /// Whether a right ending was reached and nothing went wrong.
  public var isRight: Bool
  /// What was done rightly, in order.
  public var steps: [Step]
  /// What went wrong.
  public var mistakes: [Finding]
  /// What was left out, or was not necessary.
  public var omissions: [Finding]
  /// Tries spent.
  public var tries: Tries
  /// How long it took at the counter.
  public var minutes: Int

  /// A right step.
  public struct Step: Codable, Sendable, Equatable {
    /// The action.
    public var action: String
    /// In words.
    public var text: String
    /// The rule behind it.
    public var rule: String?
  }
  /// A mistake or omission, with the rule that it breaks.
  public struct Finding: Codable, Sendable, Equatable {
    /// `E3`, or a short name.
    public var code: String
    /// What went wrong.
    public var text: String
    /// What it means for this customer.
    public var consequence: String
    /// The rule.
    public var rule: String
    /// What the rule says.
    public var ruleText: String
    /// How certain the rule is: `sure`, `likely` or `unknown`.
    public var certainty: String
    /// Where the rule was read.
    public var sources: [Source]
    /// At which action, from 1; absent when it shows at the end only.
    public var turn: Int?
  }
  /// A source.
  public struct Source: Codable, Sendable, Equatable {
    /// Its code in `Docs/Rules.md`.
    public var code: String
    /// Its address.
    public var address: String
  }
  /// Tries spent.
  public struct Tries: Codable, Sendable, Equatable {
    /// All.
    public var spent: Int
    /// Those without need.
    public var unnecessary: Int
  }
}
