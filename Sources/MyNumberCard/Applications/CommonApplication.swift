import CardKernel
import ISO7816

/// 共通カードAP: what identifies the card. Facts: `Docs/CardModel.md`, "common".
public enum CommonApplication {
  /// IEF 0019, the key of INTERNAL AUTHENTICATE.
  public static let authenticationKey: FileID = 0x0019
  /// IEF 001C, the PIN of the common application.
  public static let pin: FileID = 0x001C

  /// The file table.
  public static let definition = ApplicationDefinition(
    name: .common,
    title: LocalizedText(japanese: "共通カードAP", english: "common application"),
    id: "D3921000310001010100",
    files: [
      .records(0x0001, "カード識別情報", "card identifier"),
      .records(0x0002, "鍵識別情報", "key reference"),
      .key(authenticationKey, "内部認証鍵", "internal authentication key", rule: .always, use: .internalAuthentication),
      .pin(pin, "個人番号カード用暗証番号", "card PIN", tries: 3, .digits(4), changedBy: .changeKey),
      .internalFile(0x001E),
    ],
    sessionKey: .refused(.noSessionKey))
}
