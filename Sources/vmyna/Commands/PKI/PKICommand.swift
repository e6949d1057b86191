import ArgumentParser
import Authority
import CardRules
import Foundation

/// `vmyna pki`: the test authority beside the cards.
struct PKICommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pki",
    abstract: "The test authority: roots, revocation, lists, OCSP.",
    discussion: """
      The authority's keys come from fixed seeds and are public knowledge: nothing it signs is worth anything outside \
      tests, and its certificates say O=JPKI-VIRTUAL. The registry holds what the cards do not show. It knows every card of \
      the gallery, as minted today; other cards are written into its folder when they are put into a reader, or with \
      'vmyna pki register'. With --registry FOLDER it is exactly what stands there.
      """,
    subcommands: [
      PKIRootCommand.self, PKIListCommand.self, PKIStatusCommand.self, PKIRevokeCommand.self, PKIRegisterCommand.self,
      PKIDelayCommand.self,
      PKIOCSPCommand.self, PKITerminalCommand.self, PKIVerifiableCommand.self,
    ])
}

extension Hierarchy: ExpressibleByArgument {}
extension Registry.ListDelay: ExpressibleByArgument {}

/// What every `pki` command may be told.
struct PKIOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The registry's folder (default: $VMYNA_HOME, or $XDG_STATE_HOME/vmyna, or ~/.local/state/vmyna).",
      valueName: "folder"))
  var registry: String?
  @Option(
    help: ArgumentHelp("JPKI-VIRTUAL, or JPKI-TEST for programs that look for the test cards' name.", valueName: "name")
  )
  var authority = AuthorityName.virtual.rawValue
  @Option(
    help: ArgumentHelp(
      "Act as if it were then: 2026-11-20T10:00:00+09:00, or a day's beginning in Japan.", valueName: "time"))
  var at: String?

  func store() throws -> RegistryStore {
    try PKIError.told {
      try RegistryStore(
        folder: registry ?? RegistryStore.defaultFolder(environment: ProcessInfo.processInfo.environment))
    }
  }

  /// The certificates of the gallery; none where a folder is named, which is then all there is.
  func gallery() throws -> [Registry.Entry] {
    guard registry == nil else { return [] }
    return CardRegistry.gallery(today: JapanInstant(unixSeconds: try now().unixSeconds).day)
  }

  /// The registry: what is written down, and the gallery.
  func book() throws -> Registry {
    try PKIError.told(exitCode: 1) {
      var book = try store().load()
      try CardRegistry.complete(&book, with: gallery())
      return book
    }
  }

  func name() throws -> AuthorityName { try PKIError.told { try AuthorityName(organization: authority) } }

  func now() throws -> Instant {
    guard let at else { return Instant(unixSeconds: Int(Date().timeIntervalSince1970)) }
    let instant = JapanInstant(at) ?? CalendarDay(at).map(JapanInstant.init(startOf:))
    guard let instant else {
      throw UserError(
        "'\(at)' is not a time", at: "--at", fix: "write it like 2026-11-20T10:00:00+09:00 or 2026-11-20")
    }
    return Instant(unixSeconds: instant.unixSeconds)
  }
}

/// The authority's errors in the form of the command line.
enum PKIError {
  static func told<Value>(exitCode: Int32 = 2, _ body: () throws -> Value) throws -> Value {
    do { return try body() } catch let error as AuthorityError {
      throw UserError(error.problem, fix: error.fix, exitCode: exitCode)
    }
  }
}

/// A serial number on the command line, and which certificate it means.
enum PKISerial {
  static func find(
    _ text: String, _ kind: Hierarchy?, _ name: AuthorityName, in registry: Registry
  ) throws -> Registry.Entry {
    guard let serial = SerialNumber.normal(hex: text) else {
      throw UserError("'\(text)' is not a serial number", fix: "write it in hex, as 'vmyna show CARD' prints it")
    }
    let entries = registry.entries(serial: serial).filter {
      $0.authority == name && kind ?? $0.hierarchy == $0.hierarchy
    }
    guard let entry = entries.first else {
      throw UserError(
        "the registry has no certificate \(serial) of \(name.rawValue)",
        fix: "see what it has with 'vmyna pki status'; a card's serial numbers with 'vmyna show CARD'", exitCode: 1)
    }
    guard entries.count == 1 else {
      throw UserError(
        "both authorities issued a certificate \(serial)", fix: "say which with --kind sign or --kind auth")
    }
    return entry
  }
}

/// Bytes to standard output, all of them.
func printBytes(_ bytes: [UInt8]) throws {
  do { try FileHandle.standardOutput.write(contentsOf: Data(bytes)) } catch {
    throw UserError(
      "standard output cannot be written", fix: "see whether the disk is full or the pipe closed", exitCode: 1)
  }
}
