import CardHost
import CardKernel
import CardRules
import CardService
import MyNumberCard
import Personalization

/// A write that ended half-way, because the card was lifted: a key without its certificate, or a PIN that does not work
/// (derived: what is written first is there, what comes after is not). The same procedure again mends it.
struct BrokenWrite {
  let kinds: Set<CertificateKind>
  let secrets: [PINName]
  let outcome: WardOffice.Outcome?

  func happen(to card: inout DeskCard, _ office: CardOffice, _ setting: CardOffice.Setting) {
    if let outcome, !kinds.isEmpty {
      breakCertificates(of: &card, outcome, office, setting)
    } else if !secrets.isEmpty {
      // The old value is no longer accepted and the new one is not there yet.
      let changes = secrets.flatMap { [$0] + $0.companions }.compactMap { name in
        card.host.pin(name).map { _ in CardChange.triesLeft(name.path, 0) }
      }
      try? card.host.apply(changes, cause: "desk-broken")
    }
  }

  private func breakCertificates(
    of card: inout DeskCard, _ outcome: WardOffice.Outcome, _ office: CardOffice, _ setting: CardOffice.Setting
  ) {
    // The authority has issued; the key is on the card, and the certificate's file is empty.
    var broken = outcome
    let files = kinds.map {
      FilePath(.jpki, $0 == .sign ? JPKIApplication.signCertificate : JPKIApplication.authCertificate)
    }
    broken.changes = outcome.changes.map { change in
      guard case .contents(let path, let bytes) = change, files.contains(path) else { return change }
      return .contents(path, [UInt8](repeating: 0xFF, count: bytes.count))
    }
    broken.resident = dangling(card.resident, outcome.resident)
    guard (try? office.commit(broken, on: card.host, setting)) != nil else { return }
    try? card.update(broken.resident)
    card.broken.formUnion(kinds)
  }

  /// The facts as before, with the new certificates in the registry only. They stand before the old ones, which count for
  /// the renewal window of the next attempt; that attempt supersedes them.
  private func dangling(_ before: Resident, _ after: Resident) -> Resident {
    var resident = before
    for kind in CertificateKind.allCases where kinds.contains(kind) {
      guard var lost = after.certificates.last(where: { $0.kind == kind }) else { continue }
      guard let place = resident.certificates.firstIndex(where: { $0.kind == kind }) else {
        // There was none of this kind: the record knows it, the card does not carry it.
        resident.certificates.append(lost)
        continue
      }
      lost.isOnCard = false
      resident.certificates.insert(lost, at: place)
    }
    return resident
  }
}
