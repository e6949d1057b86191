/// Why the desk cannot start.
public struct DeskFault: Error, Sendable, Equatable {
  /// What is wrong.
  public var what: String
  /// The option, folder or file that is wrong.
  public var place: String?
  /// What to do next.
  public var fix: String

  /// A fault.
  public init(_ what: String, at place: String? = nil, fix: String) {
    self.what = what
    self.place = place
    self.fix = fix
  }
}
