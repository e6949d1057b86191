import CardService
import Foundation
import PrivatePCSC

/// What `vmyna run --json` tells in the end: what ran, where, for how long, and how the cards were left.
struct RunReport {
  /// The parts of a run, in their order.
  enum Phase: String, CaseIterable {
    /// Namespaces, folders, the guardian.
    case world
    /// Cards minted or loaded, the card service up.
    case cards
    /// pcscd started, and a client sees every reader and card.
    case pcscd
    case command
    /// Everything ended and removed.
    case cleanUp
  }

  private let command: [String]
  private let cards: [String]
  private var times: [Phase: Duration] = [:]
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  private var last: ContinuousClock.Instant

  var road: Road?
  var pcscd: String?
  var readers: [SlotStatus] = []
  var outcome: CommandOutcome?
  var error: UserError?

  init(command: [String], cards: [String]) {
    self.command = command
    self.cards = cards
    start = clock.now
    last = start
  }

  /// The phase that has just ended.
  mutating func ended(_ phase: Phase) {
    let now = clock.now
    times[phase] = now - last
    last = now
  }

  /// What `vmyna run` exits with.
  var exitCode: Int32 { error?.exitCode ?? outcome?.exitCode ?? 0 }

  /// One object, on one line.
  var json: String {
    var milliseconds = Phase.allCases.map { phase in
      (phase.rawValue, times[phase].map { OrderedJSON.int(Self.milliseconds($0)) } ?? .null)
    }
    milliseconds.append(("total", .int(Self.milliseconds(last - start))))
    let notice = error ?? outcome?.notice.map { UserError($0.problem, at: $0.place, fix: $0.fix) }
    return OrderedJSON.object([
      ("command", .array(command.map { .string($0) })), ("cards", .array(cards.map { .string($0) })),
      ("exitCode", .int(Int(exitCode))), ("signal", outcome?.signal.map { .int(Int($0)) } ?? .null),
      ("timedOut", .bool(outcome?.timedOut ?? false)), ("killed", .bool(outcome?.wasKilled ?? false)),
      ("road", road.map { .string($0.rawValue) } ?? .null), ("pcscd", pcscd.map { .string($0) } ?? .null),
      ("milliseconds", .object(milliseconds)), ("readers", .array(readers.map(StatusCommand.json))),
      (
        "error",
        notice.map { error in
          .object([
            ("what", .string(error.what)), ("where", error.place.map { .string($0) } ?? .null),
            ("fix", .string(error.fix)),
          ])
        } ?? .null
      ),
    ]).text
  }

  private static func milliseconds(_ duration: Duration) -> Int { Int((duration / .milliseconds(1)).rounded()) }

  /// Puts the report on standard output, after everything that the command has written there, and into a file.
  func deliver(onStandardOutput: Bool, file: String?) throws {
    let line = Data((json + "\n").utf8)
    if onStandardOutput {
      // Whoever reads may have gone; the exit code still tells.
      try? FileHandle.standardOutput.write(contentsOf: line)
    }
    guard let file else { return }
    do {
      try line.write(to: URL(fileURLWithPath: file))
    } catch {
      throw UserError(
        "the report cannot be written", at: file, fix: "name a file that you may write to with --report", exitCode: 3)
    }
  }
}
