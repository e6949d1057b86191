import CardRules

/// An exercise: a lesson with a seed, and what the trainee has done so far. Everything follows from the list of actions.
///
/// A copy shares the cards with the original, so only one of the two may go on.
public struct Exercise: Sendable {
  /// The case.
  public let variant: Variant
  /// The sentences and kinds of papers.
  public let catalogue: Catalogue
  /// The cards, records and the registry.
  public let world: any CounterWorld
  /// What has been done.
  public private(set) var actions: [Action] = []

  /// A new exercise.
  public init(_ variant: Variant, catalogue: Catalogue, world: any CounterWorld) {
    self.variant = variant
    self.catalogue = catalogue
    self.world = world
  }

  /// How many actions have been done.
  public var turn: Int { actions.count }
  /// Whether the customer has left.
  public var isFinished: Bool { actions.last == .finish }
  /// Whether the last action can be taken back: replay the list without it.
  public var canTakeBack: Bool { false }
  /// The judge's sheet, when the customer has left.
  public func sheet(_ language: Language) -> ScoreSheet? { nil }

  /// Does an action.
  /// - Throws: why it is not possible at all; nothing has changed then, and it does not count.
  public mutating func perform(_ action: Action) throws(Impossible) {
    actions.append(action)
  }
}

/// An action that is not possible here: nothing has happened.
public struct Impossible: Error, Sendable, Hashable {
  /// Why not.
  public var reason: BilingualText
  /// What to do.
  public var fix: BilingualText
}
