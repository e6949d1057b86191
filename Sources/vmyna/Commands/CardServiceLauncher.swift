import Authority
import CardHost
import CardImage
import CardService
import Foundation
import Personalization

/// Starts the card service of `vmyna run` on threads of this process.
enum CardServiceLauncher {
  /// What the service is to serve.
  struct Request {
    let cards: [String]
    /// Readers in all; the cards sit in the first ones.
    let readers: Int
    let state: String?
    let durability: StateDurability
    /// Where the trace goes.
    let trace: TraceFile?
    /// Where the driver connects (SOCK_SEQPACKET).
    let socket: String
    /// A private folder that the command sees and that vanishes with it.
    let folder: String
    let readerNames: [String]
    /// Who hears what the command meets.
    var coverage: CoverageObserver?
    /// Which readers have which keypad, as `PINPadChoice` reads it.
    let pinPads: [String]
  }

  /// A service that listens.
  struct Running {
    /// For each reader, whether a card sits in it that will answer.
    let slotsWithCard: [Bool]
    /// The variables that tell the command what it has.
    let environment: [String: String]
    /// Prints the last exchanges, explained.
    let explainFailure: () -> Void
    /// Every reader as it is now.
    let status: () -> [SlotStatus]
    let stop: () -> Void
  }

  static func start(_ request: Request) throws -> Running {
    // What the service writes is its owner's, and readable by it, whatever the caller's umask is; the command keeps
    // the caller's, because the guardian that starts it was made before.
    umask(0o077)
    let library = CardLibrary(stateFolder: request.state, durability: request.durability)
    let names = request.readerNames
    // A registry of its own, as fresh as the cards or kept beside them: 'vmyna pki' in the command finds it.
    let home = request.state.map { URL(fileURLWithPath: $0).path } ?? request.folder + "/registry"
    let service = try CardService(
      path: request.socket, slots: request.readers, readerName: { names.indices.contains($0) ? names[$0] : "" },
      office: CardOffice(registry: RegistryStore(folder: home)) {
        Vmyna.complain(UserError(describing: $0).description)
      }, cardSource: library.cardSource)
    if let coverage = request.coverage {
      for slot in service.slots {
        let number = slot.number
        _ = slot.addObserver { coverage.hear($0, slot: number) }
      }
    }
    var environment = ["VMYNA_SOCKET": request.socket, "VMYNA_HOME": home]
    do {
      try service.attachPINPads(request.pinPads.map { text throws(ServiceFault) in try PINPadChoice(text) })
      for (slot, card) in request.cards.enumerated() {
        try service.insert(card, slot: slot)
        guard let image = service.slots[slot].card?.image else { continue }
        let variables = CardEnvironment(image, number: slot + 1)
        let roots = try variables.writeRoots(into: URL(fileURLWithPath: request.folder, isDirectory: true))
        for (name, value) in variables.variables(reader: names[slot], roots: roots) { environment[name] = value }
      }
    } catch {
      service.stop()
      throw UserError(describing: error)
    }
    let writer = try request.trace.map { file throws(ServiceFault) in try TraceWriter(service.recorder, to: file) }
    service.start()
    ResidentMemory.giveBackStartUpCode()
    return Running(
      slotsWithCard: service.slots.map(\.answersToPower), environment: environment,
      explainFailure: {
        guard let text = FailureReport(recorder: service.recorder).text else { return }
        try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
      },
      status: { service.status },
      stop: {
        service.stop()
        if let writer { Self.tell(writer.finish()) }
      })
  }

  /// Says what a trace lacks.
  private static func tell(_ outcome: TraceWriter.Outcome) {
    var text = ""
    if outcome.lost > 0 { text += "vmyna: \(outcome.lost) events came too fast and are not in the trace\n" }
    if !outcome.isWhole {
      text +=
        "vmyna: the disk did not take all of the trace, --trace\n  fix: make room, or name a file on another disk\n"
    }
    try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
  }
}
