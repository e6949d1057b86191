import MyNumberCard

/// A keypad of a reader. What is typed goes to the card and nowhere else.
public protocol PINPad: Sendable {
  /// Waits until somebody has typed, given up, or the time is over. One call at a time.
  func read(_ prompt: PINPadPrompt) -> PINPadEntry
  /// Ends a ``read(_:)`` that waits: the card is gone, or who asked for the PIN.
  func abort()
}

/// What a keypad asks for.
public struct PINPadPrompt: Sendable, Equatable {
  /// What is to be typed.
  public enum Purpose: String, Sendable, Codable {
    /// The PIN that the card has.
    case verify
    /// The same, before it is changed.
    case current
    /// The new PIN.
    case new
    /// The new PIN once more.
    case confirm
  }

  /// What is to be typed.
  public var purpose: Purpose
  /// The reader's slot.
  public var slot: Int
  /// The PIN, where the current file is one that is known.
  public var pin: PINName?
  /// How many characters are wanted at least and at most.
  public var lengths: ClosedRange<Int>
  /// How long one may type, in seconds.
  public var seconds: Int
  /// Whether the entry ends by itself with the last possible character.
  public var endsWhenFull: Bool

  /// A sentence for a display, in Japanese and English.
  public var sentence: (japanese: String, english: String) {
    let name = pin?.rawValue ?? "card"
    let count =
      lengths.lowerBound == lengths.upperBound ? "\(lengths.lowerBound)" : "\(lengths.lowerBound)–\(lengths.upperBound)"
    return switch purpose {
    case .verify: ("暗証番号（\(name)、\(count)文字）", "\(name) PIN (\(count) characters)")
    case .current: ("今の暗証番号（\(name)、\(count)文字）", "present \(name) PIN (\(count) characters)")
    case .new: ("新しい暗証番号（\(name)、\(count)文字）", "new \(name) PIN (\(count) characters)")
    case .confirm: ("新しい暗証番号をもう一度", "new \(name) PIN once more")
    }
  }
}

/// What came of it.
public enum PINPadEntry: Sendable, Equatable {
  /// Typed and confirmed.
  case entered([UInt8])
  /// The cancel key.
  case cancelled
  /// Nobody typed in time.
  case timedOut
}
