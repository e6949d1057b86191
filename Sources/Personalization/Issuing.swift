import Authority
import CardRules
import Cryptography

/// What of a certificate follows from the seed, without making it: the registry and the certificate say the same.
struct Issuing {
  let authority: AuthorityName
  let seed: UInt64

  /// The second of issue: some time in the hour before ten, so that a card issued on the day of minting is good then.
  func moment(of facts: Resident.CertificateFacts) -> Instant {
    if let second = facts.issuedAt { return Instant(unixSeconds: second) }
    var random = SeededRandom(label: "moment of \(facts.kind.rawValue) \(facts.issued)", seed: seed)
    let nine = JapanInstant(startOf: facts.issued).unixSeconds + 9 * 3600
    return Instant(unixSeconds: nine + Int(random.number(below: 3600)))
  }

  /// The last second.
  func notAfter(of facts: Resident.CertificateFacts) -> Instant {
    Instant(unixSeconds: JapanInstant(endOf: facts.end).unixSeconds)
  }

  /// The serial number's magnitude.
  func serial(of facts: Resident.CertificateFacts) -> [UInt8] {
    if let own = facts.serial { return Self.bytes(own) }
    return HolderCertificateRequest.serial(hierarchy(of: facts), seed: seed, issue: facts.issue)
  }

  private static func bytes(_ hex: String) -> [UInt8] {
    let digits = hex.compactMap(\.hexDigitValue)
    return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
  }

  private func hierarchy(of facts: Resident.CertificateFacts) -> Hierarchy { facts.kind == .sign ? .sign : .auth }

  private func hex(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined()
  }

  /// The registry's entries for everything that was ever issued to the resident. A certificate under the wrong root was
  /// never issued by the authority that it names, so the registry does not know it.
  func entries(of resident: Resident) throws -> [Registry.Entry] {
    try resident.certificates.filter { $0.defect != .wrongRoot }.map { facts in
      let notBefore = moment(of: facts)
      let generation =
        facts.defect == .oldRoot ? try RootGeneration(1) : try RootGeneration.issuing(at: notBefore)
      return Registry.Entry(
        authority: authority, hierarchy: hierarchy(of: facts), serial: hex(serial(of: facts)),
        generation: generation.number, municipality: facts.holder.municipality, notBefore: notBefore,
        notAfter: notAfter(of: facts), state: try state(of: facts, resident))
    }
  }

  private func state(of facts: Resident.CertificateFacts, _ resident: Resident) throws -> CertificateState {
    switch facts.state {
    case .good: return .good
    case .hold(let since): return .hold(at: Instant(unixSeconds: since))
    case .revoked(let reason, let since):
      return .revoked(try Cryptography.RevocationReason(name: reason), at: Instant(unixSeconds: since))
    case .superseded(let since):
      let next = resident.certificates.first { $0.kind == facts.kind && $0.issue == facts.issue + 1 }
      return .superseded(by: next.map { hex(serial(of: $0)) }, at: Instant(unixSeconds: since))
    }
  }
}
