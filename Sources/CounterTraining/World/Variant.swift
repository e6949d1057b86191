import CardRules

/// A lesson with the days, names and papers of one seed. Seed 0 is the lesson as it is written.
public struct Variant: Sendable {
  /// The lesson.
  public var lesson: Lesson
  /// The seed.
  public var seed: UInt64
  /// When it begins.
  public var at: JapanInstant
  /// The municipality's settings.
  public var profile: MunicipalityProfile
  /// The lesson's facts; dates are written out.
  public var facts: [String: String]
  /// What the customer has in the bag.
  public var papers: [BroughtPaper]
  /// Who stands at the counter.
  public var customer: Person

  /// Somebody.
  public struct Person: Sendable, Hashable {
    /// Family and given name, U+3000 between them.
    public var name: String
    /// The day of birth.
    public var birth: CalendarDay?
    /// Where the person lives.
    public var address: String
    /// Whether it is a woman.
    public var isWoman: Bool
    /// What the drawn portrait is made from.
    public var portrait: UInt64

    /// Somebody.
    public init(name: String, birth: CalendarDay?, address: String, isWoman: Bool, portrait: UInt64) {
      self.name = name
      self.birth = birth
      self.address = address
      self.isWoman = isWoman
      self.portrait = portrait
    }
  }

  /// A variant.
  public init(
    lesson: Lesson, seed: UInt64, at: JapanInstant, profile: MunicipalityProfile, facts: [String: String],
    papers: [BroughtPaper], customer: Person
  ) {
    self.lesson = lesson
    self.seed = seed
    self.at = at
    self.profile = profile
    self.facts = facts
    self.papers = papers
    self.customer = customer
  }
}
