import ArgumentParser

/// The command line: one file per sub-command, under `Commands/`.
@main
struct Vmyna: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "vmyna",
    abstract: "A virtual My Number card and the reader it sits in.",
    subcommands: [RunCommand.self, ReaderConfCommand.self, RulesCommand.self, PKICommand.self])
}
