/// The card announced for 2028: what is known of it, as a place to put the rest. Nothing can be done with it yet: its
/// applications and commands are not public.
public enum NextGeneration {
  /// Its name in resident files and images.
  public static let name = "next"
  /// What task forces and press have told so far (likely, none of it sure).
  public static let announced = [
    (ja: "署名は384ビット曲線のECDSAとSHA-384", en: "signatures: ECDSA on a curve of 384 bits with SHA-384"),
    (ja: "証明書の有効期間は10年、更新は満了の1年前から", en: "certificates for 10 years, renewal from 1 year before the end"),
    (ja: "暗証番号は2つ、アプリケーションは2つ", en: "two PINs, two applications"),
    (ja: "券面に性別はない", en: "no sex on the face"),
  ]
  /// Why such a card cannot be used.
  public static let refusal =
    "the next card is announced for 2028 and its commands are not public, so this one is a placeholder"
}
