import Authority
import CardImage
import CardKernel
import CardRules
import Cryptography
import Foundation
import ISO7816
import MyNumberCard
import Personalization

/// What `vmyna show` says of a card.
struct CardReport {
  private let image: CardImage
  /// `nil` for a card that cannot be used.
  private let card: Card?
  /// Why it cannot.
  private let refusal: String?
  private let entries: [Registry.Entry]
  private let now: JapanInstant

  /// - Parameter moment: when the card is looked at; now when absent, or its minting, which is at ten in the morning.
  init(_ found: CardLibrary.Found, registry: Registry, at moment: JapanInstant? = nil) throws {
    image = found.image
    if image.manifest.generation == NextGeneration.name {
      card = nil
      refusal = NextGeneration.refusal
    } else {
      card = try image.makeCard(location: found.location)
      refusal = nil
    }
    entries = CardRegistry.entries(of: image, in: registry)
    let clock = JapanInstant(unixSeconds: Int(Date().timeIntervalSince1970))
    now = moment ?? max(clock, JapanInstant(image.manifest.minted.at) ?? clock)
  }

  private struct Certificate {
    let serial: String
    let notBefore: JapanInstant
    let notAfter: JapanInstant
    let subject: String
    /// `nil` when the registry does not know it.
    let entry: Registry.Entry?
    let status: String

    /// `revoked: affiliationChanged`
    var statusText: String {
      guard let entry, status == "revoked", let reason = entry.state.reason else { return status }
      return "\(status): \(reason.name)"
    }
  }

  private func certificate(_ kind: String, _ file: FileID) -> Certificate? {
    guard let der = image.data[FilePath(.jpki, file)], let certificate = try? X509Certificate(der: der) else {
      return nil
    }
    let notAfter = JapanInstant(unixSeconds: Int(certificate.notAfter))
    let entry = entries.first { $0.hierarchy.rawValue == kind && $0.serial == certificate.serialHex }
    let fallback = image.manifest.registry == nil ? (now > notAfter ? "expired" : "good") : "unknown"
    return Certificate(
      serial: certificate.serialHex, notBefore: JapanInstant(unixSeconds: Int(certificate.notBefore)),
      notAfter: notAfter,
      subject: X509Certificate.attributes(of: certificate.subject).map(\.text).joined(separator: ", "), entry: entry,
      status: entry?.standing(at: Instant(unixSeconds: now.unixSeconds)).rawValue ?? fallback)
  }

  private var certificates: [(kind: String, certificate: Certificate?)] {
    [
      ("sign", certificate("sign", JPKIApplication.signCertificate)),
      ("auth", certificate("auth", JPKIApplication.authCertificate)),
    ]
  }

  /// The card's status: an active card lapses with its last day.
  private var cardStatus: String? {
    let end = image.manifest.holder.cardEnd
    guard image.manifest.cardStatus == CardStatus.active.rawValue, end.utf8.count == 8, end < now.day.compact else {
      return image.manifest.cardStatus
    }
    return CardStatus.lapsed.rawValue
  }

  private var pins: [(name: PINName, pin: PIN)] {
    PINName.allCases.compactMap { name in card?.pin(name.path).map { (name, $0) } }
  }

  /// Certificates that lie on the card no more.
  private var former: [Registry.Entry] {
    let present = Set(certificates.compactMap { $0.certificate?.serial })
    return entries.filter { !present.contains($0.serial) }
  }

  // MARK: For people

  /// For people.
  var text: String {
    let manifest = image.manifest
    let holder = manifest.holder
    var lines = ["\(manifest.name): \(manifest.title.ja) / \(manifest.title.en)"]
    for text in [manifest.story?.ja, manifest.story?.en] {
      lines += (text ?? "").split(separator: "\n").map { "  " + $0 }
    }
    let status = cardStatus.map { $0 == "active" ? "" : "\($0.uppercased()), " } ?? ""
    lines += [
      "  holder       \(holder.name), born \(holder.birth), sex \(holder.sex)",
      "  address      \(holder.address)",
      "  card         \(status)until \(holder.cardEnd), \(manifest.generation), answer to reset \(manifest.personality)",
    ]
    lines += certificateLines
    for (name, pin) in pins { lines.append("  " + PINLine.text(name: name.rawValue, pin)) }
    if let faults = manifest.faults { lines.append("  faults       " + faults.joined(separator: ", ")) }
    if let refusal { lines.append("  not usable   " + refusal) }
    if let sees = manifest.sees {
      for (client, text) in [("opensc", sees.opensc), ("log-in", sees.login), ("signing", sees.signing)] {
        let column = client.padding(toLength: 12, withPad: " ", startingAt: 0)
        lines.append("  \(column) \(text.ja) / \(text.en)")
      }
    }
    return lines.joined(separator: "\n")
  }

  private var certificateLines: [String] {
    var lines: [String] = []
    for (kind, certificate) in certificates {
      guard let certificate else {
        lines.append("  \(kind)         no certificate")
        continue
      }
      let term = "\(certificate.notBefore) to \(certificate.notAfter), serial \(certificate.serial)"
      lines.append("  \(kind)         \(certificate.statusText), \(term)")
      lines.append("               \(certificate.subject)")
    }
    for entry in former {
      let standing = entry.standing(at: Instant(unixSeconds: now.unixSeconds)).rawValue
      lines.append("  former       \(entry.hierarchy.rawValue) \(standing), serial \(entry.serial)")
    }
    return lines
  }

  // MARK: For programs

  /// For programs.
  var json: OrderedJSON {
    let manifest = image.manifest
    let holder = manifest.holder
    return .object([
      ("name", .string(manifest.name)), ("ja", .string(manifest.title.ja)), ("en", .string(manifest.title.en)),
      ("fixture", OrderedJSON(manifest.fixture)), ("story", OrderedJSON(manifest.story)),
      (
        "holder",
        .object([
          ("name", .string(holder.name)), ("address", .string(holder.address)), ("birth", .string(holder.birth)),
          ("sex", .string(holder.sex)),
        ])
      ),
      ("cardEnd", .string(holder.cardEnd)), ("cardStatus", OrderedJSON(cardStatus)),
      ("generation", .string(manifest.generation)), ("personality", .string(manifest.personality)),
      ("mintedAt", .string(manifest.minted.at)),
      ("certificates", .object(certificates.map { ($0.kind, json(of: $0.certificate)) })),
      ("registry", .array(entries.map(json(of:)))),
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
      ("faults", .array((manifest.faults ?? []).map { .string($0) })), ("refused", OrderedJSON(refusal)),
      (
        "sees",
        manifest.sees.map { sees in
          .object([
            ("opensc", OrderedJSON(sees.opensc)), ("login", OrderedJSON(sees.login)),
            ("signing", OrderedJSON(sees.signing)),
          ])
        } ?? .null
      ),
    ])
  }

  private func json(of certificate: Certificate?) -> OrderedJSON {
    guard let certificate else { return .null }
    return .object([
      ("serial", .string(certificate.serial)), ("subject", .string(certificate.subject)),
      ("notBefore", .string(certificate.notBefore.generalizedTime)),
      ("notAfter", .string(certificate.notAfter.generalizedTime)),
      ("end", .string(certificate.notAfter.day.description)), ("status", .string(certificate.status)),
      ("reason", OrderedJSON(certificate.entry?.state.reason?.name)),
      ("since", OrderedJSON(certificate.entry?.state.since?.description)),
    ])
  }

  private func json(of entry: Registry.Entry) -> OrderedJSON {
    .object([
      ("kind", .string(entry.hierarchy.rawValue)), ("serial", .string(entry.serial)),
      ("status", .string(entry.standing(at: Instant(unixSeconds: now.unixSeconds)).rawValue)),
      ("reason", OrderedJSON(entry.state.reason?.name)), ("since", OrderedJSON(entry.state.since?.description)),
    ])
  }
}

extension OrderedJSON {
  /// A text, or null.
  init(_ text: String?) { self = text.map { .string($0) } ?? .null }

  /// A text in both languages, or null.
  init(_ title: Manifest.Title?) {
    self = title.map { .object([("ja", .string($0.ja)), ("en", .string($0.en))]) } ?? .null
  }
}

extension OrderedJSON {
  /// A text in both languages.
  init(_ text: LocalizedText) {
    self = .object([("ja", .string(text.japanese)), ("en", .string(text.english))])
  }

  /// What three clients see.
  init(_ sees: Resident.Sees) {
    self = .object([
      ("opensc", OrderedJSON(sees.opensc)), ("login", OrderedJSON(sees.login)), ("signing", OrderedJSON(sees.signing)),
    ])
  }
}
