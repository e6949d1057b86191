import CardImage
import CardKernel

extension CardHost {
  /// The history of the card's state.
  public var history: StateHistory { state.withLock { $0.world.memory.history } }

  /// Where a move led.
  public struct Move: Sendable, Equatable {
    /// The event at which the card stood.
    public var from: Int
    /// The event at which it stands now; 0 is the image.
    public var to: Int
    /// The number under which the move itself is recorded.
    public var event: Int
  }

  /// Why nothing has moved.
  public enum MoveFailure: Error, Sendable, Equatable {
    /// The history has no such place.
    case impossible(HistoryFault)
    /// The state could not be written.
    case memory
  }

  /// Goes back so many steps. The next command sees it; a PIN whose value or counter changes by it is no longer verified.
  @discardableResult
  public func undo(_ steps: Int = 1) throws(MoveFailure) -> Move {
    try move("undo") { history throws(HistoryFault) in (try history.target(undoing: steps), nil, nil) }
  }

  /// Goes to the state after an event; 0 is the image.
  @discardableResult
  public func go(to event: Int) throws(MoveFailure) -> Move {
    try move("goto") { history throws(HistoryFault) in (try history.target(goingTo: event), nil, nil) }
  }

  /// Goes to a snapshot, or to the image (`image`).
  @discardableResult
  public func restore(_ name: String) throws(MoveFailure) -> Move {
    try move("restore") { history throws(HistoryFault) in
      if name == StateHistory.imageName { return (0, nil, nil) }
      let snapshot = try history.snapshot(name)
      return (snapshot.position, snapshot.changes, snapshot.record)
    }
  }

  /// Names the present state. An older snapshot of the same name is replaced.
  /// - Returns: the event at which the card stands.
  @discardableResult
  public func snapshot(_ name: String) throws(MoveFailure) -> Int {
    let outcome: Result<Int, MoveFailure> = state.withLock { state in
      let memory = state.world.memory
      do throws(HistoryFault) { try memory.checkSnapshot(name) } catch { return .failure(.impossible(error)) }
      let position = memory.history.position
      do {
        try memory.appendSnapshot(name, state.pristine.changes(leadingTo: state.card))
      } catch {
        return .failure(.memory)
      }
      return .success(position)
    }
    return try outcome.get()
  }

  /// What a move aims at: an event, and, where the history does not know it, the way to it from the image and the ward
  /// office's record that held there.
  private typealias Aim = (target: Int, changes: [CardChange]?, record: Int?)

  private func move(
    _ word: String, to aim: (StateHistory) throws(HistoryFault) -> Aim
  ) throws(MoveFailure) -> Move {
    let outcome: Result<Move, MoveFailure> = state.withLock { state in
      let memory = state.world.memory
      let history = memory.history
      let aimed: Aim
      do throws(HistoryFault) { aimed = try aim(history) } catch { return .failure(.impossible(error)) }
      var goal = state.pristine
      for change in aimed.changes ?? history.changes(upTo: aimed.target) where !goal.apply(change) {
        return .failure(
          .impossible(
            HistoryFault(
              "the state after event \(aimed.target) is not one that this card can have",
              fix: "go back to the image: vmyna restore image")))
      }
      let changes = state.card.changes(leadingTo: goal)
      do {
        try memory.appendMove(word, to: aimed.target, record: aimed.record, changes)
      } catch {
        return .failure(.memory)
      }
      for change in changes { _ = state.card.apply(change) }
      let now = memory.history
      return .success(Move(from: history.position, to: now.position, event: now.last))
    }
    return try outcome.get()
  }
}
