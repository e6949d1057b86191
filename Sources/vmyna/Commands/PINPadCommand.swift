import ArgumentParser
import CardService
import Foundation

/// `vmyna pin-pad`: the keys of a remote keypad.
struct PINPadCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pin-pad",
    abstract: "Type on the keypad of a reader that was started with --pin-pad remote.",
    subcommands: [Show.self, Enter.self, Cancel.self], defaultSubcommand: Show.self)

  /// What the keypad asks for.
  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "show", abstract: "Show what the keypad asks for; exit code 1 when that is nothing.")

    @Flag(help: "One JSON object.")
    var json = false

    @OptionGroup var slotOption: SlotOption
    @OptionGroup var socketOption: SocketOption

    func run() throws {
      let state = try PINPadKeys.press([], slot: slotOption, socket: socketOption, seconds: 0)
      if json {
        let fields: [(String, OrderedJSON)] = [
          ("asked", .bool(state?.purpose != nil)), ("purpose", (state?.purpose?.rawValue).map { .string($0) } ?? .null),
          ("pin", (state?.pin).map { .string($0) } ?? .null), ("shortest", (state?.shortest).map { .int($0) } ?? .null),
          ("longest", (state?.longest).map { .int($0) } ?? .null),
        ]
        print(OrderedJSON.object(fields).text)
      } else if let purpose = state?.purpose {
        print([purpose.rawValue, state?.pin].compactMap { $0 }.joined(separator: " "))
      } else {
        print("nothing")
      }
      if state?.purpose == nil { throw ExitCode(1) }
    }
  }

  /// A PIN and the confirm key.
  struct Enter: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "enter", abstract: "Type a PIN and confirm it.")

    @Argument(help: ArgumentHelp("What is typed.", valueName: "pin"))
    var pin: String

    @Option(help: ArgumentHelp("Wait so long for the keypad to ask.", valueName: "seconds"))
    var wait = 0.0

    @OptionGroup var slotOption: SlotOption
    @OptionGroup var socketOption: SocketOption

    func run() throws {
      _ = try PINPadKeys.press(["enter", pin], slot: slotOption, socket: socketOption, seconds: wait)
    }
  }

  /// The cancel key.
  struct Cancel: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "cancel", abstract: "Press the cancel key.")

    @Option(help: ArgumentHelp("Wait so long for the keypad to ask.", valueName: "seconds"))
    var wait = 0.0

    @OptionGroup var slotOption: SlotOption
    @OptionGroup var socketOption: SocketOption

    func run() throws {
      _ = try PINPadKeys.press(["cancel"], slot: slotOption, socket: socketOption, seconds: wait)
    }
  }
}

/// Presses keys, once the keypad asks.
private enum PINPadKeys {
  private static let pause = 0.02

  static func press(
    _ arguments: [String], slot: SlotOption, socket: SocketOption, seconds: Double
  ) throws -> PINPadState? {
    let client = try ControlClient(path: socket.path)
    let end = Date().addingTimeInterval(seconds)
    while Date() < end {
      if try client.ask(ControlRequest("pinPad", slot: slot.slot)).pinPad?.purpose != nil { break }
      Thread.sleep(forTimeInterval: pause)
    }
    return try client.ask(ControlRequest("pinPad", slot: slot.slot, arguments: arguments)).pinPad
  }
}
