import ArgumentParser
import CardHost
import CardImage
import CardKernel
import CardRules
import Cryptography
import Foundation
import ISO7816
import MyNumberCard
import Personalization
import PrivatePCSC

/// `vmyna show`: what is on a card.
struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show what is on a card: holder, certificates, PINs and tries left.")

  @Argument(help: ArgumentHelp("A card of the gallery, a resident file or a card image.", valueName: "card"))
  var card: String

  @Flag(help: "Print one JSON object.")
  var json = false

  @Flag(help: "Print the variables that 'vmyna run' sets, as KEY='value' lines for a shell.")
  var env = false

  @OptionGroup var minting: MintingOptions

  func run() throws {
    let library = CardLibrary(minter: try minting.minter())
    let found = try library.find(card)
    if env { return try printEnvironment(found.image) }
    let report = try CardReport(image: found.image, card: found.image.makeCard(location: found.location))
    print(json ? report.json.text : report.text)
  }

  private func printEnvironment(_ image: CardImage) throws {
    let environment = CardEnvironment(image)
    let cache =
      ProcessInfo.processInfo.environment["XDG_CACHE_HOME"].map { URL(fileURLWithPath: $0) }
      ?? FileManager.default.homeDirectoryForCurrentUser.appendingPathComponent(".cache")
    let roots = try environment.writeRoots(into: cache.appendingPathComponent("vmyna/\(image.manifest.name)"))
    for (name, value) in environment.variables(reader: ReaderConfiguration.readerName(slot: 0), roots: roots) {
      print("\(name)='\(value.replacingOccurrences(of: "'", with: "'\\''"))'")
    }
  }
}

/// What `vmyna show` says of a card.
struct CardReport {
  let image: CardImage
  let card: Card

  private struct Certificate {
    let kind: String
    let serial: String
    let notBefore: JapanInstant
    let notAfter: JapanInstant
    let subject: String
    /// The registry's word, or what the dates say where it has none.
    let status: String
  }

  private func certificate(_ kind: String, _ file: FileID) -> Certificate? {
    guard let der = image.data[FilePath(.jpki, file)], let certificate = try? X509Certificate(der: der) else {
      return nil
    }
    let now = JapanInstant(image.manifest.minted.at) ?? JapanInstant(unixSeconds: Int(Date().timeIntervalSince1970))
    let notAfter = JapanInstant(unixSeconds: Int(certificate.notAfter))
    let entry = image.manifest.registry?.first { $0.kind == kind }
    return Certificate(
      kind: kind, serial: certificate.serialHex, notBefore: JapanInstant(unixSeconds: Int(certificate.notBefore)),
      notAfter: notAfter,
      subject: X509Certificate.attributes(of: certificate.subject).map(\.text).joined(separator: ", "),
      status: entry?.status ?? (now > notAfter ? "expired" : "good"))
  }

  private var certificates: [(kind: String, certificate: Certificate?)] {
    [
      ("sign", certificate("sign", JPKIApplication.signCertificate)),
      ("auth", certificate("auth", JPKIApplication.authCertificate)),
    ]
  }

  private var pins: [(name: PINName, pin: PIN)] {
    PINName.allCases.compactMap { name in card.pin(name.path).map { (name, $0) } }
  }

  /// For people.
  var text: String {
    let manifest = image.manifest
    let holder = manifest.holder
    var lines = [
      "\(manifest.name): \(manifest.title.ja) / \(manifest.title.en)",
      "  holder       \(holder.name), born \(holder.birth), sex \(holder.sex)",
      "  address      \(holder.address)",
      "  card         until \(holder.cardEnd), \(manifest.generation), answer to reset \(manifest.personality)",
    ]
    for (kind, certificate) in certificates {
      guard let certificate else {
        lines.append("  \(kind)         no certificate")
        continue
      }
      lines.append(
        "  \(kind)         \(certificate.status), \(certificate.notBefore) to \(certificate.notAfter), serial \(certificate.serial)"
      )
      lines.append("               \(certificate.subject)")
    }
    for (name, pin) in pins { lines.append("  " + PINLine.text(name: name.rawValue, pin)) }
    return lines.joined(separator: "\n")
  }

  /// For programs.
  var json: OrderedJSON {
    let manifest = image.manifest
    let holder = manifest.holder
    return .object([
      ("name", .string(manifest.name)), ("ja", .string(manifest.title.ja)), ("en", .string(manifest.title.en)),
      (
        "holder",
        .object([
          ("name", .string(holder.name)), ("address", .string(holder.address)), ("birth", .string(holder.birth)),
          ("sex", .string(holder.sex)),
        ])
      ),
      ("cardEnd", .string(holder.cardEnd)), ("generation", .string(manifest.generation)),
      ("personality", .string(manifest.personality)), ("mintedAt", .string(manifest.minted.at)),
      (
        "certificates",
        .object(
          certificates.map { kind, certificate in
            guard let certificate else { return (kind, .null) }
            return (
              kind,
              .object([
                ("serial", .string(certificate.serial)), ("subject", .string(certificate.subject)),
                ("notBefore", .string(certificate.notBefore.generalizedTime)),
                ("notAfter", .string(certificate.notAfter.generalizedTime)), ("status", .string(certificate.status)),
              ])
            )
          })
      ),
      (
        "pins",
        .object(
          pins.map { name, pin in
            (
              name.rawValue,
              .object([
                ("triesLeft", .int(pin.triesLeft)), ("triesMax", .int(pin.triesMax)), ("set", .bool(pin.value != nil)),
              ])
            )
          })
      ),
    ])
  }
}

/// One PIN as people see it: `sign ●●●○○ 3/5`.
enum PINLine {
  static func text(name: String, triesLeft: Int, triesMax: Int, isSet: Bool, isVerified: Bool = false) -> String {
    let column = name.padding(toLength: max(14, name.count + 1), withPad: " ", startingAt: 0)
    let pips = String(repeating: "●", count: triesLeft) + String(repeating: "○", count: max(0, triesMax - triesLeft))
    let note = !isSet ? "  not set" : triesLeft == 0 ? "  LOCKED" : isVerified ? "  verified" : ""
    return "\(column)\(pips) \(triesLeft)/\(triesMax)\(note)"
  }

  static func text(name: String, _ pin: PIN) -> String {
    text(name: name, triesLeft: pin.triesLeft, triesMax: pin.triesMax, isSet: pin.value != nil)
  }
}
