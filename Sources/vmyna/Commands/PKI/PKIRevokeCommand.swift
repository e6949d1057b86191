import ArgumentParser
import Authority
import Cryptography

/// `vmyna pki revoke`: the authority's hand.
struct PKIRevokeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "revoke",
    abstract: "Revoke a certificate, or put it on hold.",
    discussion: "Reasons:\n" + RevocationReason.allCases.map { "  \($0.name): \($0.meaning)" }.joined(separator: "\n"))

  @Argument(help: "The serial number in hex.")
  var serial: String
  @Option(help: ArgumentHelp("Why; see above.", valueName: "name"))
  var reason: String
  @Option(help: "sign or auth, when both have that number.")
  var kind: Hierarchy?
  @Option(help: ArgumentHelp("With superseded: the new certificate's serial number.", valueName: "serial"))
  var by: String?
  @Flag(help: "One JSON object on one line.")
  var json = false
  @OptionGroup var options: PKIOptions

  func run() throws {
    let (name, now) = (try options.name(), try options.now())
    let reason = try PKIError.told { try RevocationReason(name: self.reason) }
    var successor: String?
    if let by {
      successor = SerialNumber.normal(hex: by)
      guard reason == .superseded, successor != nil else {
        throw UserError(
          "--by \(by) names no new certificate", fix: "use it with --reason superseded and a number in hex")
      }
    }
    let entry = try PKIError.told(exitCode: 1) {
      let gallery = try options.gallery()
      return try options.store().update { registry in
        // A card of the gallery is written down when something happens to it.
        let known = gallery.filter { $0.serial == SerialNumber.normal(hex: serial) }
        CardRegistry.complete(&registry, with: known)
        let entry = try PKISerial.find(serial, kind, name, in: registry)
        if let successor {
          try registry.supersede(name, entry.hierarchy, serial: entry.serial, by: successor, at: now)
        } else {
          try registry.revoke(name, entry.hierarchy, serial: entry.serial, reason: reason, at: now)
        }
        return try PKISerial.find(serial, entry.hierarchy, name, in: registry)
      }
    }
    print(json ? PKIReport.json(entry, at: now).text : PKIReport.text(entry, at: now))
  }
}

/// `vmyna pki delay`: how late the lists are.
struct PKIDelayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "delay",
    abstract: "Show or set when a revocation reaches the lists; OCSP always knows at once.",
    discussion: """
      none: the next list made has it. nextMorning: from six in the morning in Japan of the next day. nextList: lists are \
      made at midnight in Japan, and a question gets the last one made.
      """)

  @Argument(help: "none, nextMorning or nextList (default: only show it).")
  var delay: Registry.ListDelay?
  @OptionGroup var options: PKIOptions

  func run() throws {
    let store = try options.store()
    let registry = try PKIError.told(exitCode: 1) {
      if let delay { try store.update { $0.listDelay = delay } }
      return try store.load()
    }
    print(registry.listDelay.rawValue)
  }
}
