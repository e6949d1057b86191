import Cryptography

/// The chain of card-verifiable certificates that the card manager shows: a root certifies an upper key (data object 00F8) and that
/// one a lower key (data object 7F21, which cards of the first years do not have). Their key identifiers end in A8, as measured
/// at power-on level; which keys the two are nobody has published, so the numbers after the root's are our choice.
public struct CardManagerChain: Sendable {
  /// The identifier of the root's key.
  public let root: KeyIdentifier
  /// The root's key.
  public let rootKey: RSAPrivateKey
  /// 00F8: the root's word on the upper key.
  public let upper: CardVerifiableCertificate
  /// 7F21: the upper key's word on the lower one.
  public let lower: CardVerifiableCertificate

  private static let tail: [UInt8] = [0, 0, 0, 0xA8]

  /// The identifier of a key at power-on level.
  private static func identifier(_ number: String) throws -> KeyIdentifier {
    try KeyIdentifier(bytes: try KeyIdentifier(number: number).bytes.prefix(12) + tail)
  }

  /// The chain: it is one for all cards.
  public init() throws {
    root = try Self.identifier("6000020")
    rootKey = try KeyPool.key(seed: 0, label: "card verifiable root")
    let upperKey = try KeyPool.key(seed: 0, label: "card verifiable upper")
    let lowerKey = try KeyPool.key(seed: 0, label: "card verifiable lower")
    upper = try CardVerifiableCertificate(
      issuer: root, subject: try Self.identifier("6000021"), publicKey: upperKey.publicKey, signedWith: rootKey)
    lower = try CardVerifiableCertificate(
      issuer: upper.subject, subject: try Self.identifier("6000022"), publicKey: lowerKey.publicKey,
      signedWith: upperKey)
  }
}

extension CardVerifiableCertificate {
  /// The two objects inside the 7F21 template, without its header: 563 bytes.
  public var inside: [UInt8] { Array(bytes.dropFirst(5)) }
}
