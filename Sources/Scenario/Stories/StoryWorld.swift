import ISO7816
import MyNumberCard

/// What comes back from a card, by whatever way it is reached.
public enum StoryAnswer: Sendable, Equatable {
  /// Data and status word.
  case response([UInt8])
  /// There is no card in the reader.
  case noCard
  /// The card gave no answer.
  case mute
}

/// Why a hand from outside did not do what the script asks.
public struct StoryRefusal: Error, Sendable, Equatable {
  /// What is said.
  public var reason: String
  /// Whether somebody says no, as a script may expect; else nobody could be asked, which no script expects.
  public var isAnswer: Bool

  /// A refusal.
  public init(_ reason: String, isAnswer: Bool = true) {
    self.reason = reason
    self.isAnswer = isAnswer
  }
}

/// The world that a story is played in: a card in this process, or one behind pcscd.
public protocol StoryWorld {
  /// One command to the card.
  mutating func transmit(_ command: [UInt8]) -> StoryAnswer
  /// A warm reset; the answer to reset.
  mutating func reset() -> StoryAnswer
  /// Power off and on; the answer to reset.
  mutating func power() -> StoryAnswer
  /// A hand from outside.
  /// - Parameter day: the story's day, `2026-11-20`.
  mutating func control(_ control: StoryControl, _ arguments: [String], on day: String) throws(StoryRefusal)
  /// Whether a reset at a counter may be done, and if so, does it.
  /// - Parameters:
  ///   - otherPINWorks: whether the other certificate's PIN was right.
  ///   - day: the story's day.
  mutating func resetPIN(_ reset: OperatorReset, otherPINWorks: Bool, on day: String) throws(StoryRefusal)
  /// The PIN that the card was made with.
  func pin(_ name: PINName) -> String?
  /// The day on which the card was minted, `2026-11-20`.
  var today: String { get }
}
