/// What has to be known of a card to tell what a program met with it.
public struct CoverageCard: Sendable, Hashable {
  /// Its name.
  public var name: String
  /// The name of its ``MyNumberCard/CardGeneration``.
  public var generation: String
  /// 署名用電子証明書.
  public var sign: Certificate
  /// 利用者証明用電子証明書.
  public var auth: Certificate

  /// How a certificate of the card is.
  public enum Certificate: Sendable, Hashable {
    /// There is none.
    case absent
    /// Nothing is wrong with it.
    case good
    /// Its time is over.
    case expired
    /// The registry does not call it good any more.
    case revoked
  }

  /// A card.
  public init(name: String, generation: String, sign: Certificate, auth: Certificate) {
    self.name = name
    self.generation = generation
    self.sign = sign
    self.auth = auth
  }
}
