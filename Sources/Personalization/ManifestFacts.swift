import Authority
import CardImage
import CardRules
import Cryptography
import Foundation
import MyNumberCard

/// What of a resident goes into the image's manifest beside the card's own contents: what the registry says, the story, and
/// what the ward office knows.
struct ManifestFacts {
  let resident: Resident
  let issuing: Issuing
  let now: Instant

  func fill(_ manifest: inout Manifest) throws {
    manifest.fixture = resident.fixture
    manifest.story = resident.story.map { .init(ja: $0.japanese, en: $0.english) }
    manifest.sees = resident.sees.map { sees in
      Manifest.Sees(
        opensc: .init(ja: sees.opensc.japanese, en: sees.opensc.english),
        login: .init(ja: sees.login.japanese, en: sees.login.english),
        signing: .init(ja: sees.signing.japanese, en: sees.signing.english))
    }
    manifest.cardStatus = resident.card.status.rawValue
    manifest.registry = try issuing.entries(of: resident).map { Manifest.RegistryEntry($0, at: now) }
    manifest.faults = resident.faults.isEmpty ? nil : resident.faults.map(\.rawValue)
    let encoder = JSONEncoder()
    manifest.resident = try JSONDecoder().decode(JSONValue.self, from: encoder.encode(resident))
  }
}

extension Manifest.RegistryEntry {
  /// An entry of the registry, as a manifest keeps it.
  public init(_ entry: Registry.Entry, at now: Instant) {
    self.init(
      kind: entry.hierarchy.rawValue, serial: entry.serial, status: entry.standing(at: now).rawValue,
      reason: entry.state.reason?.name, since: entry.state.since?.description)
    authority = entry.authority.rawValue
    generation = entry.generation
    municipality = .init(
      code: entry.municipality.code, prefecture: entry.municipality.prefecture, name: entry.municipality.name)
    notBefore = entry.notBefore.description
    notAfter = entry.notAfter.description
    if case .superseded(let by?, _) = entry.state { supersededBy = by }
  }

  /// The registry's entry; `nil` when a part is missing or damaged.
  public var entry: Registry.Entry? {
    guard let hierarchy = Hierarchy(rawValue: kind), let serial = SerialNumber.normal(hex: serial),
      let authority = AuthorityName(rawValue: authority ?? AuthorityName.virtual.rawValue), let generation,
      let notBefore = notBefore.flatMap({ Instant($0) }), let notAfter = notAfter.flatMap({ Instant($0) }),
      let place = municipality,
      let municipality = try? Municipality(code: place.code, prefecture: place.prefecture, name: place.name)
    else { return nil }
    let since = since.flatMap { Instant($0) }
    let state: CertificateState
    switch (status, since) {
    case ("revoked", let since?):
      guard let reason = reason.flatMap({ try? Cryptography.RevocationReason(name: $0) }) else { return nil }
      state = .revoked(reason, at: since)
    case ("hold", let since?): state = .hold(at: since)
    case ("superseded", let since?): state = .superseded(by: supersededBy, at: since)
    default: state = .good
    }
    return Registry.Entry(
      authority: authority, hierarchy: hierarchy, serial: serial, generation: generation, municipality: municipality,
      notBefore: notBefore, notAfter: notAfter, state: state)
  }
}
