import ArgumentParser

/// The command line: one file per sub-command, under `Commands/`.
@main
struct Vmyna: ParsableCommand {
  /// The product's version; the packages take theirs from here.
  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "vmyna",
    abstract: "A virtual My Number card and the reader it sits in.",
    groupedSubcommands: [
      CommandGroup(
        name: "Cards",
        subcommands: [CardsCommand.self, ShowCommand.self, MintCommand.self, CheckCommand.self, NewCommand.self]),
      CommandGroup(name: "One command in a private world", subcommands: [RunCommand.self, CoverageCommand.self]),
      CommandGroup(
        name: "A reader that stays",
        subcommands: [
          ServeCommand.self, ReaderConfCommand.self, InsertCommand.self, EjectCommand.self, StatusCommand.self,
          SetCommand.self, OperatorCommand.self, HistoryCommand.self, UndoCommand.self, GotoCommand.self,
          SnapshotCommand.self, RestoreCommand.self, FaultCommand.self, PINPadCommand.self, TraceCommand.self,
          DoctorCommand.self,
        ]),
      CommandGroup(name: "Other readers", subcommands: [ConformanceCommand.self, ConnectCommand.self]),
      CommandGroup(name: "Without pcscd", subcommands: [APDUCommand.self, PlayCommand.self, ReplayCommand.self]),
      CommandGroup(
        name: "Training desk", subcommands: [DeskCommand.self, LessonsCommand.self, LessonCommand.self]),
      CommandGroup(name: "Rules and authority", subcommands: [RulesCommand.self, PKICommand.self]),
    ])

  @Flag(help: "Print the version.")
  var version = false

  func run() throws {
    guard version else { throw CleanExit.helpRequest(self) }
    print("vmyna \(Self.version)")
  }
}
