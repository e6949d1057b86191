import CardHost
import CardImage
import CardKernel
import MyNumberCard

/// A part of a card's history, as `vmyna history` shows it.
public struct HistoryPage: Codable, Sendable, Equatable {
  /// The events, oldest first.
  public var events: [Event]
  /// The event at which the card stands; 0 is the image.
  public var position: Int
  /// The number of the newest event.
  public var last: Int
  /// The events up to this number are forgotten; 0 when all are kept.
  public var forgotten: Int
  /// How many events are kept at most.
  public var most: Int
  /// The snapshots by name, with the event at which the card stood.
  public var snapshots: [String: Int]
  /// After which event the next page begins; `nil` on the last one.
  public var next: Int?

  /// One event.
  public struct Event: Codable, Sendable, Equatable {
    /// Its number.
    public var number: Int
    /// Milliseconds since 1970.
    public var time: Int64
    /// The command, or who did it.
    public var cause: String
    /// The first event of its step.
    public var step: Int
    /// The event at which the card stood before.
    public var parent: Int
    /// Where a move led; the event at which a snapshot was taken.
    public var target: Int?
    /// The name of a snapshot.
    public var name: String?
    /// Whether the event led to where the card stands.
    public var isOnPath: Bool
    /// What changed; the values of PINs are not told.
    public var changes: [String]
  }
}

/// What a move in the history did.
public struct HistoryMove: Codable, Sendable, Equatable {
  /// The event at which the card stood.
  public var from: Int
  /// The event at which it stands now; 0 is the image.
  public var to: Int
  /// The number under which the move is recorded.
  public var event: Int?
}

extension CardService {
  /// Answers `history`, `undo`, `goto`, `snapshot` and `restore`.
  func handleHistory(_ request: ControlRequest) throws(ServiceFault) -> ControlAnswer {
    let card = try card(in: request.slot)
    let argument = request.arguments?.first
    var answer = ControlAnswer()
    do throws(CardHost.MoveFailure) {
      switch request.action {
      case "history":
        answer.history = HistoryPage(card.history, after: try number(argument ?? "0", for: "history"))
        return answer
      case "snapshot":
        let position = try card.snapshot(try word(argument, for: "snapshot"))
        answer.move = HistoryMove(from: position, to: position)
      case "restore": answer.move = HistoryMove(try card.restore(try word(argument, for: "restore")))
      case "goto": answer.move = HistoryMove(try card.go(to: try number(try word(argument, for: "goto"), for: "goto")))
      default: answer.move = HistoryMove(try card.undo(try number(argument ?? "1", for: "undo")))
      }
    } catch {
      switch error {
      case .impossible(let fault):
        throw ServiceFault(fault.problem, at: card.name, fix: fault.fix, exitCode: 1)
      case .memory:
        throw ServiceFault(
          "the state could not be written, and nothing has changed", at: card.name, fix: "make room on the disk")
      }
    }
    try find(request.slot).report(.changed(cause: request.action))
    return answer
  }

  private func word(_ argument: String?, for action: String) throws(CardHost.MoveFailure) -> String {
    guard let argument else {
      throw .impossible(HistoryFault("'\(action)' needs to know where", fix: "see 'vmyna \(action) --help'"))
    }
    return argument
  }

  private func number(_ argument: String, for action: String) throws(CardHost.MoveFailure) -> Int {
    guard let number = Int(argument) else {
      throw .impossible(HistoryFault("'\(argument)' is no number", fix: "see 'vmyna \(action) --help'"))
    }
    return number
  }
}

extension HistoryMove {
  init(_ move: CardHost.Move) { self.init(from: move.from, to: move.to, event: move.event) }
}

extension HistoryPage {
  /// About as much text as fits into one message of the control connection.
  private static let mostText = 40_000
  /// What an event costs beside the text of its changes.
  private static let eventText = 200

  init(_ history: StateHistory, after number: Int) {
    let path = history.path
    var text = 0
    var page: [Event] = []
    var next: Int?
    let start = history.events.firstIndex { $0.number > number } ?? history.events.count
    for event in history.events[start...] {
      let entry = Event(event, in: history, isOnPath: path.contains(event.number))
      text += Self.eventText + entry.changes.reduce(0) { $0 + $1.utf8.count + 3 }
      if text > Self.mostText, let last = page.last {
        next = last.number
        break
      }
      page.append(entry)
    }
    self.init(
      events: page, position: history.position, last: history.last, forgotten: history.forgotten,
      most: StateHistory.mostEvents, snapshots: history.snapshots.mapValues(\.position), next: next)
  }
}

extension HistoryPage.Event {
  init(_ event: StateEvent, in history: StateHistory, isOnPath: Bool) {
    var target: Int?
    var name: String?
    switch event.role {
    case .move(_, let to): target = to
    case .snapshot(let word, let at): (name, target) = (word, at)
    case .change, .compaction: break
    }
    self.init(
      number: event.number, time: event.time, cause: event.word, step: history.step(of: event.number),
      parent: history.parent(of: event.number) ?? 0, target: target, name: name, isOnPath: isOnPath,
      changes: event.isAside ? [] : event.changes.map(\.summary))
  }
}

extension CardChange {
  /// `sign 4`, `sign new PIN, 5`, `jpki/000A 1812 bytes`: never a secret.
  var summary: String {
    let name = PINName.allCases.first { $0.path == path }?.rawValue ?? "\(path)"
    return switch self {
    case .triesLeft(_, let count): "\(name) \(count) left"
    case .pin(_, nil, _): "\(name) not set"
    case .pin(_, _, let count): "\(name) set, \(count) left"
    case .contents(_, let bytes): "\(name) \(bytes.count) bytes"
    case .records(_, let records): "\(name) \(records.count) records"
    case .key(_, let material): material.isEmpty ? "\(name) no key" : "\(name) new key"
    }
  }
}
