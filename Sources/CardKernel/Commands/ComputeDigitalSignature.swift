import ISO7816

/// COMPUTE DIGITAL SIGNATURE (`80 2A`). Facts: `Docs/CardModel.md`, "COMPUTE DIGITAL SIGNATURE".
///
/// | P1 | scheme                                                              | data          |
/// |----|---------------------------------------------------------------------|---------------|
/// | 00 | EMSA-PKCS1-v1_5 around the bytes as given; nobody looks inside       | 1…245, else 6700 |
/// | 01 | SHA-256 on the card, the bare hash padded                            | any           |
/// | 02 | a SHA-256 hash given, the card adds the DigestInfo                   | 32, else 6985 (a choice) |
/// | 03 | SHA-256 on the card, with DigestInfo                                 | any           |
/// | 04 | RSASSA-PSS over a SHA-256 hash given                                 | 32, else 6985 |
/// | 05 | RSASSA-PSS, SHA-256 on the card                                      | any           |
/// | other | 6A86                                                             |               |
///
/// | P2       | key                                                                |
/// |----------|--------------------------------------------------------------------|
/// | 00       | the application's default key; 6A86 where there is none            |
/// | 80       | the current EF                                                     |
/// | 80 + sfi | the EF with that short identifier                                  |
struct ComputeDigitalSignature: CardCommand {
  private enum Scheme: UInt8 {
    case bareBlock = 0, hashedBare, digestGiven, hashedDigest, digestPSS, hashedPSS
  }

  private enum Key {
    case applicationDefault
    case file(FileReference)
  }

  private let scheme: Scheme
  private let key: Key
  private let data: [UInt8]

  /// RSA-2048: 256 bytes less the eleven of the padding.
  private static let longestBlock = 245
  private static let hashLength = 32
  /// `DigestInfo` up to the hash, for SHA-256 (RFC 8017, 9.2, note 1).
  static let digestInfoPrefix: [UInt8] = [
    0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20,
  ]

  init(_ apdu: CommandAPDU) throws(StatusWord) {
    guard let scheme = Scheme(rawValue: apdu.p1) else { throw .incorrectParameters }
    self.scheme = scheme
    key = apdu.p2 == 0x00 ? .applicationDefault : .file(try FileReference(p2: apdu.p2))
    data = apdu.data
    switch scheme {
    case .bareBlock:
      guard (1...Self.longestBlock).contains(data.count) else { throw .wrongLength }
    case .digestGiven, .digestPSS:
      break  // which answer a wrong length gets, the card's choices say
    case .hashedBare, .hashedDigest, .hashedPSS:
      guard !data.isEmpty else { throw .wrongLength }
    }
  }

  func run(on card: inout Card, with effects: inout some CardEffects) throws(StatusWord) -> ResponseAPDU {
    if scheme == .digestGiven || scheme == .digestPSS {
      guard data.count == Self.hashLength else { throw card.choices.hashLengthAnswer }
    }
    let index = try find(on: &card)
    guard case .key(let key) = card.file(at: index).content else { throw .incompatibleFileStructure }
    guard key.use == .signature else { throw .conditionsOfUseNotSatisfied }
    let terminalMay = key.isOpenToTerminals && card.session.terminal == .authenticated
    guard terminalMay || card.permits(key.rule) else { throw .securityStatusNotSatisfied }
    // A card that never had this certificate has no key either.
    guard !key.material.isEmpty else { throw .conditionsOfUseNotSatisfied }
    let handle = KeyHandle(path: card.path(ofFileAt: index), material: key.material)
    do throws(EffectFailure) {
      let signature = try sign(with: handle, saltLength: card.choices.pssSaltLength, &effects)
      if card.choices.signatureUsesPIN, case .anyOf(let pins) = key.rule {
        for pin in pins { card.session.verified.revoke(pin) }
      }
      return ResponseAPDU(data: signature)
    } catch {
      throw .noPreciseDiagnosis
    }
  }

  private func find(on card: inout Card) throws(StatusWord) -> Int {
    switch key {
    case .file(let reference):
      return try card.select(reference)
    case .applicationDefault:
      guard let id = card.currentApplication.defaultKey, let index = card.currentApplication.index(of: id) else {
        throw .incorrectParameters
      }
      return index
    }
  }

  private func sign(
    with key: KeyHandle, saltLength: Int, _ effects: inout some CardEffects
  ) throws(EffectFailure) -> [UInt8] {
    switch scheme {
    case .bareBlock: try effects.signPKCS1(data, with: key)
    case .hashedBare: try effects.signPKCS1(effects.sha256(data), with: key)
    case .digestGiven: try effects.signPKCS1(Self.digestInfoPrefix + data, with: key)
    case .hashedDigest: try effects.signPKCS1(Self.digestInfoPrefix + effects.sha256(data), with: key)
    case .digestPSS: try effects.signPSS(hash: data, saltLength: saltLength, with: key)
    case .hashedPSS: try effects.signPSS(hash: effects.sha256(data), saltLength: saltLength, with: key)
    }
  }
}
