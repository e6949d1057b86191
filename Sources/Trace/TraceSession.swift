import CardKernel
import ISO7816
import MyNumberCard

/// A recorded session as far as it can be repeated: what the reader did, without secrets, and what came of it.
public struct TraceSession: Sendable, Hashable {
  /// What happened, in order.
  public var steps: [Step]

  /// One event, and its slot.
  public struct Step: Sendable, Hashable {
    /// The slot.
    public var slot: Int
    /// What happened.
    public var kind: Kind

    /// What happened.
    public init(slot: Int, kind: Kind) {
      self.slot = slot
      self.kind = kind
    }
  }

  /// What can happen.
  public enum Kind: Sendable, Hashable {
    /// What the card in the slot is.
    case card(TraceEvent.Card)
    /// A card came, went; its power came, went; a warm reset.
    case inserted, removed, powerOn, powerOff, warmReset
    /// A hand from outside: the tries left after it.
    case changed(cause: String, tries: [String: Int])
    /// A command, masked, and its answer.
    case exchange(TraceBytes, Answer)
  }

  /// What is kept of an answer.
  public struct Answer: Sendable, Hashable {
    /// The status word; `nil` when there was no answer.
    public var status: UInt16?
    /// How many bytes of data came.
    public var length: Int
    /// A checksum of the data; `nil` where they are personal or random.
    public var checksum: UInt16?

    /// All of it.
    public init(status: UInt16?, length: Int, checksum: UInt16?) {
      self.status = status
      self.length = length
      self.checksum = checksum
    }

    /// `63C2`, `256 bytes 9000`, `no answer`.
    public var words: String {
      guard let status else { return "no answer" }
      let word = StatusWord(rawValue: status).description
      return length == 0 ? word : "\(length) bytes \(word)"
    }

    /// Whether another answer is the same, as far as both tell.
    public func agrees(with other: Answer) -> Bool {
      status == other.status && length == other.length
        && (checksum == nil || other.checksum == nil || checksum == other.checksum)
    }
  }

  /// A session from its steps.
  public init(steps: [Step]) { self.steps = steps }

  /// A session from recorded events.
  /// - Parameter keepsCommands: whether commands stay as they are, where they are not masked already.
  public init(_ events: [TraceEvent], keepsCommands: Bool = false) {
    steps = events.map { event in
      let kind = Self.kind(of: event.masked)
      if keepsCommands, case .exchange(_, let answer) = kind, case .exchange(let open) = event.kind {
        return Step(slot: event.slot, kind: .exchange(open.command, answer))
      }
      return Step(slot: event.slot, kind: kind)
    }
  }

  private static func kind(of event: TraceEvent) -> Kind {
    switch event.kind {
    case .card(let card): .card(card)
    case .inserted: .inserted
    case .removed: .removed
    case .powerOn: .powerOn
    case .powerOff: .powerOff
    case .warmReset: .warmReset
    case .changed(let cause, let tries): .changed(cause: cause, tries: tries)
    case .exchange(let exchange): .exchange(exchange.command, Answer(exchange))
    }
  }
}

extension TraceSession.Answer {
  /// What is kept of the answer of an exchange.
  public init(_ exchange: TraceEvent.Exchange) {
    let response = exchange.response.bytes
    let word = response.suffix(2).compactMap { $0 }
    guard response.count >= 2, word.count == 2 else {
      self.init(status: nil, length: 0, checksum: nil)
      return
    }
    let data = response.dropLast(2)
    let known = data.compactMap { $0 }
    let isKnown = known.count == data.count && !data.isEmpty && !Self.isRandom(exchange.command.bytes)
    self.init(
      status: UInt16(word[0]) << 8 | UInt16(word[1]), length: data.count,
      checksum: isKnown ? TraceChecksum.of(known) : nil)
  }

  /// Whether the answer differs from one time to the next: GET CHALLENGE, the two PSS schemes, secure messaging, the
  /// identifier of a contactless card.
  private static func isRandom(_ command: [UInt8?]) -> Bool {
    guard command.count >= 4, let cla = command[0], let ins = command[1], let p1 = command[2] else { return true }
    if cla & 0x0C != 0 { return true }
    return ins == 0x84 || ins == 0x2A && (p1 == 0x04 || p1 == 0x05) || cla == 0xFF
  }
}

/// CRC-16 (X.25): tells data apart, keeps nothing secret.
enum TraceChecksum {
  static func of(_ bytes: some Sequence<UInt8>) -> UInt16 {
    ~bytes.reduce(~UInt16(0)) { sum, byte in
      (0..<8).reduce(sum ^ UInt16(byte)) { value, _ in value & 1 == 1 ? 0x8408 ^ value >> 1 : value >> 1 }
    }
  }
}
