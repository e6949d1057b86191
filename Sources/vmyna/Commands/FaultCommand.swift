import ArgumentParser
import CardService
import Foundation

/// `vmyna fault`: what goes wrong, and when.
struct FaultCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fault",
    abstract: "Let something go wrong with a card in use: now, or at a trigger.",
    discussion: """
      vmyna fault KIND [TRIGGER] [UNTIL]; 'vmyna fault list' shows what waits, 'vmyna fault clear' forgets it.
      KIND: remove [… for TIME], mute, delay TIME [silently], corrupt, answer HEX, power
      TRIGGER: now, at N or at command N (from now), at|before|during|after COMMAND, before|after write [N]
      COMMAND: power-on, reset, any, select, verify, change, read, record, sign, challenge, …, or INS and two hexadecimal digits
      UNTIL: once, N times, until reinserted, always
      A resident's words (dead, slow, removed-while-signing) are understood too. Examples:
        vmyna fault mute at verify
        vmyna fault remove during sign for 500ms
        vmyna fault delay 2s always
      """)

  @Argument(help: ArgumentHelp("The fault, list, or clear.", valueName: "word"))
  var words: [String]

  @Flag(help: "Print one JSON object a line for each fault that waits.")
  var json = false

  @OptionGroup var slotOption: SlotOption
  @OptionGroup var socketOption: SocketOption

  func run() throws {
    let request = ControlRequest("fault", slot: slotOption.slot, arguments: words)
    let faults = try ControlClient(path: socketOption.path).ask(request).faults ?? []
    for fault in faults { print(json ? OrderedJSON.object([("fault", .string(fault))]).text : fault) }
  }
}
