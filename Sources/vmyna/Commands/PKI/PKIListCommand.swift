import ArgumentParser
import Authority
import Cryptography

/// `vmyna pki crl`: the revocation lists.
struct PKIListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "crl",
    abstract: "Print revocation lists.",
    discussion: """
      Without more, the complete lists of both authorities in PEM, one for each generation of root that has begun, which is \
      what 'openssl verify -crl_check -CRLfile' wants. --municipality gives the list that the certificates issued there \
      name in cRLDistributionPoints.
      """)

  @Argument(help: "sign or auth (default: both).")
  var kind: Hierarchy?
  @Option(help: ArgumentHelp("Only what was issued there: five digits, such as 23106.", valueName: "code"))
  var municipality: String?
  @Option(help: ArgumentHelp("Only the list of that generation of root.", valueName: "number"))
  var generation: Int?
  @Flag(help: "DER: one list, by default that of the newest root.")
  var der = false
  @Option(help: "When a revocation reaches the lists, this time only: none, nextMorning or nextList.")
  var delay: Registry.ListDelay?
  @OptionGroup var options: PKIOptions

  func run() throws {
    if der, kind == nil {
      throw UserError(
        "--der prints one list, and there are two authorities", fix: "name one: 'vmyna pki crl auth --der'")
    }
    let now = try options.now()
    try refuseFutureRoot(now)
    var registry = try options.book()
    registry.listDelay = delay ?? registry.listDelay
    let scope = try scope(registry)
    let lists = try (kind.map { [$0] } ?? Hierarchy.allCases).flatMap { kind in
      try PKIRoots.chosen(kind, generation: generation, all: !der, options)
    }.map { try RevocationList.make(registry, root: $0, scope: scope, at: now) }
    if der, let list = lists.first { return try printBytes(list) }
    try printBytes(Array(lists.map { PEM.encode($0, label: "X509 CRL") }.joined().utf8))
  }

  /// A root that has not begun signs nothing.
  private func refuseFutureRoot(_ now: Instant) throws {
    guard let generation else { return }
    let begin = try PKIError.told { try RootGeneration(generation).notBefore }
    guard begin > now else { return }
    throw UserError(
      "the root of generation \(generation) begins at \(begin) and signs no list before", at: "--generation",
      fix: "name an earlier generation, or a later time with --at")
  }

  private func scope(_ registry: Registry) throws -> RevocationList.Scope {
    guard let municipality else { return .complete }
    guard municipality.utf8.count == 5, municipality.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
      throw UserError(
        "'\(municipality)' is no code of a municipality", at: "--municipality",
        fix: "write its five digits, such as 23106; see the codes in 'vmyna pki status'")
    }
    // A place that a resident file named is known from its certificates.
    if let known = registry.entries.first(where: { $0.municipality.code == municipality })?.municipality {
      return .municipality(known)
    }
    guard let known = try? Municipality(code: municipality) else {
      throw UserError(
        "nothing was issued in municipality \(municipality)", at: "--municipality",
        fix: "see the codes in 'vmyna pki status'; they have five digits", exitCode: 1)
    }
    return .municipality(known)
  }
}
