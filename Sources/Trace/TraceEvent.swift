import CardKernel
import ISO7816
import MyNumberCard

/// Something that happened at a slot.
public struct TraceEvent: Hashable, Sendable {
  /// Counts up from 1 over all slots of a service.
  public var sequence: Int
  /// Milliseconds since 1970.
  public var time: Int64
  /// The slot.
  public var slot: Int
  /// What happened.
  public var kind: Kind

  /// What can happen.
  public enum Kind: Hashable, Sendable {
    /// A card came into the reader.
    case inserted
    /// The card left it.
    case removed
    /// The reader powered the card up; its answer to reset.
    case powerOn(atr: [UInt8])
    /// The reader reset the card without taking its power.
    case warmReset
    /// The reader took the card's power.
    case powerOff
    /// A command and its answer.
    case exchange(Exchange)
  }

  /// A command and its answer.
  public struct Exchange: Hashable, Sendable {
    /// What the reader sent.
    public var command: TraceBytes
    /// What the card answered.
    public var response: TraceBytes
    /// The application that was current when the command came.
    public var application: ApplicationName
    /// The file that was current when the command came.
    public var file: FileID?
    /// How long the card took.
    public var microseconds: Int

    /// An exchange.
    public init(
      command: TraceBytes, response: TraceBytes, application: ApplicationName, file: FileID?, microseconds: Int
    ) {
      self.command = command
      self.response = response
      self.application = application
      self.file = file
      self.microseconds = microseconds
    }

    /// An exchange of plain bytes.
    public init(
      command: [UInt8], response: [UInt8], application: ApplicationName, file: FileID?, microseconds: Int
    ) {
      self.init(
        command: TraceBytes(command), response: TraceBytes(response), application: application, file: file,
        microseconds: microseconds)
    }
  }

  /// An event.
  public init(sequence: Int, time: Int64, slot: Int, kind: Kind) {
    self.sequence = sequence
    self.time = time
    self.slot = slot
    self.kind = kind
  }

  /// The same event without secrets and personal data. What is masked already stays so.
  public var masked: TraceEvent {
    guard case .exchange(var exchange) = kind else { return self }
    if let command = exchange.command.unmasked {
      if let response = exchange.response.unmasked {
        exchange.response = Masking.masked(
          response: response, to: command, application: exchange.application, currentFile: exchange.file)
      }
      exchange.command = Masking.masked(command: command)
    }
    var result = self
    result.kind = .exchange(exchange)
    return result
  }
}
