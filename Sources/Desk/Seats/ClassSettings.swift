import CardRules

/// What the trainer has set for the whole class.
struct ClassSettings: Codable, Sendable, Equatable {
  /// Whether the tries left are hidden.
  var hideTries = false
  /// Whether the card's status word and its sentence are shown.
  var statusWords = false
  /// Whether an examination is on: chosen lessons, no restart, sheets withheld.
  var examination = false
  /// The lessons that can be chosen; all when empty.
  var lessons: [String] = []
  /// Counts the examinations, so that each has seeds of its own.
  var number = 0

  /// The number of the examination that is on.
  var current: Int? { examination ? number : nil }

  /// Whether a lesson can be chosen.
  func allows(_ lesson: String) -> Bool { lessons.isEmpty || lessons.contains(lesson) }
}

/// The settings as the trainer's page sends them; what is missing stays.
struct ClassSettingsChange: Decodable, Sendable {
  var hideTries: Bool?
  var statusWords: Bool?
  var examination: Bool?
  var lessons: [String]?

  func applied(to old: ClassSettings) -> ClassSettings {
    var new = old
    new.hideTries = hideTries ?? old.hideTries
    new.statusWords = statusWords ?? old.statusWords
    new.lessons = lessons ?? old.lessons
    new.examination = examination ?? old.examination
    if new.examination && !old.examination { new.number += 1 }
    return new
  }
}
