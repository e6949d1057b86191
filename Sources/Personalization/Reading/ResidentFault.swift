/// Something wrong with a resident file: what, at which line and column, and what to do.
public struct ResidentFault: Error, Sendable, Equatable, CustomStringConvertible {
  /// What is wrong.
  public var problem: String
  /// The file.
  public var file: String
  /// Line and column, from 1.
  public var position: Position?
  /// What to do next.
  public var fix: String

  /// A place in a file.
  public struct Position: Sendable, Equatable {
    /// From 1.
    public var line: Int
    /// From 1.
    public var column: Int

    /// A place.
    public init(line: Int, column: Int) {
      self.line = line
      self.column = column
    }
  }

  /// All of it.
  public init(_ problem: String, file: String, at position: Position? = nil, fix: String) {
    self.problem = problem
    self.file = file
    self.position = position
    self.fix = fix
  }

  /// Whether a key that means nothing is the trouble.
  package var isAboutKey = false

  /// `file:line:column`.
  public var location: String { file + (position.map { ":\($0.line):\($0.column)" } ?? "") }

  /// `problem, file:line:column`.
  public var description: String { "\(problem), \(location)" }
}

/// Everything that is wrong with a resident file; never empty.
public struct ResidentFaults: Error, Sendable, Equatable {
  /// In the order of the file.
  public let faults: [ResidentFault]

  /// All of them.
  public init(faults: [ResidentFault]) { self.faults = faults }

  /// In the order of the file; at one place a mistyped key goes before what is missing because of it.
  package static func sorted(_ faults: [ResidentFault]) -> ResidentFaults {
    let ranked = faults.enumerated().sorted { a, b in
      func rank(_ fault: (offset: Int, element: ResidentFault)) -> (Int, Int, Int, Int) {
        let place = fault.element.position
        return (place?.line ?? 0, place?.column ?? 0, fault.element.isAboutKey ? 0 : 1, fault.offset)
      }
      return rank(a) < rank(b)
    }
    return ResidentFaults(faults: ranked.map(\.element))
  }
}
