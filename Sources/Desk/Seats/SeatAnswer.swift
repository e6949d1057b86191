import CardRules
import CounterTraining

/// Everything that a trainee's page shows.
struct SeatAnswer: Encodable, Sendable {
  /// Who sits here.
  struct Place: Encodable, Sendable {
    var id: String
    var alias: String
  }
  /// What the trainer has set, as far as the page needs it.
  struct Shown: Encodable, Sendable {
    var examination: Bool
    var hideTries: Bool
    var statusWords: Bool
  }
  /// What the card said last, for those who want it technically.
  struct StatusWord: Encodable, Sendable, Equatable {
    var code: String
    var text: String
  }

  var seat: Place
  var version: Int
  var settings: Shown
  var exercise: ExerciseView?
  var statusWord: StatusWord?
}

extension SeatAnswer.Shown {
  init(_ settings: ClassSettings) {
    self.init(
      examination: settings.examination, hideTries: settings.hideTries, statusWords: settings.statusWords)
  }
}

extension SeatAnswer.StatusWord {
  /// What VERIFY has answered to the last entry. Facts: Docs/CardModel.md, "VERIFY".
  init?(after view: ExerciseView, _ language: Language) {
    guard let result = view.pad.result else { return nil }
    let left = view.terminal.tries.first { $0.pin == view.pad.asks }?.left
    switch (result, left) {
    case ("right", _), ("set", _):
      self.init(code: "9000", text: language == .ja ? "正常終了" : "done")
    case ("wrong", let left?) where (0...15).contains(left):
      let digit = String(left, radix: 16, uppercase: true)
      self.init(
        code: "63C\(digit)",
        text: language == .ja ? "照合に失敗しました。残り \(left) 回です" : "the PIN is wrong, and \(left) tries are left")
    case ("locked", _):
      self.init(code: "6984", text: language == .ja ? "ロックされていて照合できません" : "the PIN is locked")
    default: return nil
    }
  }
}

/// A lesson in the list, for one seat.
struct LessonAnswer: Encodable, Sendable, Equatable {
  var name: String
  var title: String
  var about: String
  /// `right`, `tried` or `open`.
  var state: String?
}

/// The list of lessons, for one seat.
struct LessonsAnswer: Encodable, Sendable {
  struct Current: Encodable, Sendable {
    var name: String
    var title: String
  }
  var seat: SeatAnswer.Place
  var version: Int
  var settings: SeatAnswer.Shown
  var lessons: [LessonAnswer]
  var current: Current?
}
