import CardRules

/// A lesson of the training desk, as its file tells it: `Docs/Training/WritingLessons.md`.
public struct Lesson: Sendable {
  /// Its name, `S12`.
  public var name: String
  /// A title.
  public var title: BilingualText
  /// One line for the list of lessons; never the solution.
  public var about: BilingualText
  /// Ids of the rules that it exercises.
  public var rules: [String] = []
  /// Rows of the coverage table that it exercises.
  public var statements: [Int] = []
  /// Day and hour of variant 0.
  public var at: JapanInstant
  /// The day from which relative dates of the residents count in variant 0.
  public var reference: CalendarDay
  /// The name of the municipality's profile.
  public var profile = "training"
  /// Whose card it is about.
  public var holder: RecordSource
  /// Further records and cards.
  public var others: [OtherRecord] = []
  /// How other seeds draw others of the same kind.
  public var variation = VariationRules()
  /// Who stands at the counter.
  public var customer: Customer
  /// What happens without anybody asking for it.
  public var events: [ScriptedEvent] = []
  /// What procedures need to know: the new address, the end of the new stay.
  public var facts: [String: String] = [:]
  /// Sentences of this lesson beside those of the catalogue.
  public var phrases: [Phrase] = []
  /// How it can end rightly.
  public var endings: [Ending]
  /// The listed common errors.
  public var mistakes: [LessonMistake] = []

  /// A lesson.
  public init(
    name: String, title: BilingualText, about: BilingualText, at: JapanInstant, reference: CalendarDay,
    holder: RecordSource, customer: Customer, endings: [Ending]
  ) {
    self.name = name
    self.title = title
    self.about = about
    self.at = at
    self.reference = reference
    self.holder = holder
    self.customer = customer
    self.endings = endings
  }
}

/// Where a resident comes from.
public enum RecordSource: Sendable, Hashable {
  /// A card of the gallery.
  case gallery(String)
  /// A resident file's text inside the lesson; its first line stands on that line of the lesson.
  case inline(text: String, line: Int)
}

/// A record or card beside the holder's.
public struct OtherRecord: Sendable, Hashable {
  /// Its name on the terminal, and that of the card as a thing.
  public var id: String
  /// Where the resident comes from.
  public var source: RecordSource
  /// Another name than the source's: `same` for the holder's, or written out.
  public var name: String?
  /// Another birth date than the source's.
  public var birth: CalendarDay?
  /// Another address than the source's: `same` for the holder's, or written out.
  public var address: String?
  /// What the customer knows of its PINs.
  public var knows: [CardSecret: Knowledge] = [:]

  /// A record.
  public init(id: String, source: RecordSource) {
    self.id = id
    self.source = source
  }
}

/// How a seed of 1 or more draws another case of the same kind.
public struct VariationRules: Sendable, Hashable {
  /// The name under which a customer brings one of ``documents``.
  public static let anyDocument = "second-document"

  /// Where the lesson's day lies.
  public struct Day: Sendable, Hashable {
    /// What it is counted from: `auth.end`, `sign.end`, `card.end`, `auth.window`, `sign.window`, `birthday`.
    public var anchor: Anchor
    /// Whether it lies before or after that.
    public var isBefore: Bool
    /// So many days.
    public var days: ClosedRange<Int>

    /// A day.
    public init(anchor: Anchor, isBefore: Bool, days: ClosedRange<Int>) {
      self.anchor = anchor
      self.isBefore = isBefore
      self.days = days
    }
  }
  /// A day of the card's life that the lesson's day is counted from.
  public enum Anchor: String, Sendable, CaseIterable {
    /// The end of auth.
    case authEnd = "auth.end"
    /// The end of sign.
    case signEnd = "sign.end"
    /// The end of the card.
    case cardEnd = "card.end"
    /// The first day on which auth can be renewed.
    case authWindow = "auth.window"
    /// The first day on which sign can be renewed.
    case signWindow = "sign.window"
    /// The first day on which the card can be renewed.
    case cardWindow = "card.window"
    /// The 15th birthday.
    case birthday15 = "birthday.15"
  }

  /// The holder's age on the lesson's day; `nil` keeps it.
  public var ages: ClosedRange<Int>?
  /// Where the lesson's day lies; `nil` lets all days move together.
  public var day: Day?
  /// The holder's second document is one of these.
  public var documents: [String] = []
  /// Tries left.
  public var tries: [CardSecret: ClosedRange<Int>] = [:]
  /// Whether names and addresses are drawn.
  public var drawsNames = true

  /// None.
  public init() {}
}

/// Something that happens without anybody asking for it.
public struct ScriptedEvent: Sendable, Hashable {
  /// When.
  public enum Moment: String, Sendable, CaseIterable {
    /// A write to the card has begun.
    case write
    /// The terminal is asked for something.
    case terminal
    /// A new PIN is typed.
    case newPIN = "new-pin"
  }
  /// What.
  public enum Happening: String, Sendable, CaseIterable {
    /// The customer lifts the card.
    case liftCard = "lift-card"
    /// The terminal does not answer.
    case unavailable
    /// The new PIN has a wrong form.
    case wrongForm = "wrong-form"
    /// The new PIN is typed differently the second time.
    case unequal
  }

  /// When.
  public var on: Moment
  /// At which time of that kind, from 1; 0 is every time.
  public var number: Int
  /// What.
  public var happening: Happening

  /// An event.
  public init(on moment: Moment, number: Int, do happening: Happening) {
    on = moment
    self.number = number
    self.happening = happening
  }
}
