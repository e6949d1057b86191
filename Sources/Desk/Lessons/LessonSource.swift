import CardHost
import CardRules
import CounterTraining

/// A lesson in the list.
public struct LessonEntry: Sendable, Equatable {
  /// Its name, `S12`.
  public var name: String
  /// Its title.
  public var title: BilingualText
  /// One line about it; never the solution.
  public var about: BilingualText

  /// An entry.
  public init(name: String, title: BilingualText, about: BilingualText) {
    self.name = name
    self.title = title
    self.about = about
  }
}

/// What is wrong with a lesson somebody wrote.
public struct LessonComplaint: Error, Sendable, Equatable, Encodable {
  /// The line, from 1, where there is one.
  public var line: Int?
  /// What is wrong.
  public var problem: String
  /// What to write instead.
  public var fix: String

  /// A complaint.
  public init(line: Int?, problem: String, fix: String) {
    self.line = line
    self.problem = problem
    self.fix = fix
  }
}

/// One exercise that runs: its world, and what has been done in it.
public protocol RunningExercise: Sendable {
  /// Whether the customer has left.
  var isFinished: Bool { get }
  /// Whether the last action can be taken back.
  var canTakeBack: Bool { get }
  /// Does an action, as a play file has it.
  mutating func perform(_ action: String) throws(DeskRefusal)
  /// All that the page shows.
  func view(_ language: Language, hidingTries: Bool) -> ExerciseView
  /// The holder's card, to let it stand in a reader as well.
  var card: CardHost? { get }
  /// A paper that was printed, as it looks on paper.
  func printed(_ paper: String, _ language: Language) -> PrintedPaper?
}

/// Where lessons and their worlds come from.
public protocol LessonSource: Sendable {
  /// The lessons, in the order of the list.
  var lessons: [LessonEntry] { get }
  /// A new exercise of a lesson, with nothing done.
  func begin(_ lesson: String, seed: UInt64) throws(DeskRefusal) -> any RunningExercise
  /// The same of a lesson's text.
  func begin(text: String, seed: UInt64) throws(DeskRefusal) -> any RunningExercise
  /// Reads a lesson's text, and says everything that is wrong with it.
  /// - Parameter isFree: a customer of the day: there need be no right ending.
  func check(_ text: String, isFree: Bool) -> Result<LessonEntry, LessonComplaints>
}

/// All that is wrong with a lesson's text.
public struct LessonComplaints: Error, Sendable, Equatable {
  /// One for each fault, in the order of lines.
  public var complaints: [LessonComplaint]

  /// Complaints.
  public init(_ complaints: [LessonComplaint]) {
    self.complaints = complaints
  }
}
