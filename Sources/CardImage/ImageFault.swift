/// Something wrong with a card image or a state folder: what, where, and what to do.
public struct ImageFault: Error, Sendable, Equatable, CustomStringConvertible {
  /// What is wrong.
  public var problem: String
  /// The file, with a line number where there is one.
  public var location: String
  /// What to do next.
  public var fix: String

  /// Whether the machine is at fault (a permission, a full disk) and not what stands there.
  public var isOfMachine: Bool

  /// All of it.
  public init(_ problem: String, at location: String, fix: String, isOfMachine: Bool = false) {
    self.problem = problem
    self.location = location
    self.fix = fix
    self.isOfMachine = isOfMachine
  }

  /// `problem, location`.
  public var description: String { "\(problem), \(location)" }
}
