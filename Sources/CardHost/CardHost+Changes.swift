import CardImage
import CardKernel
import MyNumberCard

/// Changes from outside: the developer's hand, the ward office's terminal.
extension CardHost {
  /// Why a change from outside did not happen. Nothing has changed.
  public enum ChangeFailure: Error, Sendable, Equatable {
    /// The card has no such file, or the value is not one that it can have.
    case refused(FilePath)
    /// The state could not be written.
    case memory
  }

  /// Changes the card's memory. All changes or none; the next command sees them.
  /// - Parameter isEvent: whether it is recorded though nothing on the card changes, as a revocation is.
  public func apply(_ changes: [CardChange], cause: String, isEvent: Bool = false) throws(ChangeFailure) {
    let outcome: ChangeFailure? = state.withLock { state in
      do throws(ChangeFailure) {
        try state.apply(changes, cause: cause, isEvent: isEvent)
        return nil
      } catch {
        return error
      }
    }
    if let outcome { throw outcome }
  }

  /// Changes the card's memory by what follows from the card as it is now: no command comes in between, so that nothing
  /// which one writes is taken back. All changes or none.
  /// - Parameter changes: works them out; must not ask this card for anything else.
  /// - Throws: what `changes` throws, or a ``ChangeFailure``.
  public func apply(cause: String, _ changes: (Card) throws -> [CardChange]) throws {
    try state.withLock { state in
      try state.apply(try changes(state.card), cause: cause)
    }
  }

  /// How the card takes a PIN.
  public enum PINAnswer: Sendable, Equatable {
    /// It is right; all tries are there again.
    case right
    /// It is wrong, and so many tries are left.
    case wrong(triesLeft: Int)
    /// No tries were left; it was not looked at.
    case locked
    /// The card has no such PIN, or nobody has set it.
    case absent
  }

  /// Presents a PIN to the card like VERIFY, but from outside: the try is paid for, on the disk too, before the value is
  /// looked at. Nothing is verified by it.
  public func present(_ name: PINName, _ value: [UInt8], cause: String) throws(ChangeFailure) -> PINAnswer {
    let outcome: Result<PINAnswer, ChangeFailure> = state.withLock { state in
      guard let pin = state.card.pin(name.path), let wanted = pin.value else { return .success(.absent) }
      guard pin.triesLeft > 0 else { return .success(.locked) }
      do throws(ChangeFailure) {
        try state.apply([.triesLeft(name.path, pin.triesLeft - 1)], cause: cause)
        guard value == wanted else { return .success(.wrong(triesLeft: pin.triesLeft - 1)) }
        try state.apply([.triesLeft(name.path, pin.triesMax)], cause: StateMemory.continuing(cause))
        return .success(.right)
      } catch {
        return .failure(error)
      }
    }
    return try outcome.get()
  }
}

extension CardHost.State {
  fileprivate mutating func apply(
    _ changes: [CardChange], cause: String, isEvent: Bool = false
  ) throws(CardHost.ChangeFailure) {
    guard !changes.isEmpty || isEvent else { return }
    var changed = card
    for change in changes where !changed.apply(change) { throw .refused(change.path) }
    do {
      try world.memory.append(cause: cause, changes)
    } catch {
      throw .memory
    }
    card = changed
  }
}
