import ISO7816
import MyNumberCard

/// One thing of a card that a program under test can meet.
public struct CoverageItem: Sendable, Hashable {
  /// What it belongs to: an application, ``commands``, ``statusWords`` or ``situations``.
  public let group: String
  /// What it is called in records: `jpki/0018 wrong`, `6982`.
  public let name: String
  /// What it is, in words.
  public let title: LocalizedText
  /// How a program can be shown it, where that is not plain.
  public let advice: LocalizedText?

  /// The group of instructions.
  public static let commands = "commands"
  /// The group of status words.
  public static let statusWords = "statusWords"
  /// The group of what can happen to a program.
  public static let situations = "situations"

  init(_ group: String, _ name: String, _ title: LocalizedText, advice: LocalizedText? = nil) {
    self.group = group
    self.name = name
    self.title = title
    self.advice = advice
  }

  init(_ group: String, _ name: String, _ japanese: String, _ english: String, advice: LocalizedText? = nil) {
    self.init(group, name, LocalizedText(japanese: japanese, english: english), advice: advice)
  }

  /// Group and name: what tells items apart.
  public var key: String { "\(group) \(name)" }
}
