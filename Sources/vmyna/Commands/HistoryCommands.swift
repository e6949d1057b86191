import ArgumentParser
import CardService
import Foundation

/// `vmyna history`: what has happened to a card's state.
struct HistoryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "history",
    abstract: "Show the events of a card's state, the snapshots, and where the card stands.",
    discussion: """
      '→' marks the event at which the card stands, '·' an event on a branch that was left. The history is kept as long \
      as the card is in the reader, and for good with --state; it is bounded, and says what it has forgotten.
      """)

  @Flag(help: "Print one JSON object a line for each event.")
  var json = false

  @OptionGroup var slotOption: SlotOption
  @OptionGroup var socketOption: SocketOption

  func run() throws {
    let client = try ControlClient(path: socketOption.path)
    var after: Int? = 0
    var isFirst = true
    while let start = after {
      let request = ControlRequest("history", slot: slotOption.slot, arguments: [String(start)])
      guard let page = try client.ask(request).history else { return }
      let lines = json ? page.events.map { Self.json($0, of: page).text } : Self.text(page, isFirst: isFirst)
      guard !lines.isEmpty else { return }
      try FileHandle.standardOutput.write(contentsOf: Data((lines.joined(separator: "\n") + "\n").utf8))
      after = page.next
      isFirst = false
    }
  }

  private static func text(_ page: HistoryPage, isFirst: Bool) -> [String] {
    var lines: [String] = []
    if isFirst {
      if page.forgotten > 0 {
        lines.append("events up to \(page.forgotten) are forgotten: at most \(page.most) are kept")
      }
      lines.append("\(page.position == 0 ? "→" : " ")    0  image")
    }
    for event in page.events {
      let mark = event.number == page.position ? "→" : event.isOnPath || isMove(event) ? " " : "·"
      let number = String(repeating: " ", count: max(0, 5 - "\(event.number)".count)) + "\(event.number)"
      lines.append("\(mark)\(number)  \(clock(event.time))  \(event.cause)\(detail(of: event))")
    }
    if page.next == nil {
      for (name, position) in page.snapshots.sorted(by: { $0.key < $1.key }) {
        lines.append("snapshot \(name): the state after event \(position)")
      }
    }
    return lines
  }

  private static func isMove(_ event: HistoryPage.Event) -> Bool { event.target != nil }

  private static func detail(of event: HistoryPage.Event) -> String {
    var text = event.name.map { " " + $0 } ?? ""
    if let target = event.target { text += (event.name == nil ? " to " : " at ") + "\(target)" }
    if event.target == nil, event.parent != event.number - 1 { text += " (after \(event.parent))" }
    if !event.changes.isEmpty { text += ": " + event.changes.joined(separator: "; ") }
    return text
  }

  /// The time of day in Japan, as everything about the card.
  private static func clock(_ milliseconds: Int64) -> String {
    let japan: Int64 = 9 * 3_600_000
    let day = (milliseconds &+ japan) % 86_400_000
    func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
    return "\(two(day / 3_600_000)):\(two(day / 60_000 % 60)):\(two(day / 1000 % 60))"
  }

  private static func json(_ event: HistoryPage.Event, of page: HistoryPage) -> OrderedJSON {
    let names = page.snapshots.filter { $0.value == event.number }.keys.sorted()
    return .object([
      ("event", .int(event.number)), ("time", .int(Int(event.time))), ("cause", .string(event.cause)),
      ("step", .int(event.step)), ("parent", .int(event.parent)),
      ("target", event.target.map { .int($0) } ?? .null), ("name", event.name.map { .string($0) } ?? .null),
      ("changes", .array(event.changes.map { .string($0) })), ("onPath", .bool(event.isOnPath)),
      ("current", .bool(event.number == page.position)), ("snapshots", .array(names.map { .string($0) })),
    ])
  }
}

/// `vmyna undo [N]`.
struct UndoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "undo", abstract: "Take back the last steps of a card's state.",
    discussion: """
      A step is what one command or one hand from outside changed. The card in use has the older state at once; a PIN \
      whose value or counter changes by it is no longer verified. 'vmyna goto N' leads forward again.
      """)

  @Argument(help: ArgumentHelp("How many steps.", valueName: "steps"))
  var steps = 1

  @OptionGroup var slotOption: SlotOption
  @OptionGroup var socketOption: SocketOption

  func run() throws { try HistoryMoveReport.ask("undo", "\(steps)", slotOption, socketOption) }
}

/// `vmyna goto N`.
struct GotoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "goto",
    abstract: "Go to the state after an event of 'vmyna history', on whatever branch; 0 is the image.")

  @Argument(help: ArgumentHelp("The event's number.", valueName: "event"))
  var event: Int

  @OptionGroup var slotOption: SlotOption
  @OptionGroup var socketOption: SocketOption

  func run() throws { try HistoryMoveReport.ask("goto", "\(event)", slotOption, socketOption) }
}

/// `vmyna snapshot NAME`.
struct SnapshotCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "snapshot", abstract: "Give the present state of a card a name for 'vmyna restore'.")

  @Argument(
    help: ArgumentHelp("Letters, digits, '.', '_' and '-'; a snapshot of the same name is replaced.", valueName: "name")
  )
  var name: String

  @OptionGroup var slotOption: SlotOption
  @OptionGroup var socketOption: SocketOption

  func run() throws {
    let request = ControlRequest("snapshot", slot: slotOption.slot, arguments: [name])
    if let move = try ControlClient(path: socketOption.path).ask(request).move {
      print("snapshot \(name): \(HistoryMoveReport.place(move.to))")
    }
  }
}

/// `vmyna restore NAME`.
struct RestoreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore", abstract: "Go back to a snapshot, or to the image with 'vmyna restore image'.")

  @Argument(help: ArgumentHelp("The snapshot's name, or image.", valueName: "name"))
  var name: String

  @OptionGroup var slotOption: SlotOption
  @OptionGroup var socketOption: SocketOption

  func run() throws { try HistoryMoveReport.ask("restore", name, slotOption, socketOption) }
}

/// What the moves have in common.
enum HistoryMoveReport {
  static func ask(
    _ action: String, _ argument: String, _ slot: SlotOption, _ socket: SocketOption
  ) throws {
    let request = ControlRequest(action, slot: slot.slot, arguments: [argument])
    guard let move = try ControlClient(path: socket.path).ask(request).move else { return }
    print("\(place(move.to)); 'vmyna goto \(move.from)' leads back to where it was")
  }

  static func place(_ event: Int) -> String { event == 0 ? "the image" : "the state after event \(event)" }
}
