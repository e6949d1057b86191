import ArgumentParser
import Coverage

/// `vmyna coverage`: what the programs of several runs have met.
struct CoverageCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "coverage",
    abstract: "Show what of a card the commands of earlier runs met, and what never.",
    discussion: """
      Reads the files that 'vmyna run --coverage-file' has written; several are taken together. Exit code 1 when a \
      threshold is not reached.
      """)

  @Argument(help: ArgumentHelp("Files of 'vmyna run --coverage-file'.", valueName: "file"))
  var files: [String]

  @Flag(help: "Print one JSON object.")
  var json = false

  @Option(help: ArgumentHelp("The language of the text: ja or en.", valueName: "language"))
  var explain: Language = .en

  enum Language: String, ExpressibleByArgument, CaseIterable { case ja, en }

  @OptionGroup var threshold: CoverageThresholdOption

  func run() throws {
    var record = CoverageRecord()
    for path in files {
      let file = CoverageFile(path: path)
      let loaded = try file.load()
      guard !loaded.cards.isEmpty || !loaded.met.isEmpty else {
        throw UserError("there is no record of coverage", at: path, fix: "make one with 'vmyna run --coverage-file'")
      }
      record.merge(loaded)
    }
    let report = CoverageReport(record)
    try threshold.checkNames(in: report)
    let text = CoverageText(report: report, isJapanese: explain == .ja)
    print(json ? text.json : text.text, terminator: json ? "\n" : "")
    try threshold.check(report)
  }
}
