/// Why a card face cannot be drawn on this machine: what is missing, and what to do.
public struct FaceFault: Error, Sendable, Equatable, CustomStringConvertible {
  /// What is wrong.
  public var problem: String
  /// The file or program.
  public var location: String
  /// What to do next.
  public var fix: String

  init(_ problem: String, at location: String, fix: String) {
    self.problem = problem
    self.location = location
    self.fix = fix
  }

  /// `problem, location`.
  public var description: String { "\(problem), \(location)" }
}
