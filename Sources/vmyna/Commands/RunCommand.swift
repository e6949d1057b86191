import ArgumentParser
import Coverage
import Foundation
import PrivatePCSC

/// `vmyna run`: one command with a private pcscd and its own card.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run a command in a private world with a reader and a card in it.",
    discussion: """
      Starts a private pcscd with the virtual readers, runs the command as it is, removes everything, and exits with \
      the command's exit code. Works as root and as an ordinary user, in containers, and many at once.
      """)

  @Option(help: ArgumentHelp("A card of the gallery, a resident file or a card image.", valueName: "card"))
  var card: [String] = []

  @Option(help: ArgumentHelp("How many empty readers there are besides those with a card.", valueName: "number"))
  var readers = 0

  @Option(
    help: ArgumentHelp("Write the exchanges to this file: JSON lines, or a capture for NAME.pcap.", valueName: "file"))
  var trace: String?

  @Flag(help: "Do not mask PINs and personal data in the trace.")
  var unmask = false

  @Option(
    help: ArgumentHelp("Keep the cards' state in this folder (fresh for each run otherwise).", valueName: "folder"))
  var state: String?

  @OptionGroup var durability: DurabilityOption

  @Option(
    help: ArgumentHelp(
      "Give the readers a keypad: terminal, script:FILE or remote ('vmyna pin-pad'), perhaps for one slot: 1:terminal.",
      valueName: "keypad"))
  var pinPad: [String] = []

  @Option(help: ArgumentHelp("End the command after this time (exit code 124).", valueName: "seconds"))
  var timeout: Double?

  @Flag(help: "Print a report as one JSON object on the last line of standard output.")
  var json = false

  @Option(help: ArgumentHelp("Write the same report to this file.", valueName: "file"))
  var report: String?

  @OptionGroup var coverageOptions: CoverageOptions

  @Argument(parsing: .postTerminator, help: ArgumentHelp("The command and its arguments.", valueName: "command"))
  var command: [String] = []

  func validate() throws {
    if command.isEmpty { throw ValidationError("No command. Give it after --: vmyna run -- opensc-tool -l") }
    if readers < 0 { throw ValidationError("--readers is 0 or more.") }
    if let timeout, !(timeout > 0 && timeout < 1e9) {
      throw ValidationError("--timeout is a number of seconds above 0.")
    }
  }

  func run() throws {
    // Before anything else is done for it in vain.
    if let path = coverageOptions.coverageFile { _ = try CoverageFile(path: path).load() }
    let cards = card.isEmpty ? ["fresh-adult"] : card
    var report = RunReport(command: command, cards: cards)
    do {
      try runInPrivateWorld(cards, &report)
    } catch {
      report.error = UserError(describing: error)
    }
    report.ended(.cleanUp)
    if let error = report.error { Vmyna.complain(error.description) }
    try report.deliver(onStandardOutput: json, file: self.report)
    if report.exitCode != 0 { throw ExitCode(report.exitCode) }
  }

  private func runInPrivateWorld(_ cards: [String], _ report: inout RunReport) throws {
    if let road = Road.named, Road(rawValue: road) == nil {
      throw UserError(
        "there is no such road, '\(road)'", at: "VMYNA_RUN_ROAD",
        fix: "use one of: " + Road.allCases.map(\.rawValue).joined(separator: ", "))
    }
    let count = cards.count + min(readers, ReaderConfiguration.mostReaders)
    let driver = try DriverLocation.find()
    let traceFile = try trace.map { path throws(UserError) in try TraceFile(path, isUnmasked: unmask) }
    ProgramFile.remember()
    // Before anything makes a thread: see PrivateWorld.enter.
    let world = try PrivateWorld.enter(PrivateWorld.Configuration(driver: driver, readers: count))
    defer { world.tearDown() }
    report.road = world.road
    report.pcscd = world.programPath
    report.ended(.world)

    let coverage = coverageOptions.isWanted ? CoverageObserver() : nil
    let service = try CardServiceLauncher.start(
      CardServiceLauncher.Request(
        cards: cards, readers: count, state: state, durability: durability.durability, trace: traceFile,
        socket: world.serviceSocket, folder: world.folder,
        readerNames: world.readerNames, coverage: coverage, pinPads: pinPad))
    defer { service.stop() }
    report.ended(.cards)
    try world.startPCSCD(withCard: service.slotsWithCard)
    report.ended(.pcscd)

    coverage?.begin()
    let outcome = try world.run(
      CommandWords(lastOfThisProcess: command.count), environment: service.environment,
      timeout: timeout.map { .seconds($0) })
    report.ended(.command)
    report.readers = service.status()
    report.outcome = outcome
    outcome.notice?.tell()
    if outcome.exitCode != 0 { service.explainFailure() }
    if let coverage { try tell(coverage.record, ofSuccess: outcome.exitCode == 0) }
  }

  /// Tells what the command met, together with what earlier ones met whose record is in the same file.
  private func tell(_ record: CoverageRecord, ofSuccess: Bool) throws {
    let whole = try coverageOptions.coverageFile.map { path throws(UserError) in
      try CoverageFile(path: path).add(record)
    }
    let report = CoverageReport(whole ?? record)
    if coverageOptions.coverage {
      try? FileHandle.standardError.write(contentsOf: Data(CoverageText(report: report).text.utf8))
    }
    // A command that failed has its own exit code.
    if ofSuccess { try coverageOptions.threshold.check(report) }
  }
}
