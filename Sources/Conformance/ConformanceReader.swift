/// The road to a card: a PC/SC reader, or a card in this process.
public protocol ConformanceReader {
  /// The answer to reset of the card in it.
  var answerToReset: [UInt8] { get }
  /// Sends a command, and returns data and status word.
  func transmit(_ command: [UInt8]) throws -> [UInt8]
  /// A warm reset.
  func reset() throws
  /// Power off and on.
  func power() throws
}
