/// Something wrong with a card image or a state folder: what, where, and what to do.
public struct ImageFault: Error, Sendable, Equatable, CustomStringConvertible {
  /// What is wrong.
  public var problem: String
  /// The file, with a line number where there is one.
  public var location: String
  /// What to do next.
  public var fix: String

  /// All three.
  public init(_ problem: String, at location: String, fix: String) {
    self.problem = problem
    self.location = location
    self.fix = fix
  }

  /// `problem, location`.
  public var description: String { "\(problem), \(location)" }
}
