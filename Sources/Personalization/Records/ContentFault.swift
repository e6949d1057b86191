/// A fact about a resident that does not fit on the card: what, where in the resident file, and what to do.
public struct ContentFault: Error, Sendable, Equatable, CustomStringConvertible {
  /// What is wrong.
  public var problem: String
  /// The key of the resident file under `holder:` that is to change; `nil` when none is.
  public var key: String?
  /// What to do next.
  public var fix: String

  init(_ problem: String, key: String? = nil, fix: String) {
    self.problem = problem
    self.key = key
    self.fix = fix
  }

  /// What is wrong.
  public var description: String { problem }
}
