import Foundation

/// A keypad that is somewhere else: a page, a test, `vmyna pin-pad`. Shows what is asked for, and takes what is typed.
public final class RemotePINPad: PINPad, @unchecked Sendable {
  /// Guards the other two; they are touched with it held.
  private let condition = NSCondition()
  private var prompt: PINPadPrompt?
  private var entry: PINPadEntry?
  private let changed: (@Sendable (PINPadPrompt?) -> Void)?

  /// A keypad.
  /// - Parameter changed: hears of each prompt, and of its end (`nil`).
  public init(changed: (@Sendable (PINPadPrompt?) -> Void)? = nil) { self.changed = changed }

  /// What is asked for now.
  public var pending: PINPadPrompt? {
    condition.lock()
    defer { condition.unlock() }
    return prompt
  }

  /// Types a PIN and confirms it.
  /// - Returns: `false` when nothing is asked for.
  @discardableResult
  public func enter(_ pin: [UInt8]) -> Bool { end(.entered(pin)) }

  /// The cancel key.
  /// - Returns: `false` when nothing is asked for.
  @discardableResult
  public func cancel() -> Bool { end(.cancelled) }

  private func end(_ entry: PINPadEntry) -> Bool {
    condition.lock()
    defer { condition.unlock() }
    guard prompt != nil, self.entry == nil else { return false }
    self.entry = entry
    condition.broadcast()
    return true
  }

  /// Waits for ``enter(_:)`` or ``cancel()``.
  public func read(_ prompt: PINPadPrompt) -> PINPadEntry {
    let limit = Date().addingTimeInterval(Double(prompt.seconds))
    condition.lock()
    (self.prompt, entry) = (prompt, nil)
    condition.unlock()
    changed?(prompt)
    condition.lock()
    while entry == nil, condition.wait(until: limit) {}
    let result = entry ?? .timedOut
    (self.prompt, entry) = (nil, nil)
    condition.unlock()
    changed?(nil)
    return result
  }

  /// As the cancel key.
  public func abort() { cancel() }
}
