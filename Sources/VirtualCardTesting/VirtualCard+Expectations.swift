import ISO7816
import MyNumberCard

/// What a card was expected to be or to have heard, and is not or has not.
///
/// A thrown error fails a test of Swift Testing and of XCTest alike, so the expectations throw.
public struct CardExpectationFailure: Error, Sendable, CustomStringConvertible {
  /// What was expected and what is.
  public let problem: String
  /// Where in the test.
  public let location: String
  /// The last exchanges, explained.
  public let exchanges: [String]

  /// All of it.
  public var description: String {
    let said = exchanges.isEmpty ? "nothing was said to the card" : exchanges.joined(separator: "\n  ")
    return "\(problem), \(location)\n  \(said)"
  }

  /// So many exchanges are shown.
  static let mostExchanges = 8
}

extension VirtualCard {
  private func fail(_ problem: String, _ file: StaticString, _ line: UInt) -> CardExpectationFailure {
    CardExpectationFailure(
      problem: "\(name): \(problem)", location: "\(file):\(line)",
      exchanges: exchanges.suffix(CardExpectationFailure.mostExchanges).map(\.description))
  }

  /// Expects so many tries left.
  public func expectTries(
    _ pin: PINName, _ count: Int, file: StaticString = #fileID, line: UInt = #line
  ) throws(CardExpectationFailure) {
    guard triesLeft(pin) != count else { return }
    let left = triesLeft(pin).map(String.init) ?? "no counter at all"
    throw fail("\(pin.rawValue) should have \(count) tries left and has \(left)", file, line)
  }

  /// Expects a locked PIN.
  public func expectLocked(
    _ pin: PINName, file: StaticString = #fileID, line: UInt = #line
  ) throws(CardExpectationFailure) { try expectTries(pin, 0, file: file, line: line) }

  /// Expects full counters everywhere: whatever happened cost the holder nothing.
  public func expectNoTriesSpent(
    file: StaticString = #fileID, line: UInt = #line
  ) throws(CardExpectationFailure) {
    let spent = PINName.allCases.filter { triesLeft($0) != triesMax($0) }
    guard !spent.isEmpty else { return }
    let list = spent.map { "\($0.rawValue) \(triesLeft($0) ?? 0)/\(triesMax($0) ?? 0)" }.joined(separator: ", ")
    throw fail("tries were spent: \(list)", file, line)
  }

  /// Expects that a PIN is verified at this moment, or that it is not.
  public func expectVerified(
    _ pin: PINName, _ expected: Bool = true, file: StaticString = #fileID, line: UInt = #line
  ) throws(CardExpectationFailure) {
    guard isVerified(pin) != expected else { return }
    throw fail("\(pin.rawValue) should \(expected ? "" : "not ")be verified", file, line)
  }

  /// Expects that an instruction, such as `VERIFY`, was sent so many times.
  public func expectSent(
    _ instruction: String, times: Int, file: StaticString = #fileID, line: UInt = #line
  ) throws(CardExpectationFailure) {
    let count = exchanges.filter { $0.instruction == instruction }.count
    guard count != times else { return }
    throw fail("\(instruction) should have been sent \(times) times and was sent \(count) times", file, line)
  }

  /// Expects that an instruction was never sent.
  public func expectNeverSent(
    _ instruction: String, file: StaticString = #fileID, line: UInt = #line
  ) throws(CardExpectationFailure) { try expectSent(instruction, times: 0, file: file, line: line) }

  /// Expects these status words, in this order and one after the other, at the end of what was said.
  public func expectLastStatusWords(
    _ words: [UInt16], file: StaticString = #fileID, line: UInt = #line
  ) throws(CardExpectationFailure) {
    let last = exchanges.suffix(words.count).map(\.status.rawValue)
    guard last != words else { return }
    func text(_ words: [UInt16]) -> String { words.map { StatusWord(rawValue: $0).description }.joined(separator: " ") }
    throw fail("the last answers should be \(text(words)) and are \(text(last))", file, line)
  }

  /// Expects that something was said for which the condition holds.
  public func expectExchange(
    _ what: String, file: StaticString = #fileID, line: UInt = #line, where condition: (Exchange) -> Bool
  ) throws(CardExpectationFailure) {
    guard !exchanges.contains(where: condition) else { return }
    throw fail("there was no exchange with \(what)", file, line)
  }
}
