/// What an event means for the history; its cause says it in one word.
extension StateEvent {
  /// The part that an event has in the history.
  public enum Role: Sendable, Equatable {
    /// The card's state changed: by a command, or by a hand from outside.
    case change
    /// The card went to the state of another event (0: the image): `undo@12`, `goto@12`, `restore@12`.
    case move(String, to: Int)
    /// The state got a name: `snapshot=NAME@12`. The changes of such an event lead from the image to that state.
    case snapshot(String, at: Int)
    /// It stands for all the events before it: `compaction`.
    case compaction

    /// The words of moves.
    static let moves = ["undo", "goto", "restore"]
    /// The most characters of a snapshot's name.
    public static let longestName = 64

    var isChange: Bool { self == .change }
    var isSnapshot: Bool {
      if case .snapshot = self { return true }
      return false
    }

    /// Whether a snapshot can have this name: it stands in one word of the journal.
    static func isName(_ text: some StringProtocol) -> Bool {
      (1...longestName).contains(text.utf8.count)
        && text.utf8.allSatisfy { byte in
          switch byte {
          case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
          default: false
          }
        }
    }

    /// The cause of an event with this role.
    var cause: String {
      switch self {
      case .change: "change"
      case .move(let word, let target): "\(word)@\(target)"
      case .snapshot(let name, let target): "snapshot=\(name)@\(target)"
      case .compaction: "compaction"
      }
    }
  }

  /// What the event means for the history.
  public var role: Role {
    let cause = causeAndRecord.cause
    if cause == Role.compaction.cause { return .compaction }
    guard let mark = cause.utf8.lastIndex(of: UInt8(ascii: "@")), let target = Int(cause[mark...].dropFirst()),
      target >= 0
    else { return .change }
    let word = cause[..<mark]
    if word.hasPrefix(Self.snapshotPrefix) {
      let name = word.dropFirst(Self.snapshotPrefix.count)
      return Role.isName(name) ? .snapshot(String(name), at: target) : .change
    }
    return Role.moves.contains(String(word)) ? .move(String(word), to: target) : .change
  }

  /// Whether the event's changes are no part of the card's own story: those of a snapshot.
  public var isAside: Bool { cause.utf8.starts(with: Self.snapshotPrefix.utf8) && role.isSnapshot }

  private static let snapshotPrefix = "snapshot="
  /// What stands behind the cause of an event that goes on with the step before it.
  static let continuationMark = "+"

  /// Whether the event belongs to the same step as the one before: a right PIN is a try spent, then all tries back.
  public var isContinuation: Bool { cause.hasSuffix(Self.continuationMark) }

  /// The cause without marks: `VERIFY`, `undo`, `snapshot`.
  public var word: String {
    switch role {
    case .change: isContinuation ? String(cause.dropLast(Self.continuationMark.count)) : cause
    case .move(let word, _): word
    case .snapshot: "snapshot"
    case .compaction: role.cause
    }
  }

  /// How the cause of a procedure of the ward office begins: `operator:renew:3`.
  static let officeMark = "operator:"

  /// The cause of a procedure of the ward office, after which the record of that number holds.
  public static func officeCause(_ verb: String, record: Int) -> String { "\(officeMark)\(verb):\(record)" }

  /// The number of the ward office's record that holds after the event, where the event says so; 0 is that of the image.
  ///
  /// A procedure does (`operator:renew:3`), and so does what may lead to events that are forgotten: `compaction:3`,
  /// `restore@12:3`, `snapshot=NAME@12:3`.
  public var record: Int? {
    guard let record = causeAndRecord.record else { return nil }
    if case .change = role { return cause.hasPrefix(Self.officeMark) ? record : nil }
    return record
  }

  /// The event, saying which record holds after it.
  func naming(record: Int?) -> StateEvent {
    guard let record, self.record == nil else { return self }
    var event = self
    event.cause += ":\(record)"
    return event
  }

  /// The cause without the number of a record behind it, and that number.
  private var causeAndRecord: (cause: Substring, record: Int?) {
    guard let mark = cause.utf8.lastIndex(of: UInt8(ascii: ":")),
      let record = Int(cause[mark...].dropFirst()), record >= 0
    else { return (cause[...], nil) }
    return (cause[..<mark], record)
  }
}
