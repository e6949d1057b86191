import ArgumentParser
import CardRules
import CardService
import Foundation

/// `vmyna operator`: what the ward office can do.
struct OperatorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "operator",
    abstract: "Do what the ward office's terminal can do with a card in a reader of the running service.",
    discussion: """
      Everything goes by the rules ('vmyna rules list'): what they refuse is refused with the rule, exit code 1, and nothing \
      changes. New keys and certificates are written to the card in use, clients see them at their next read, and the \
      registry is told.
      """,
    subcommands: [
      Issue.self, Renew.self, Revoke.self, ResetPIN.self, ChangePIN.self, Move.self, Rename.self, Extend.self,
      HandOver.self, FromFaceAuthentication.self, ToFaceAuthentication.self, Stop.self, Release.self, Reissue.self,
      Surrender.self, Destroy.self, LeaveJapan.self, Death.self,
    ])
}

/// What every procedure may be told.
struct OfficeOptions: ParsableArguments {
  @OptionGroup var slotOption: SlotOption
  @OptionGroup var socketOption: SocketOption

  @Option(
    help: ArgumentHelp("Act as if it were then: 2026-11-20T10:00:00+09:00 (default: now).", valueName: "time"))
  var at: String?

  @Option(help: ArgumentHelp("The municipality's settings: national or nagoya.", valueName: "name"))
  var profile = MunicipalityProfile.national.name

  @Flag(help: "Print one JSON object.")
  var json = false

  /// Sends an order, and tells what came of it.
  func send(_ verb: String, _ facts: [String] = []) throws {
    var arguments = [verb, "profile=\(profile)"] + facts
    if let at {
      guard let instant = JapanInstant(at) ?? CalendarDay(at).map({ JapanInstant(startOf: $0) }) else {
        throw UserError(
          "'\(at)' is not a time", at: "--at", fix: "write it like 2026-11-20T10:00:00+09:00 or 2026-11-20")
      }
      arguments.append("at=\(instant)")
    }
    let request = ControlRequest("office", slot: slotOption.slot, arguments: arguments)
    guard let report = try ControlClient(path: socketOption.path).ask(request).office else { return }
    print(json ? Self.json(report).text : Self.text(report))
  }

  private static func text(_ report: OfficeReport) -> String {
    var lines = ["\(report.card): done by rule \(report.rule); card \(report.cardStatus) until \(report.cardEnd)"]
    for certificate in report.certificates {
      let reason = certificate.reason.map { $0 == certificate.status ? "" : " (\($0))" } ?? ""
      lines.append(
        "  \(certificate.kind)  \(certificate.status)\(reason), until \(certificate.end), serial \(certificate.serial)")
    }
    for remark in report.remarks { lines.append("  \(remark.ja) / \(remark.en)") }
    return lines.joined(separator: "\n")
  }

  private static func json(_ report: OfficeReport) -> OrderedJSON {
    .object([
      ("card", .string(report.card)), ("rule", .string(report.rule)), ("cardStatus", .string(report.cardStatus)),
      ("cardEnd", .string(report.cardEnd)),
      (
        "certificates",
        .array(
          report.certificates.map {
            .object([
              ("kind", .string($0.kind)), ("serial", .string($0.serial)), ("status", .string($0.status)),
              ("reason", OrderedJSON($0.reason)), ("end", .string($0.end)),
            ])
          })
      ),
      ("remarks", .array(report.remarks.map { .object([("ja", .string($0.ja)), ("en", .string($0.en))]) })),
    ])
  }
}

extension CertificateKind: ExpressibleByArgument {}

/// PINs on the command line.
struct OfficePINs: ParsableArguments {
  @Option(help: ArgumentHelp("The new PIN of a kind: sign=ABC123, auth=1234 …", valueName: "name=value"))
  var pin: [String] = []

  var facts: [String] { pin.map { "pin.\($0)" } }
}

extension OperatorCommand {
  /// `vmyna operator issue`.
  struct Issue: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Issue certificates, whatever is there of their kinds; to the 5th birthday, the 6th in the window.")
    @Argument(help: "sign, auth (default: both).")
    var kinds: [CertificateKind] = []
    @OptionGroup var pins: OfficePINs
    @OptionGroup var options: OfficeOptions
    func run() throws { try options.send("issue", kinds.map { "kind=\($0.rawValue)" } + pins.facts) }
  }

  /// `vmyna operator renew`.
  struct Renew: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Renew certificates in the last three months before their end.")
    @Argument(help: "sign, auth (default: both).")
    var kinds: [CertificateKind] = []
    @OptionGroup var pins: OfficePINs
    @OptionGroup var options: OfficeOptions
    func run() throws { try options.send("renew", kinds.map { "kind=\($0.rawValue)" } + pins.facts) }
  }

  /// `vmyna operator revoke`.
  struct Revoke: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Revoke certificates on the holder's request; for good.")
    @Argument(help: "sign, auth.")
    var kinds: [CertificateKind]
    @OptionGroup var options: OfficeOptions
    func run() throws { try options.send("revoke", kinds.map { "kind=\($0.rawValue)" }) }
  }

  /// `vmyna operator reset-pin`.
  struct ResetPIN: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "reset-pin", abstract: "Set a new PIN without the old one; its counter is full again.")
    @Argument(help: ArgumentHelp("sign, auth, textInput, residentRecord, numberA or numberB.", valueName: "pin"))
    var pin: String
    @Option(help: ArgumentHelp("The new PIN.", valueName: "pin"))
    var new: String
    @OptionGroup var options: OfficeOptions
    func run() throws { try options.send("reset-pin", ["name=\(pin)", "new=\(new)"]) }
  }

  /// `vmyna operator change-pin`.
  struct ChangePIN: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "change-pin", abstract: "Set a new PIN by the old one; a wrong old one costs a try.")
    @Argument(help: ArgumentHelp("sign, auth, textInput or residentRecord.", valueName: "pin"))
    var pin: String
    @Option(help: ArgumentHelp("The old PIN.", valueName: "pin"))
    var old: String
    @Option(help: ArgumentHelp("The new PIN.", valueName: "pin"))
    var new: String
    @OptionGroup var options: OfficeOptions
    func run() throws { try options.send("change-pin", ["name=\(pin)", "old=\(old)", "new=\(new)"]) }
  }

  /// `vmyna operator move`.
  struct Move: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Write a new address on the card; the signature certificate is revoked.")
    @Option(help: ArgumentHelp("The new address.", valueName: "text"))
    var address: String
    @Option(help: ArgumentHelp("Another municipality than before: its five digits.", valueName: "code"))
    var municipality: String?
    @Flag(help: "Only the resident record changes now; the card's face stays as it is.")
    var faceLater = false
    @OptionGroup var options: OfficeOptions
    func run() throws {
      var facts = ["address=\(address)"]
      if let municipality { facts.append("municipality=\(municipality)") }
      if faceLater { facts.append("face=later") }
      try options.send("move", facts)
    }
  }

  /// `vmyna operator rename`.
  struct Rename: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Write a new name on the card; the signature certificate is revoked.")
    @Option(help: ArgumentHelp("The new name.", valueName: "text"))
    var name: String
    @Flag(help: "Only the resident record changes now; the card's face stays as it is.")
    var faceLater = false
    @OptionGroup var options: OfficeOptions
    func run() throws { try options.send("rename", ["name=\(name)"] + (faceLater ? ["face=later"] : [])) }
  }

  /// `vmyna operator extend`.
  struct Extend: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Let a foreign resident's card end with the longer stay, or two months later (special period).")
    @Option(help: ArgumentHelp("The new end of the stay (default: the special period).", valueName: "date"))
    var until: String?
    @OptionGroup var options: OfficeOptions
    func run() throws { try options.send("extend", until.map { ["until=\($0)"] } ?? []) }
  }

  /// `vmyna operator hand-over`.
  struct HandOver: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "hand-over", abstract: "Hand a new card over: the holder sets every PIN that it has.")
    @OptionGroup var pins: OfficePINs
    @OptionGroup var options: OfficeOptions
    func run() throws { try options.send("hand-over", pins.facts) }
  }

  /// `vmyna operator from-face-authentication`.
  struct FromFaceAuthentication: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "from-face-authentication", abstract: "Make a face-authentication card an ordinary one: its PINs.")
    @OptionGroup var pins: OfficePINs
    @OptionGroup var options: OfficeOptions
    func run() throws { try options.send("from-face-authentication", pins.facts) }
  }

  /// `vmyna operator to-face-authentication`.
  struct ToFaceAuthentication: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "to-face-authentication", abstract: "Make it a face-authentication card: no PINs, no signature.")
    @OptionGroup var options: OfficeOptions
    func run() throws { try options.send("to-face-authentication") }
  }

  /// `vmyna operator stop`.
  struct Stop: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Stop a lost card: both certificates go on hold.")
    @OptionGroup var options: OfficeOptions
    func run() throws { try options.send("stop") }
  }

  /// `vmyna operator release`.
  struct Release: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Release a card that was found again: auth is good, sign must be issued anew (as the profile says).")
    @OptionGroup var options: OfficeOptions
    func run() throws { try options.send("release") }
  }

  /// `vmyna operator reissue`.
  struct Reissue: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Apply for a new card: this one is abolished, its certificates are revoked.")
    @OptionGroup var options: OfficeOptions
    func run() throws { try options.send("reissue") }
  }

  /// `vmyna operator surrender`.
  struct Surrender: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Take the card back for good: abolished, all revoked.")
    @OptionGroup var options: OfficeOptions
    func run() throws { try options.send("surrender") }
  }

  /// `vmyna operator destroy`.
  struct Destroy: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Destroy a card that nobody fetched.")
    @OptionGroup var options: OfficeOptions
    func run() throws { try options.send("destroy") }
  }

  /// `vmyna operator leave-japan`.
  struct LeaveJapan: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "leave-japan", abstract: "The holder leaves Japan: the card lapses, unless its use is continued.")
    @Flag(help: "With continued use (Japanese nationals): only sign is revoked.")
    var continuing = false
    @OptionGroup var options: OfficeOptions
    func run() throws { try options.send("leave-japan", continuing ? ["continuing=true"] : []) }
  }

  /// `vmyna operator death`.
  struct Death: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "The holder has died: card and certificates lapse.")
    @OptionGroup var options: OfficeOptions
    func run() throws { try options.send("death") }
  }
}
