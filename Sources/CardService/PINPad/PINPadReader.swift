import CardHost
import Foundation
import MyNumberCard

/// The part 10 features of a reader with a keypad: what it tells of itself, and the commands that take a PIN.
struct PINPadReader {
  let pad: any PINPad
  let slot: Int

  /// As libccid numbers them.
  enum Code {
    static let getFeatures: UInt32 = 0x4200_0D48
    static let verify: UInt32 = 0x4233_0006
    static let modify: UInt32 = 0x4233_0007
    static let pinProperties: UInt32 = 0x4233_000A
    static let properties: UInt32 = 0x4233_0012
  }

  /// Status words of the reader itself (PC/SC part 10, 2.5.2 and 2.5.3).
  enum Status {
    static let timedOut: [UInt8] = [0x64, 0x00]
    static let cancelled: [UInt8] = [0x64, 0x01]
    static let newPINsDiffer: [UInt8] = [0x64, 0x02]
    static let wrongLength: [UInt8] = [0x64, 0x03]
    static let badStructure: [UInt8] = [0x6B, 0x80]
  }

  static let usualSeconds = 30
  /// The driver waits for two minutes at most.
  private static let mostSeconds = 50
  static let shortest = 4
  static let longest = 16

  /// Tag, length, control code; the driver puts them behind its own.
  static let features: [UInt8] = [(0x06, Code.verify), (0x07, Code.modify), (0x0A, Code.pinProperties)].flatMap {
    (tag: UInt8, code: UInt32) in [tag, 4] + [24, 16, 8, 0].map { UInt8(code >> $0 & 0xFF) }
  }

  /// PIN_PROPERTIES_STRUCTURE: no display of its own, an entry ends when full, by key or by time, no second time limit.
  static let pinProperties: [UInt8] = [0x00, 0x00, 0x07, 0x00]

  /// wLcdLayout, bEntryValidationCondition, bTimeOut2, bMinPINSize, bMaxPINSize.
  static let properties: [UInt8] = [
    0x01, 2, 0x00, 0x00, 0x02, 1, 0x07, 0x03, 1, 0x00, 0x06, 1, UInt8(shortest), 0x07, 1, UInt8(longest),
  ]

  /// The command that the structure asks for, with what was typed; or the reader's own status word.
  enum Outcome: Equatable {
    /// To the card, and as a trace may show it.
    case command([UInt8], shown: [UInt8])
    case status([UInt8])
  }

  func read(_ bytes: [UInt8], _ kind: PINPadStructure.Kind, pin: PINName?) -> Outcome {
    guard let structure = PINPadStructure(bytes, kind) else { return .status(Status.badStructure) }
    var typed: [(pin: [UInt8], offset: Int)] = []
    var purposes: [PINPadPrompt.Purpose] = kind == .verify ? [.verify] : [.new]
    if structure.confirms.current { purposes.insert(.current, at: 0) }
    if structure.confirms.new { purposes.append(.confirm) }
    for purpose in purposes {
      let prompt = PINPadPrompt(
        purpose: purpose, slot: slot, pin: pin, lengths: structure.lengths,
        seconds: min(Int(structure.timeOut) == 0 ? Self.usualSeconds : Int(structure.timeOut), Self.mostSeconds),
        endsWhenFull: structure.endsWhenFull)
      switch pad.read(prompt) {
      case .cancelled: return .status(Status.cancelled)
      case .timedOut: return .status(Status.timedOut)
      case .entered(let entry):
        guard structure.lengths.contains(entry.count) else { return .status(Status.wrongLength) }
        switch purpose {
        case .confirm:
          guard entry == typed.last?.pin else { return .status(Status.newPINsDiffer) }
        case .new: typed.append((entry, structure.offsets.new))
        case .current: typed.append((entry, structure.offsets.old))
        case .verify: typed.append((entry, 0))
        }
      }
    }
    let hidden = typed.map { ([UInt8](repeating: UInt8(ascii: "*"), count: $0.pin.count), $0.offset) }
    guard let command = structure.format.command(typed, in: structure.template) else {
      return .status(Status.badStructure)
    }
    // Stars are no digits; then the whole data field is hidden.
    let shown =
      structure.format.command(hidden, in: structure.template)
      ?? Array(command[..<5]) + [UInt8](repeating: UInt8(ascii: "*"), count: command.count - 5)
    return .command(command, shown: shown)
  }
}
