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
    /// What the card in the reader is, and how many tries are left.
    case card(Card)
    /// The card's state was changed from outside: by what, and the tries left after it.
    case changed(cause: String, tries: [String: Int])
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

  /// What a card is: as much as is needed to make it again.
  public struct Card: Hashable, Sendable {
    /// Its name.
    public var name: String
    /// When it was minted, ISO 8601.
    public var minted: String
    /// The seed it was minted with.
    public var seed: UInt64
    /// Whether its keys come from the seed (`seeded`) or are truly random (`random`).
    public var keys: String
    /// The checksum of its manifest.
    public var fingerprint: String
    /// The tries left, by the names of the PINs.
    public var tries: [String: Int]

    /// All of it.
    public init(name: String, minted: String, seed: UInt64, keys: String, fingerprint: String, tries: [String: Int]) {
      self.name = name
      self.minted = minted
      self.seed = seed
      self.keys = keys
      self.fingerprint = fingerprint
      self.tries = tries
    }
  }

  /// A command and its answer; without a byte of answer when the card gave none.
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
