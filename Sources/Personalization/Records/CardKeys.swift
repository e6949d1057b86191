import Authority
import Cryptography
import ISO7816

extension RSAPublicKey {
  /// The key as the card's records carry it: exponent (tag 90) and modulus (tag 91) inside an object of this tag.
  func object(tag: UInt32) -> BERTLV { BERTLV(tag: tag, value: CardVerifiableCertificate.keyObjects(self)) }
}

/// Chains of card-verifiable certificates. They are the same for every card, so they are worked out once.
enum RecordChains {
  private static let visual = Result { try CardVerifiableAuthority(.visualInspection) }
  private static let text = Result { try CardVerifiableAuthority(.textInput) }
  private static let terminalChain = Result { try CardVerifiableAuthority(.terminal) }
  private static let manager = Result { try CardManagerChain() }

  /// Certifies the keys that sign the records of 券面事項確認AP.
  static var visualInspection: CardVerifiableAuthority { get throws { try visual.get() } }
  /// Certifies the keys that sign the records of 券面事項入力補助AP.
  static var textInput: CardVerifiableAuthority { get throws { try text.get() } }
  /// Certifies terminals.
  static var terminal: CardVerifiableAuthority { get throws { try terminalChain.get() } }
  /// What the card manager shows.
  static var cardManager: CardManagerChain { get throws { try manager.get() } }
}
