import CardHost
import Foundation
import MyNumberCard

/// The reader's own commands (`Docs/Protocol.md`, "Control codes").
extension Slot {
  func control(_ payload: [UInt8], wait: Wait) -> Answer {
    guard payload.count >= 4 else { return Answer(status: .badRequest) }
    let code = payload[..<4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    if Self.escapes.contains(code) { return escape(Array(payload[4...]), wait: wait) }
    guard let pad = pinPad else { return Answer(status: .badRequest) }
    let reader = PINPadReader(pad: pad, slot: number)
    switch code {
    case PINPadReader.Code.getFeatures: return Answer(status: .done, payload: PINPadReader.features)
    case PINPadReader.Code.properties: return Answer(status: .done, payload: PINPadReader.properties)
    case PINPadReader.Code.pinProperties: return Answer(status: .done, payload: PINPadReader.pinProperties)
    case PINPadReader.Code.verify: return present(Array(payload[4...]), .verify, reader, wait: wait)
    case PINPadReader.Code.modify: return present(Array(payload[4...]), .modify, reader, wait: wait)
    default: return Answer(status: .badRequest)
    }
  }

  /// libccid's escape, and that of the readers' own drivers on other systems.
  private static let escapes: Set<UInt32> = [0x4200_0001, 0x4200_0DAC]

  /// What programs for contactless readers send: an APDU of the reader's class, FF, beside the card's own. Other readers
  /// have no escape.
  private func escape(_ command: [UInt8], wait: Wait) -> Answer {
    guard let card, card.personality.interface == .contactless, command.first == 0xFF, command.count >= 4 else {
      return Answer(status: .badRequest)
    }
    return transmit(command, wait: wait)
  }

  private func present(
    _ structure: [UInt8], _ kind: PINPadStructure.Kind, _ reader: PINPadReader, wait: Wait
  ) -> Answer {
    guard let card else { return Answer(status: .noCard) }
    guard card.status.isPowered else { return Answer(status: .mute) }
    let outcome = type(structure, kind, reader, card, wait: wait)
    guard self.card === card else { return Answer(status: .noCard) }
    switch outcome {
    case .status(let status): return Answer(status: .done, payload: status)
    case .command(let command, let shown): return transmit(command, shown: shown, wait: wait)
    }
  }

  /// A person types slowly: the driver is asked for time, and the keypad is told when the card or the driver has gone.
  private static let sliceMilliseconds = 1_500

  private func type(
    _ structure: [UInt8], _ kind: PINPadStructure.Kind, _ reader: PINPadReader, _ card: CardHost, wait: Wait
  ) -> PINPadReader.Outcome {
    let result = PINPadResult()
    let pin = Self.pin(of: structure, kind, card)
    let thread = Thread { result.set(reader.read(structure, kind, pin: pin)) }
    thread.start()
    while !result.waits(milliseconds: Self.sliceMilliseconds) {
      if !wait(1, false) || self.card !== card { reader.pad.abort() }
    }
    return result.value
  }

  /// The PIN that is meant: the short identifier in P2, or the current file.
  private static func pin(of structure: [UInt8], _ kind: PINPadStructure.Kind, _ card: CardHost) -> PINName? {
    let place = (kind == .verify ? 19 : 24) + 3
    guard structure.indices.contains(place) else { return nil }
    let file = structure[place] & 0x1F
    let identifier = file == 0 ? card.currentFileID?.rawValue : UInt16(file)
    return PINName.allCases.first {
      $0.path.application == card.status.application && $0.path.file.rawValue == identifier
    }
  }
}

/// What the keypad's thread leaves for the connection's.
private final class PINPadResult: @unchecked Sendable {
  private let ready = DispatchSemaphore(value: 0)
  private let lock = NSLock()
  private var outcome = PINPadReader.Outcome.status(PINPadReader.Status.cancelled)

  func set(_ outcome: PINPadReader.Outcome) {
    lock.withLock { self.outcome = outcome }
    ready.signal()
  }

  /// - Returns: whether there is a result; asked no more after that.
  func waits(milliseconds: Int) -> Bool { ready.wait(timeout: .now() + .milliseconds(milliseconds)) == .success }

  var value: PINPadReader.Outcome { lock.withLock { outcome } }
}
