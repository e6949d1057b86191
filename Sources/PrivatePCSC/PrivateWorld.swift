import CPrivateWorld
import Glibc

/// A private pcscd with our readers, for one command: what stands behind `vmyna run`.
///
/// The order of calls: `enter`, then the card service on `serviceSocket`, `startPCSCD`, `run`, `tearDown`.
/// Whatever ends this process, the guardian that `enter` forks ends pcscd and the command and removes all files.
/// The picture: `Docs/Run.md`.
public final class PrivateWorld {
  /// What a world is made of.
  public struct Configuration: Sendable {
    /// The reader driver, `libifdvmyna.so`.
    public var driver: String
    /// How many readers there are, 1 to `ReaderConfiguration.mostReaders`.
    public var readers: Int
    /// The only road to try; `nil` tries all, best first.
    public var road: Road?
    /// How long pcscd may take until clients see the readers.
    public var startLimit: Duration = .seconds(10)
    /// How long the command may take to end after SIGTERM before it is killed.
    public var grace: Duration = .seconds(5)

    /// A world of `readers` readers; the road is `VMYNA_RUN_ROAD`'s if that is one (``Road/named``).
    public init(driver: String, readers: Int, road: Road? = nil) {
      self.driver = driver
      self.readers = readers
      self.road = road ?? Road.named.flatMap(Road.init(rawValue:))
    }
  }

  /// The road that was taken.
  public let road: Road
  /// A private folder that the command sees too; it vanishes with the world.
  public let folder: String
  /// Where the card service is to listen before `startPCSCD`.
  public var serviceSocket: String { ground.serviceSocket }
  /// What clients call the readers, slot by slot.
  public var readerNames: [String] { (0..<configuration.readers).map(ReaderConfiguration.readerName(slot:)) }
  /// Where clients find the private pcscd.
  public let clientSocket: String

  /// The pcscd that is run.
  public var programPath: String { program.path }

  let configuration: Configuration
  let program: PCSCDProgram
  private let ground: Ground
  private var guardian: vmyna_guardian

  private init(
    configuration: Configuration, program: PCSCDProgram, ground: Ground, guardian: vmyna_guardian
  ) {
    self.configuration = configuration
    self.program = program
    self.guardian = guardian
    self.ground = ground
    road = ground.road
    folder = ground.folder
    clientSocket = ground.clientSocket
  }

  /// Moves this process into a private world, as far as the machine allows, and forks the guardian.
  ///
  /// To be called while the process has one thread: Linux lets no other make a user namespace, and only then is
  /// a fork safe. It changes this process's environment (`PCSCLITE_CSOCK_NAME`).
  public static func enter(_ configuration: Configuration) throws(WorldError) -> PrivateWorld {
    vmyna_world_prepare()
    let threads = vmyna_world_thread_count()
    guard threads <= 1 else {
      throw WorldError(
        "a private world cannot be entered by a process of \(threads) threads", at: "vmyna run",
        fix: "this is a fault of vmyna: report it")
    }
    let program = try PCSCDProgram.find()
    try DriverFile.check(configuration.driver)
    let ground = try makeGround(for: program, configuration)
    var guardian = vmyna_guardian()
    let error = ground.withCleanup { vmyna_guardian_begin($0, &guardian) }
    guard error == 0 else {
      ground.remove()
      throw WorldError("cannot fork: \(errorText(error))", at: "vmyna run", fix: "end other processes and try again")
    }
    setenv("PCSCLITE_CSOCK_NAME", ground.clientSocket, 1)
    return PrivateWorld(configuration: configuration, program: program, ground: ground, guardian: guardian)
  }

  private static func makeGround(
    for program: PCSCDProgram, _ configuration: Configuration
  ) throws(WorldError) -> Ground {
    // What is made here is made for pcscd and the command, whatever the caller's umask is; theirs stays.
    let mask = umask(0o022)
    defer { umask(mask) }
    let ground = try Ground.find(for: program, only: configuration.road)
    try ground.place(driver: configuration.driver, readers: configuration.readers, program: program)
    return ground
  }

  /// Starts pcscd and returns when a client sees every reader, and a card in each of which `withCard` is true.
  public func startPCSCD(withCard: [Bool]) throws(WorldError) {
    // In the foreground, so that it dies with the guardian; a daemon would outlive it.
    var arguments = [program.path, "--foreground", "-c", "\(folder)/reader.conf.d"]
    if program.knowsPolkit { arguments.append("--disable-polkit") }
    let log = "\(folder)/pcscd.log"
    var status: Int32 = 0
    // A pcscd that alone needs a private view (the command does without) gets one if the machine allows.
    let privateFolder = road == .socket ? program.folder : nil
    // The guardian's limit is for a pcscd that hangs; a look that takes too long ends first, with the better words.
    let limit = (configuration.startLimit + .seconds(1)).wholeMilliseconds
    let error = CommandWords(arguments).withArguments { words in
      withCStrings([clientSocket, log, privateFolder ?? ""]) { paths in
        let plan = vmyna_pcscd_plan(
          arguments: words, socket: paths[0], log: paths[1],
          socket_activation: program.takesSocket, private_folder: paths[2], limit_milliseconds: limit)
        return vmyna_guardian_start_pcscd(&guardian, plan, &status)
      }
    }
    guard error == 0 else {
      let reason = error < 0 ? CommandOutcome.text(of: status) : errorText(error)
      throw WorldError(
        "pcscd did not start: \(reason)\(Self.lastWords(in: log))", at: program.path,
        fix: "run \(program.path) --foreground to see why")
    }
    try awaitReaders(withCard: withCard, log: log)
    vmyna_guardian_ready(&guardian)
  }

  private func awaitReaders(withCard: [Bool], log: String) throws(WorldError) {
    let names = readerNames
    let expected = names.indices.map { $0 < withCard.count && withCard[$0] }
    var missing = 0
    let result = withCStrings(names) { pointers in
      vmyna_probe_readers(pointers, expected, names.count, configuration.startLimit.wholeMilliseconds, &missing)
    }
    switch result {
    case 0, -1:
      // Without libpcsclite nobody can look; the command will hardly be a client either.
      return
    case -2:
      throw WorldError(
        "the readers, or the cards in them, did not come up within \(configuration.startLimit)\(Self.lastWords(in: log))",
        at: program.path,
        fix: "check that the driver is whole and the machine is not overloaded, and run vmyna doctor")
    case -3:
      throw WorldError(
        "pcscd does not show the reader \"\(names[missing])\"\(Self.lastWords(in: log))", at: configuration.driver,
        fix: "check that the driver is built for this machine (make build)")
    default:
      let code = String(UInt32(truncatingIfNeeded: result), radix: 16, uppercase: true)
      throw WorldError(
        "the private pcscd refuses clients (0x\(code))\(Self.lastWords(in: log))", at: program.path,
        fix: "check that libpcsclite and pcscd are of the same version, and run vmyna doctor")
    }
  }

  /// Runs the command to its end. `environment` is set on top of this process's own.
  public func run(
    _ command: CommandWords, environment: [String: String], timeout: Duration?
  ) throws(WorldError) -> CommandOutcome {
    var report = vmyna_report()
    let changes = environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    let error = command.withArguments { words in
      CommandWords(changes).withArguments { variables in
        vmyna_guardian_run(
          &guardian, words, variables, timeout?.wholeMilliseconds ?? -1, configuration.grace.wholeMilliseconds, &report)
      }
    }
    guard error == 0 else {
      throw WorldError("cannot run the command: \(errorText(error))", at: command.name, fix: "try again")
    }
    return CommandOutcome(report, command: command.name, timeout: timeout, grace: configuration.grace)
  }

  /// Ends pcscd and what is left of the command, and removes every file. Safe to call twice.
  public func tearDown() {
    guard guardian.pid > 0 else { return }
    vmyna_guardian_end(&guardian)
    // Nothing is left to remove unless the guardian was killed.
    ground.remove()
  }

  deinit { tearDown() }

  /// What pcscd wrote last, for an error's text.
  static func lastWords(in log: String) -> String {
    guard let file = fopen(log, "r") else { return "" }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 65536)
    // The end of a long log; a short one is read from its beginning.
    if fseek(file, -bytes.count, SEEK_END) != 0 { rewind(file) }
    let size = fread(&bytes, 1, bytes.count, file)
    let lines = String(decoding: bytes[..<size], as: UTF8.self).split(separator: "\n").suffix(3)
    return lines.isEmpty ? "" : " (pcscd says: \(lines.joined(separator: " / ")))"
  }
}

extension Duration {
  /// Whole milliseconds, at least 1 for anything above zero.
  var wholeMilliseconds: Int64 {
    let (seconds, attoseconds) = components
    let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1000)
    return overflow ? Int64.max / 2 : whole + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
  }
}

/// Calls `body` with C copies of `strings`; an empty string stays an empty string.
func withCStrings<Result>(_ strings: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> Result) -> Result {
  CommandWords(strings).withArguments { words in
    words.withMemoryRebound(to: UnsafePointer<CChar>?.self, capacity: strings.count + 1) { body($0) }
  }
}
