import Glibc

/// Why there is no private world, in the one form of all errors: what, where, and what to do next.
public struct WorldError: Error, Equatable, CustomStringConvertible {
  /// What is wrong.
  public let problem: String
  /// Where: a path, a program, a system call.
  public let place: String
  /// What to do next.
  public let fix: String
  /// The exit code of `vmyna`: 2 used wrongly, 3 the machine lacks something, or a code of `vmyna run`'s own.
  public let exitCode: Int32

  /// An error of its four parts.
  public init(_ problem: String, at place: String, fix: String, exitCode: Int32 = WorldError.machineLacksSomething) {
    self.problem = problem
    self.place = place
    self.fix = fix
    self.exitCode = exitCode
  }

  /// The exit code for a machine that lacks something.
  public static let machineLacksSomething: Int32 = 3
  /// The exit code for a command that was used wrongly.
  public static let usedWrongly: Int32 = 2

  /// The two lines that go to standard error.
  public var description: String { "vmyna: \(problem), \(place)\n  fix: \(fix)" }

  /// Writes the two lines to standard error.
  public func tell() {
    let text = "\(self)\n"
    _ = write(STDERR_FILENO, text, text.utf8.count)
  }
}
