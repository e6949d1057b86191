import ISO7816

/// SET PUBLIC IC KEY (`80 A2`): a terminal presents its card-verifiable certificate, body first, then signature.
/// Facts and the choice where they end: `Docs/CardModel.md`, "Terminal authentication".
///
/// | P1P2  | data                                                           | answer                        |
/// |-------|----------------------------------------------------------------|-------------------------------|
/// | 06 C1 | `7F21 82 0233 5F4E 82 0129` and 297 bytes                       | 9000                          |
/// | 00 C1 | `5F37 82 0100` and the signature, after the body                | 9000 when the authority made it |
/// | same  | another tag or length                                           | 6700                          |
/// | same  | a signature that nobody announced or the authority did not make | 6985                          |
/// | other |                                                                | 6A86                          |
///
/// The current EF must be the authority's key (0016 in the JPKI application).
struct SetPublicICKey: CardCommand {
  private enum Part {
    case body([UInt8])
    case signature([UInt8])
  }

  private let part: Part

  private static let bodyHeader: [UInt8] = [0x7F, 0x21, 0x82, 0x02, 0x33, 0x5F, 0x4E, 0x82, 0x01, 0x29]
  private static let signatureHeader: [UInt8] = [0x5F, 0x37, 0x82, 0x01, 0x00]

  init(_ apdu: CommandAPDU) throws(StatusWord) {
    let header: [UInt8]
    let length: Int
    switch (apdu.p1, apdu.p2) {
    case (0x06, 0xC1): (header, length) = (Self.bodyHeader, CardVerifiableBody.length)
    case (0x00, 0xC1): (header, length) = (Self.signatureHeader, PublicKey.modulusLength)
    default: throw .incorrectParameters
    }
    guard apdu.data.count == header.count + length, apdu.data.starts(with: header) else { throw .wrongLength }
    let value = Array(apdu.data.dropFirst(header.count))
    part = apdu.p1 == 0x06 ? .body(value) : .signature(value)
  }

  func run(on card: inout Card, with effects: inout some CardEffects) throws(StatusWord) -> ResponseAPDU {
    let index = try card.select(.current)
    guard case .terminalAuthority(let authority) = card.file(at: index).content else {
      throw .incompatibleFileStructure
    }
    switch part {
    case .body(let body):
      card.session.terminal = .announced(body: body)
    case .signature(let signature):
      guard case .announced(let body) = card.session.terminal else { throw .conditionsOfUseNotSatisfied }
      card.session.terminal = .unknown
      guard let key = CardVerifiableBody.publicKey(in: body),
        effects.verifyPKCS1(signature, over: body, with: authority.key)
      else { throw .conditionsOfUseNotSatisfied }
      card.session.terminal = .certified(key)
    }
    return .success
  }
}

/// EXTERNAL AUTHENTICATE (`00 82 00 00`): the terminal whose certificate was accepted signs the card's last challenge
/// (RSASSA-PKCS1-v1_5, SHA-256). A choice: no public source says what follows SET PUBLIC IC KEY. Without an accepted
/// certificate it is what a holder meets on a real card, the security check: 6982.
struct ExternalAuthenticate: CardCommand {
  private let signature: [UInt8]

  init(_ apdu: CommandAPDU) throws(StatusWord) {
    guard apdu.p1 == 0, apdu.p2 == 0 else { throw .incorrectParameters }
    signature = apdu.data
  }

  func run(on card: inout Card, with effects: inout some CardEffects) throws(StatusWord) -> ResponseAPDU {
    let challenge = card.session.challenge
    card.session.challenge = nil
    guard case .certified(let key) = card.session.terminal else { throw .securityStatusNotSatisfied }
    guard signature.count == PublicKey.modulusLength else { throw .wrongLength }
    guard let challenge else { throw .conditionsOfUseNotSatisfied }
    guard effects.verifyPKCS1(signature, over: challenge, with: key) else { throw .securityStatusNotSatisfied }
    card.session.terminal = .authenticated
    return .success
  }
}

/// The body of a card-verifiable certificate: issuer key identifier (16), subject key identifier (16),
/// `90 03 010001 91 82 0100` and the modulus.
enum CardVerifiableBody {
  static let length = 297
  private static let keyHeader: [UInt8] = [0x90, 0x03, 0x01, 0x00, 0x01, 0x91, 0x82, 0x01, 0x00]
  private static let identifiersLength = 32

  static func publicKey(in body: [UInt8]) -> PublicKey? {
    guard body.count == length else { return nil }
    let key = body.dropFirst(identifiersLength)
    guard key.starts(with: keyHeader) else { return nil }
    return PublicKey(modulus: Array(key.dropFirst(keyHeader.count)))
  }
}
