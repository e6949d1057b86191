/// What a user is told when something cannot be done: what is wrong, where, and what to do next.
struct UserError: Error, CustomStringConvertible {
  /// What is wrong.
  var what: String
  /// The option, file and line, or thing that is wrong.
  var place: String?
  /// What to do next.
  var fix: String
  /// 1: the answer is no; 2: used wrongly; 3: the machine lacks something.
  var exitCode: Int32

  init(_ what: String, at place: String? = nil, fix: String, exitCode: Int32 = 2) {
    self.what = what
    self.place = place
    self.fix = fix
    self.exitCode = exitCode
  }

  /// The two lines of every error.
  var description: String { "vmyna: \(what)\(place.map { ", \($0)" } ?? "")\n  fix: \(fix)" }
}
