import ISO7816

/// Something that goes wrong with a card: what, when, and how often. The page: `Docs/Faults.md`.
///
///     mute at verify
///     delay 300ms always
///     answer 6F00 at 3 2 times
///     remove during sign for 500ms
///     power before write 2
public struct Fault: Sendable, Hashable {
  /// What happens.
  public var kind: Kind
  /// When.
  public var trigger: Trigger
  /// How often.
  public var until: Until

  /// What can happen.
  public enum Kind: Sendable, Hashable {
    /// The card leaves the reader; after so many milliseconds it comes back, or never.
    case remove(backAfter: Int?)
    /// No answer comes.
    case mute
    /// The answer comes so many milliseconds late. Silently: without asking the reader for more time.
    case delay(Int, isSilent: Bool)
    /// One bit of the answer is another one.
    case corrupt
    /// This is the answer, whatever the card would say.
    case answer([UInt8])
    /// The power goes: what was verified is gone, and no answer comes.
    case power
  }

  /// When it happens.
  public enum Trigger: Sendable, Hashable {
    /// At once, or with the next command where it is about an answer.
    case now
    /// With the n-th command from now.
    case command(number: Int)
    /// Around a command of this name.
    case named(Timing, FaultCommand)
    /// Around the n-th time that a command writes to the card's memory.
    case write(Timing, number: Int)
  }

  /// Where around a command or a write.
  public enum Timing: String, Sendable, Hashable, CaseIterable {
    /// The command does not reach the card; the write does not happen.
    case before
    /// The card does the command, the answer is hit. A write is whole or not at all, so that here it is as `before`.
    case during
    /// The answer is out, or the write is done.
    case after
  }

  /// How often it happens.
  public enum Until: Sendable, Hashable {
    /// So many times.
    case times(Int)
    /// As often as it can, until a card is inserted.
    case reinserted
    /// As often as it can, until it is cleared.
    case cleared
  }

  /// A fault.
  public init(_ kind: Kind, _ trigger: Trigger = .now, until: Until = .times(1)) {
    self.kind = kind
    self.trigger = trigger
    self.until = until
  }

  /// Whether it happens at the moment in which it is ordered.
  public var isImmediate: Bool {
    guard trigger == .now else { return false }
    switch kind {
    case .remove, .power: return true
    case .mute, .delay, .corrupt, .answer: return false
    }
  }
}

/// What a trigger can name.
public enum FaultCommand: Sendable, Hashable {
  /// Power comes to the card.
  case powerOn
  /// A warm reset.
  case reset
  /// Any command.
  case any
  /// The commands with these instruction bytes.
  case instructions([UInt8])

  /// The names.
  static let names: [(name: String, command: FaultCommand)] = [
    ("power-on", .powerOn), ("reset", .reset), ("any", .any), ("select", .instructions([0xA4])),
    ("verify", .instructions([0x20])), ("change", .instructions([0x24, 0x32])), ("read", .instructions([0xB0])),
    ("record", .instructions([0xB2])), ("sign", .instructions([0x2A])), ("challenge", .instructions([0x84])),
    ("data", .instructions([0xCA])), ("internal-authenticate", .instructions([0x88])),
    ("external-authenticate", .instructions([0x82])), ("session-key", .instructions([0xAE])),
  ]

  /// Its name, or its instruction byte with the word that makes it one.
  var name: String {
    if let known = Self.names.first(where: { $0.command == self }) { return known.name }
    if case .instructions(let bytes) = self { return "\(Fault.instructionWord) \(bytes.hexString)" }
    return "any"
  }
}
