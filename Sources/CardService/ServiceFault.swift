/// Why the card service cannot do something: what is wrong, where, and what to do.
public struct ServiceFault: Error, Sendable, Equatable {
  /// What is wrong.
  public var problem: String
  /// Where.
  public var location: String
  /// What to do next.
  public var fix: String
  /// 1: the answer is no; 2: asked wrongly; 3: the machine lacks something.
  public var exitCode: Int32

  /// All of it.
  public init(_ problem: String, at location: String, fix: String, exitCode: Int32 = 3) {
    self.problem = problem
    self.location = location
    self.fix = fix
    self.exitCode = exitCode
  }
}
