/// What the authority refuses: what is wrong, where, and what to do next.
public struct AuthorityError: Error, Equatable, CustomStringConvertible {
  /// What is wrong, and where.
  public let problem: String
  /// What to do next.
  public let fix: String

  /// A refusal with its way out.
  public init(_ problem: String, fix: String) {
    self.problem = problem
    self.fix = fix
  }

  /// Both lines, as the command line prints them.
  public var description: String { "\(problem)\n  fix: \(fix)" }
}
