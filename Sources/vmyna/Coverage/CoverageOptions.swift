import ArgumentParser
import Coverage
import Foundation

/// What `vmyna run` is asked to tell of what the command met.
struct CoverageOptions: ParsableArguments {
  @Flag(help: "Tell on standard error what of the card the command met, and what never.")
  var coverage = false

  @Option(
    help: ArgumentHelp("Add what the command met to this file; 'vmyna coverage' shows it.", valueName: "file"))
  var coverageFile: String?

  @OptionGroup var threshold: CoverageThresholdOption

  /// Whether anything of this is asked for.
  var isWanted: Bool { coverage || coverageFile != nil || !threshold.texts.isEmpty }
}

/// `--coverage-threshold 50`, `--coverage-threshold jpki=80`.
struct CoverageThresholdOption: ParsableArguments {
  @Option(
    name: .customLong("coverage-threshold"),
    help: ArgumentHelp(
      "Exit with 1 when less than this many hundredths were met, of all or of a group: 50, jpki=80.",
      valueName: "number"))
  var texts: [String] = []

  func validate() throws {
    for text in texts where CoverageThreshold(text) == nil {
      throw ValidationError("'\(text)' is no threshold. Write 0 to 100, or a group with it: jpki=80")
    }
  }

  /// Throws when there is no such group.
  func checkNames(in report: CoverageReport) throws(UserError) {
    for text in texts {
      guard let threshold = CoverageThreshold(text), threshold.reached(in: report) == nil else { continue }
      throw UserError(
        "there is no group '\(threshold.group ?? text)' to cover", at: "--coverage-threshold \(text)",
        fix: "use one of " + report.groups.map(\.name).joined(separator: ", "))
    }
  }

  /// Throws when the report comes to less.
  func check(_ report: CoverageReport) throws(UserError) {
    try checkNames(in: report)
    for text in texts {
      guard let threshold = CoverageThreshold(text), let reached = threshold.reached(in: report),
        reached < threshold.percent
      else { continue }
      let place = threshold.group ?? "all groups together"
      throw UserError(
        "\(reached) % of what the card has were met, and \(threshold.percent) % are asked for", at: place,
        fix: "test what was never met (vmyna run --coverage, vmyna coverage), or ask for less", exitCode: 1)
    }
  }
}
