import ISO7816

/// INTERNAL AUTHENTICATE (`00 88 00 80+sfi`): RSASSA-PKCS1-v1_5 with SHA-256 over the challenge (1…255 bytes).
///
/// | file                                       | answer |
/// |--------------------------------------------|--------|
/// | the authentication key (common 0019)       | 256 bytes |
/// | a signing key behind a PIN                 | 6982   |
/// | a signing key that is free                 | 6985   |
/// | none with that identifier                  | 6A82   |
/// | no key                                     | 6981   |
struct InternalAuthenticate: CardCommand {
  private let reference: FileReference
  private let challenge: [UInt8]

  init(_ apdu: CommandAPDU) throws(StatusWord) {
    guard apdu.p1 == 0 else { throw .incorrectParameters }
    reference = try FileReference(p2: apdu.p2)
    guard (1...255).contains(apdu.data.count) else { throw .wrongLength }
    challenge = apdu.data
  }

  func run(on card: inout Card, with effects: inout some CardEffects) throws(StatusWord) -> ResponseAPDU {
    let index = try card.select(reference)
    guard case .key(let key) = card.file(at: index).content else { throw .incompatibleFileStructure }
    guard key.use == .internalAuthentication else {
      throw key.rule == .always ? .conditionsOfUseNotSatisfied : .securityStatusNotSatisfied
    }
    guard card.permits(key.rule) else { throw .securityStatusNotSatisfied }
    guard !key.material.isEmpty else { throw .conditionsOfUseNotSatisfied }
    let block = ComputeDigitalSignature.digestInfoPrefix + effects.sha256(challenge)
    let handle = KeyHandle(path: card.path(ofFileAt: index), material: key.material)
    do throws(EffectFailure) {
      return ResponseAPDU(data: try effects.signPKCS1(block, with: handle))
    } catch {
      throw .noPreciseDiagnosis
    }
  }
}
