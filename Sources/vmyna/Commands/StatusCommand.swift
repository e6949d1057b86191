import ArgumentParser
import CardService
import Foundation

/// `vmyna status`: the slots of the running service.
struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Show each reader's card, its current application and every PIN.")

  @Option(help: ArgumentHelp("One slot only, from 0.", valueName: "number"))
  var slot: Int?

  @Flag(help: "Print one JSON object a line for each slot.")
  var json = false

  @Flag(help: "Print again whenever something changes, until interrupted.")
  var watch = false

  @OptionGroup var socketOption: SocketOption

  func run() throws {
    let client = try ControlClient(path: socketOption.path)
    guard watch else { return try show(client.ask(ControlRequest("status", slot: slot)).slots ?? []) }
    var isFirst = true
    try client.follow(ControlRequest("watch", slot: slot)) { answer in
      if !json { try separate(isFirst: isFirst) }
      isFirst = false
      try show(answer.slots ?? [])
      return true
    }
  }

  /// A terminal shows the newest state in the place of the one before (ECMA-48: cursor home, erase below); a file has a
  /// blank line between.
  private func separate(isFirst: Bool) throws {
    let text = isatty(STDOUT_FILENO) == 1 ? (isFirst ? "\u{1B}[2J" : "") + "\u{1B}[H\u{1B}[J" : isFirst ? "" : "\n"
    if !text.isEmpty { try FileHandle.standardOutput.write(contentsOf: Data(text.utf8)) }
  }

  private func show(_ slots: [SlotStatus]) throws {
    for slot in slots {
      let text = json ? Self.json(slot).text : Self.text(slot)
      try FileHandle.standardOutput.write(contentsOf: Data((text + "\n").utf8))
    }
  }

  private static func text(_ slot: SlotStatus) -> String {
    guard let card = slot.card else { return "slot \(slot.slot)  \(slot.reader): empty" }
    let state = slot.powered ? "powered, \(slot.application ?? "?")" : "no power"
    return
      (["slot \(slot.slot)  \(slot.reader): \(card) (\(state))"]
      + slot.pins.map { pin in
        "  "
          + PINLine.text(
            name: pin.name, triesLeft: pin.triesLeft, triesMax: pin.triesMax, isSet: pin.set, isVerified: pin.verified)
      }).joined(separator: "\n")
  }

  /// One slot, as a promise to programs.
  static func json(_ slot: SlotStatus) -> OrderedJSON {
    .object([
      ("slot", .int(slot.slot)), ("reader", .string(slot.reader)), ("card", slot.card.map { .string($0) } ?? .null),
      ("powered", .bool(slot.powered)), ("application", slot.application.map { .string($0) } ?? .null),
      (
        "pins",
        .object(
          slot.pins.map { pin in
            (
              pin.name,
              .object([
                ("triesLeft", .int(pin.triesLeft)), ("triesMax", .int(pin.triesMax)), ("verified", .bool(pin.verified)),
                ("set", .bool(pin.set)),
              ])
            )
          })
      ),
    ])
  }
}
