import Authority
import CardImage
import CardKernel
import CardRules
import Cryptography
import ISO7816
import MyNumberCard

/// Fills the JPKI application: keys, certificates and what tells of them.
struct JPKIContents {
  let resident: Resident
  let authority: AuthorityName
  let keys: KeySource

  func fill(_ image: inout CardImage) throws {
    if let sign = resident.sign {
      try issue(sign, .sign(try certifiedHolder()), into: &image)
    }
    if let auth = resident.auth {
      try issue(auth, .auth, into: &image)
    }
    image.data[path(JPKIApplication.tokenInformation)] = TokenInformation.encoded(for: resident.card.carrier)
    // 8F: there; 00: not there (assumed, nobody has shown such a card).
    image.data[path(JPKIApplication.certificateAvailability)] = [
      resident.sign == nil ? 0x00 : 0x8F, resident.auth == nil ? 0x00 : 0x8F, 0x00,
    ]
    try fillMissingRoots(&image)
  }

  private func path(_ file: FileID) -> FilePath { FilePath(.jpki, file) }

  private func certifiedHolder() throws -> CertifiedHolder {
    let holder = resident.holder
    return try CertifiedHolder(
      name: holder.name, address: holder.address,
      birth: holder.birth.eraDigitAndCompact, sex: holder.sex)
  }

  private func issue(
    _ facts: Resident.CertificateFacts, _ subject: HolderCertificateRequest.Subject, into image: inout CardImage
  ) throws {
    let isSign = subject != .auth
    let label = "\(isSign ? "sign" : "auth") \(facts.issue)"
    let key = try keys.key(label)
    var request = HolderCertificateRequest(
      subject, municipality: resident.holder.municipality, requested: moment(of: facts, label),
      notBefore: moment(of: facts, label),
      notAfter: Instant(unixSeconds: JapanInstant(endOf: facts.end).unixSeconds), publicKey: key.publicKey,
      seed: keys.seed)
    request.issue = facts.issue
    request.authority = authority
    let issued = try HolderCertificate(request)
    let files =
      isSign
      ? (JPKIApplication.signCertificate, JPKIApplication.signAuthorityCertificate, JPKIApplication.signKey)
      : (JPKIApplication.authCertificate, JPKIApplication.authAuthorityCertificate, JPKIApplication.authKey)
    image.data[path(files.0)] = issued.certificate.der
    image.data[path(files.1)] = issued.root.der
    image.keys[path(files.2)] = try key.pkcs8DER
  }

  /// The second of issue: some time in the hour before ten, so that a card issued on the day of minting is good then.
  private func moment(of facts: Resident.CertificateFacts, _ label: String) -> Instant {
    var random = SeededRandom(label: "moment of \(label)", seed: keys.seed)
    let nine = JapanInstant(startOf: facts.issued).unixSeconds + 9 * 3600
    return Instant(unixSeconds: nine + Int(random.number(below: 3600)))
  }

  /// A card without a certificate still has the root that would have issued it.
  private func fillMissingRoots(_ image: inout CardImage) throws {
    let instant = Instant(unixSeconds: JapanInstant(startOf: resident.card.issued).unixSeconds)
    for (hierarchy, file) in [
      (Hierarchy.sign, JPKIApplication.signAuthorityCertificate), (.auth, JPKIApplication.authAuthorityCertificate),
    ] where image.data[path(file)] == nil {
      image.data[path(file)] = try RootAuthority(hierarchy, issuingAt: instant, name: authority).certificate.der
    }
  }
}
