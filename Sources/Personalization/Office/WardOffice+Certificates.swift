import Authority
import CardImage
import CardKernel
import CardRules
import MyNumberCard

// Certificates: issue, renewal, revocation.
extension WardOffice {
  func issue(
    _ kinds: Set<CertificateKind>, _ new: [PINName: String], _ resident: Resident, _ pins: PINs, rule: Rule
  ) throws -> Outcome {
    try requireResidentRecordPIN(resident, pins, rule: rule)
    try requireCertificatePINs(resident, pins)
    try requirePurpose(of: new, at: kinds.map(\.pinName), rule: rule)
    if resident.card.isForFaceAuthentication, kinds.contains(.sign) {
      throw OfficeRefusal(
        "a face-authentication card has no signature certificate", rule: .faceAuthentication,
        fix: "switch it back first: vmyna operator from-face-authentication")
    }
    guard resident.registered.birth.day != nil else {
      throw OfficeRefusal(
        "the birth date is not known, so no rule gives a certificate an end", rule: .r1,
        fix: "give the ends in the resident file and mint the card anew")
    }
    var after = resident
    let decision = after.issue(.init(kinds, on: today, at: now.unixSeconds), profile: profile)
    for kind in CertificateKind.allCases where kinds.contains(kind) {
      guard let refusal = decision?[kind].refusal else { continue }
      throw OfficeRefusal(
        "this holder may not have a \(kind.rawValue) certificate: \(refusal.sentence.en)", rule: refusal,
        fix: "see what the rules say: vmyna rules list")
    }
    var changes = try changes(from: resident, to: after)
    for kind in CertificateKind.allCases where kinds.contains(kind) {
      changes += try pinChanges(for: kind, new, resident, pins)
    }
    var outcome = Outcome(resident: after, changes: changes, rule: rule)
    outcome.remarks = remarks(on: kinds, resident)
    return outcome
  }

  func pinChanges(
    for kind: CertificateKind, _ new: [PINName: String], _ resident: Resident, _ pins: PINs
  ) throws(OfficeRefusal) -> [CardChange] {
    let name = kind.pinName
    if let value = new[name] { return try Self.set(name, to: value, pins) }
    guard let pin = pins[name], let value = pin.value else {
      if resident.card.isForFaceAuthentication { return [] }
      throw OfficeRefusal(
        "the card has no \(name.rawValue) PIN yet", rule: .laterIssue,
        fix: "give one with --pin \(name.rawValue)=…")
    }
    guard pin.triesLeft > 0 else {
      throw OfficeRefusal(
        "the \(name.rawValue) PIN is locked, and a certificate does not unlock it", rule: .laterIssue,
        fix: "give a new one with --pin \(name.rawValue)=…")
    }
    return [.pin(name.path, value: value, triesLeft: pin.triesMax)]
  }

  func remarks(on kinds: Set<CertificateKind>, _ before: Resident) -> [BilingualText] {
    var remarks: [BilingualText] = []
    for kind in CertificateKind.allCases where kinds.contains(kind) {
      guard let old = before[kind], old.isAlive(on: today) else { continue }
      let window = RenewalWindow(end: old.end, of: kind, profile: profile)
      if today < window.opens {
        remarks.append(
          BilingualText(
            ja: "\(kind == .sign ? "署名用" : "利用者証明用")の更新期間は\(window.opens)から。今日の発行は5回目の誕生日まで(規則R7)",
            en: "\(kind.rawValue) could be renewed from \(window.opens); issued today it counts as new (rule R7)"))
      }
    }
    remarks.append(
      BilingualText(
        ja: "サービスには新しい証明書を登録し直す。受け付けは翌日からのことがある(規則R19)",
        en: "services must register the new certificate, some from the next day only (rule R19)"))
    return remarks
  }

  func renew(
    _ kinds: Set<CertificateKind>, _ new: [PINName: String], _ resident: Resident, _ pins: PINs
  ) throws -> Outcome {
    for kind in CertificateKind.allCases where kinds.contains(kind) {
      guard let old = resident[kind], old.isAlive(on: today) else {
        throw OfficeRefusal(
          "there is no live \(kind.rawValue) certificate to renew", rule: .renewal,
          fix: "issue one: vmyna operator issue \(kind.rawValue)")
      }
      let window = RenewalWindow(end: old.end, of: kind, profile: profile)
      guard window.contains(today) else {
        throw OfficeRefusal(
          "the \(kind.rawValue) certificate can be renewed from \(window.opens) to \(window.closes), not on \(today)",
          rule: .r6,
          fix:
            "come back then; 'vmyna operator issue \(kind.rawValue)' gives a new one at any time, to the 5th birthday")
      }
    }
    return try issue(kinds, new, resident, pins, rule: .renewal)
  }

  func revoke(_ kinds: Set<CertificateKind>, _ resident: Resident) throws -> Outcome {
    for kind in CertificateKind.allCases where kinds.contains(kind) {
      guard resident.certificates.contains(where: { $0.kind == kind && $0.isAlive(on: today) }) else {
        throw OfficeRefusal(
          "there is no live \(kind.rawValue) certificate to revoke", rule: .revocation, fix: "see 'vmyna pki status'")
      }
    }
    var event = event(.revocationRequest)
    event.kinds = kinds
    var after = resident
    after.apply(event, profile: profile)
    return Outcome(resident: after, changes: [], rule: .revocation)
  }
}
