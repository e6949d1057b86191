/// What came of the check, fit to be shown to others: no byte that a card answered stands in it, only lengths and
/// status words.
public struct ConformanceReport: Sendable {
  /// One row.
  public struct Row: Sendable {
    /// The row's name.
    public let id: String
    /// How sure the model is of it.
    public let mark: String
    /// The story.
    public let story: String
    /// What came of it.
    public let outcome: Outcome
  }

  /// What came of a row.
  public enum Outcome: Sendable, Equatable {
    /// The card does what the model says.
    case equal(note: String?)
    /// It does not.
    case different(Difference)
    /// The row was not played.
    case leftOut(RowRefusal)
    /// The reader did not carry a command, or the card gave no answer.
    case failed(step: String, reason: String)
  }

  /// Where a card differs.
  public struct Difference: Sendable, Equatable {
    /// The step, as the story has it.
    public let step: String
    /// What the model says.
    public let wanted: String
    /// What the card answered: `<n>` for n bytes, and the status word.
    public let answered: String
  }

  /// The card's answer to reset.
  public let answerToReset: [UInt8]
  /// Every row of the model, in order.
  public let rows: [Row]
  /// PINs that the card refused, or whose counter was not full.
  public let refusedPINs: [String]

  /// How many rows of a kind.
  public var counts: (equal: Int, different: Int, leftOut: Int, failed: Int) {
    var counts = (equal: 0, different: 0, leftOut: 0, failed: 0)
    for row in rows {
      switch row.outcome {
      case .equal: counts.equal += 1
      case .different: counts.different += 1
      case .leftOut: counts.leftOut += 1
      case .failed: counts.failed += 1
      }
    }
    return counts
  }
}
