import ArgumentParser
import Authority
import CardService
import Foundation
import PrivatePCSC

/// The socket of a service that stays: `--socket`, `VMYNA_SOCKET`, or the usual place of this user.
struct SocketOption: ParsableArguments {
  @Option(
    help: ArgumentHelp("The card service's socket (default: VMYNA_SOCKET, else the usual place).", valueName: "path"))
  var socket: String?

  var path: String {
    let environment = ProcessInfo.processInfo.environment
    let chosen = socket ?? environment["VMYNA_SOCKET"]
    if let chosen { return URL(fileURLWithPath: chosen).path }
    if getuid() == 0 { return "/run/vmyna/socket" }
    let folder = environment["XDG_RUNTIME_DIR"] ?? "/tmp/vmyna-\(getuid())"
    return folder + "/vmyna/socket"
  }
}

/// `vmyna serve`: a reader that stays.
struct ServeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Serve cards to a pcscd that has the vmyna driver.",
    discussion: """
      Prints 'ready' when clients can come, and ends cleanly on SIGTERM or SIGINT. Tell pcscd of the readers with \
      'vmyna reader-conf' once; then insert, eject, status, set and operator work on the running service.
      """)

  @Option(help: ArgumentHelp("A card of the gallery, a resident file or a card image.", valueName: "card"))
  var card: [String] = []

  @Option(help: ArgumentHelp("How many empty readers there are besides those with a card.", valueName: "number"))
  var readers = 0

  @Option(help: ArgumentHelp("Keep the cards' state in this folder (fresh otherwise).", valueName: "folder"))
  var state: String?

  @OptionGroup var durability: DurabilityOption

  @Option(
    help: ArgumentHelp(
      "A user that pcscd may run as (besides root and you). The socket is open to all then, and the service answers these users alone. One that does not exist is passed over.",
      valueName: "user"))
  var pcscdUser: [String] = []

  @Option(
    help: ArgumentHelp(
      "Give the readers a keypad: terminal, script:FILE or remote ('vmyna pin-pad'), perhaps for one slot: 1:terminal.",
      valueName: "keypad"))
  var pinPad: [String] = []

  @OptionGroup var socketOption: SocketOption

  func validate() throws {
    if readers < 0 { throw ValidationError("--readers is 0 or more.") }
  }

  func run() throws {
    // Signals are waited for on this thread alone: blocked before any other thread begins.
    let signals = TerminationSignals()
    let path = socketOption.path
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
    if socketOption.socket == nil {
      try? FileManager.default.createDirectory(
        at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
    }
    let cards = card.isEmpty && readers == 0 ? ["fresh-adult"] : card
    let library = CardLibrary(stateFolder: state, durability: durability.durability)
    // Beside the cards' state, or where 'vmyna pki' looks; nobody is told where there is no such place.
    let registry = state.map { RegistryStore(folder: URL(fileURLWithPath: $0).path) } ?? (try? CardRegistry.store())
    let office = CardOffice(registry: registry) { Vmyna.complain(UserError(describing: $0).description) }
    let service = try CardService(
      path: path, slots: max(1, cards.count + readers), readerName: { ReaderConfiguration.readerName(slot: $0) },
      office: office,
      driverUsers: pcscdUser.isEmpty ? nil : Set(pcscdUser.compactMap { getpwnam($0)?.pointee.pw_uid }),
      cardSource: library.cardSource)
    defer { service.stop() }
    try service.attachPINPads(pinPad.map { text throws(ServiceFault) in try PINPadChoice(text) })
    for (slot, card) in cards.enumerated() { try service.insert(card, slot: slot) }
    service.start()
    ResidentMemory.giveBackStartUpCode()
    try FileHandle.standardOutput.write(contentsOf: Data("ready\n".utf8))
    signals.wait()
  }
}

/// SIGTERM, SIGINT and SIGHUP, taken one at a time instead of ending the process.
struct TerminationSignals {
  private var set = sigset_t()

  init() {
    sigemptyset(&set)
    for signal in [SIGTERM, SIGINT, SIGHUP] { sigaddset(&set, signal) }
    pthread_sigmask(SIG_BLOCK, &set, nil)
    // A client that goes away while it is written to is no reason to end.
    signal(SIGPIPE, SIG_IGN)
  }

  /// Waits for the first of them.
  func wait() {
    var set = set
    var received: Int32 = 0
    while sigwait(&set, &received) != 0 {}
  }
}

extension CardLibrary {
  /// The service's way to cards. A card that is named twice gets a state of its own the second time.
  var cardSource: CardService.CardSource {
    { card, taken throws(ServiceFault) in
      do {
        return try open(card, avoiding: taken)
      } catch {
        let error = UserError(describing: error)
        throw ServiceFault(error.what, at: error.place ?? card, fix: error.fix, exitCode: error.exitCode)
      }
    }
  }
}
