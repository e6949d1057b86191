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
  let issuing: Issuing
  let keys: KeySource

  func fill(_ image: inout CardImage) throws {
    for kind in CertificateKind.allCases {
      if let facts = resident[kind] { try issue(facts, into: &image) }
    }
    image.data[path(JPKIApplication.tokenInformation)] = TokenInformation.encoded(for: resident.card.carrier)
    // 8F: there; 00: not there (assumed, nobody has shown such a card).
    image.data[path(JPKIApplication.certificateAvailability)] = [
      resident.sign == nil ? 0x00 : 0x8F, resident.auth == nil ? 0x00 : 0x8F, 0x00,
    ]
    try fillMissingRoots(&image)
  }

  private func path(_ file: FileID) -> FilePath { FilePath(.jpki, file) }

  private func certifiedHolder(_ holder: Resident.Holder) throws -> CertifiedHolder {
    try CertifiedHolder(
      name: holder.name, address: holder.address, birth: holder.birth.eraDigitAndCompact, sex: holder.sex,
      substitutes: ResidentReader.characters(holder.substitutes))
  }

  func issue(_ facts: Resident.CertificateFacts, into image: inout CardImage) throws {
    let key = try keys.key("\(facts.kind.rawValue) \(facts.issue)")
    let subject: HolderCertificateRequest.Subject =
      facts.kind == .sign ? .sign(try certifiedHolder(facts.holder)) : .auth
    let moment = issuing.moment(of: facts)
    var request = HolderCertificateRequest(
      subject, municipality: facts.holder.municipality, requested: moment, notBefore: moment,
      notAfter: issuing.notAfter(of: facts), publicKey: key.publicKey, seed: issuing.seed)
    request.issue = facts.issue
    request.authority = issuing.authority
    request.serial = issuing.serial(of: facts)
    request.generation = facts.defect == .oldRoot ? 1 : nil
    request.isSignedByWrongRoot = facts.defect == .wrongRoot
    let issued = try HolderCertificate(request)
    let certificate =
      facts.defect == .tampered ? try HolderCertificate.withChangedAddress(issued.certificate) : issued.certificate
    let files = Self.files(of: facts.kind)
    image.data[files.certificate] = certificate.der
    image.data[files.authority] = issued.root.der
    image.keys[files.key] = try key.pkcs8DER
  }

  /// Where a certificate, its authority's certificate and its key lie.
  static func files(of kind: CertificateKind) -> (certificate: FilePath, authority: FilePath, key: FilePath) {
    switch kind {
    case .sign:
      (
        FilePath(.jpki, JPKIApplication.signCertificate), FilePath(.jpki, JPKIApplication.signAuthorityCertificate),
        FilePath(.jpki, JPKIApplication.signKey)
      )
    case .auth:
      (
        FilePath(.jpki, JPKIApplication.authCertificate), FilePath(.jpki, JPKIApplication.authAuthorityCertificate),
        FilePath(.jpki, JPKIApplication.authKey)
      )
    }
  }

  /// A card without a certificate still has the root that would have issued it.
  private func fillMissingRoots(_ image: inout CardImage) throws {
    let instant = Instant(unixSeconds: JapanInstant(startOf: resident.card.issued).unixSeconds)
    for (hierarchy, file) in [
      (Hierarchy.sign, JPKIApplication.signAuthorityCertificate), (.auth, JPKIApplication.authAuthorityCertificate),
    ] where image.data[path(file)] == nil {
      image.data[path(file)] = try RootAuthority(hierarchy, issuingAt: instant, name: issuing.authority).certificate.der
    }
  }
}
