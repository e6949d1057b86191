import ArgumentParser
import Authority

/// `vmyna pki root`: the certificate that a relying party is to trust.
struct PKIRootCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "root",
    abstract: "Print a root certificate.",
    discussion: """
      A root has generations of one name: 1 began in 2015, 2 in 2019, 3 in 2023, and so on every four years. The one that \
      issues now is printed, unless --generation or --all asks for others.
      """)

  @Argument(help: "sign or auth.")
  var kind: Hierarchy
  @Flag(help: "DER instead of PEM.")
  var der = false
  @Option(help: ArgumentHelp("Which generation.", valueName: "number"))
  var generation: Int?
  @Flag(help: "Every generation that has begun, newest first.")
  var all = false
  @OptionGroup var options: PKIOptions

  func run() throws {
    guard !(der && all), !(generation != nil && all) else {
      throw UserError("--all prints several certificates in PEM", fix: "leave out --der and --generation, or --all")
    }
    let roots = try PKIRoots.chosen(kind, generation: generation, all: all, options)
    if der, let root = roots.first { return try printBytes(root.certificate.der) }
    try printBytes(Array(roots.map(\.certificate.pem).joined().utf8))
  }
}

/// The roots that options mean.
enum PKIRoots {
  static func chosen(
    _ kind: Hierarchy, generation: Int?, all: Bool, _ options: PKIOptions
  ) throws -> [RootAuthority] {
    let (name, now) = (try options.name(), try options.now())
    return try PKIError.told {
      if let generation {
        return [try RootAuthority(kind, generation: RootGeneration(generation), name: name)]
      }
      return all
        ? try RootAuthority.begun(kind, by: now, name: name) : [try RootAuthority(kind, issuingAt: now, name: name)]
    }
  }
}
