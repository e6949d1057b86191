import ArgumentParser
import CardService
import Foundation

/// `vmyna insert CARD`.
struct InsertCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "insert", abstract: "Put a card into a reader of the running service.")

  @Argument(help: ArgumentHelp("A card of the gallery, a resident file or a card image.", valueName: "card"))
  var card: String

  @Option(help: ArgumentHelp("The slot, from 0 (default: the first empty one).", valueName: "number"))
  var slot: Int?

  @OptionGroup var socketOption: SocketOption

  func run() throws {
    // The service has its own working folder, so a path goes to it whole.
    let isPath = card.contains("/") || FileManager.default.fileExists(atPath: card)
    let name = isPath ? URL(fileURLWithPath: card).path : card
    _ = try ControlClient(path: socketOption.path).ask(ControlRequest("insert", slot: slot, card: name))
  }
}

/// `vmyna eject`.
struct EjectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "eject", abstract: "Take the card out of a reader of the running service.")

  @OptionGroup var slotOption: SlotOption
  @OptionGroup var socketOption: SocketOption

  func run() throws {
    _ = try ControlClient(path: socketOption.path).ask(ControlRequest("eject", slot: slotOption.slot))
  }
}

/// The slot that a command means.
struct SlotOption: ParsableArguments {
  @Option(help: ArgumentHelp("The slot, from 0.", valueName: "number"))
  var slot = 0
}

/// `vmyna set`.
struct SetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "set",
    abstract: "Set PINs and counters of a card in use, without spending a try: sign.tries=1 auth.pin=1234")

  @Argument(help: ArgumentHelp("What to set: PIN.tries=N or PIN.pin=VALUE.", valueName: "assignment"))
  var assignments: [String]

  @OptionGroup var slotOption: SlotOption
  @OptionGroup var socketOption: SocketOption

  func run() throws {
    _ = try ControlClient(path: socketOption.path)
      .ask(ControlRequest("set", slot: slotOption.slot, arguments: assignments))
  }
}
