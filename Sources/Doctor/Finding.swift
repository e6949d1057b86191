/// A text in the two languages of the product.
public struct Words: Sendable, Equatable {
  /// Japanese.
  public let japanese: String
  /// English.
  public let english: String

  /// Both.
  public init(_ japanese: String, _ english: String) {
    self.japanese = japanese
    self.english = english
  }
}

/// What one check has found.
public struct Finding: Sendable, Equatable {
  /// How it is.
  public enum Verdict: String, Sendable {
    /// As it should be.
    case fine
    /// A reason why a reader or its card does not show.
    case wrong
    /// Works, but may surprise.
    case warning
    /// Cannot be told, because of another finding or for lack of rights.
    case skipped
  }

  /// The check's stable name.
  public let check: String
  /// How it is.
  public let verdict: Verdict
  /// The file, line, process or reader that this is about.
  public let subject: String
  /// What it means; `nil` when all is well.
  public let meaning: Words?
  /// What to do.
  public let fix: Words?

  /// All of it.
  public init(_ check: String, _ verdict: Verdict, at subject: String, _ meaning: Words? = nil, fix: Words? = nil) {
    self.check = check
    self.verdict = verdict
    self.subject = subject
    self.meaning = meaning
    self.fix = fix
  }

  static func fine(_ check: String, at subject: String) -> Finding { Finding(check, .fine, at: subject) }

  static func skipped(_ check: String, _ why: Words, at subject: String = "-") -> Finding {
    Finding(check, .skipped, at: subject, why)
  }
}
