import CardKernel

/// What a card remembers beside its image: its history, and the journal that keeps it where one is kept.
public final class StateMemory {
  private let journal: StateJournal?
  private var volatile = StateHistory()

  /// A memory.
  /// - Parameter journal: `nil` for a card whose state ends with the process.
  public init(journal: StateJournal? = nil) { self.journal = journal }

  /// The history so far.
  public var history: StateHistory { journal?.history ?? volatile }

  /// Adds an event; when this returns, it survives as long as the memory does.
  /// - Throws: when the disk did not take it; nothing has changed.
  public func append(cause: String, _ changes: [CardChange]) throws(EffectFailure) {
    if let journal { return try journal.append(cause: cause, changes) }
    volatile.record(volatile.next(cause: cause, changes))
    if volatile.isFull { volatile = volatile.compacted }
  }

  /// The cause of an event that goes on with the step of the one before.
  public static func continuing(_ cause: String) -> String {
    cause.hasSuffix(StateEvent.continuationMark) ? cause : cause + StateEvent.continuationMark
  }

  /// Records that the card went to the state of an event.
  /// - Parameters:
  ///   - word: `undo`, `goto` or `restore`.
  ///   - record: the number of the ward office's record that holds there, where the event may be forgotten.
  ///   - changes: what leads there from the present state.
  public func appendMove(
    _ word: String, to target: Int, record: Int? = nil, _ changes: [CardChange]
  ) throws(EffectFailure) {
    let move = StateEvent(number: 0, time: 0, cause: StateEvent.Role.move(word, to: target).cause, changes: [])
    try append(cause: move.naming(record: record).cause, changes)
  }

  /// Gives the present state a name.
  /// - Parameter changes: from the image to it.
  public func appendSnapshot(_ name: String, _ changes: [CardChange]) throws(EffectFailure) {
    try append(cause: StateEvent.Role.snapshot(name, at: history.position).cause, changes)
  }

  /// Whether a snapshot may be taken under this name.
  public func checkSnapshot(_ name: String) throws(HistoryFault) { try history.checkSnapshot(name) }
}
