import CardKernel
import ISO7816

/// 券面事項入力補助AP: my number and the four attributes as text. Facts: `Docs/CardModel.md`, "textInput".
public enum TextInputApplication {
  /// IEF 0011, 券面事項入力補助用暗証番号.
  public static let pin: FileID = 0x0011
  /// IEF 0013, the application's own signing key.
  public static let signingKey: FileID = 0x0013
  /// IEF 0014, 照合番号A.
  public static let numberA: FileID = 0x0014
  /// IEF 0015, 照合番号B.
  public static let numberB: FileID = 0x0015
  /// EF 0006, the public key for SET SESSION KEY.
  public static let sessionPublicKey: FileID = 0x0006

  /// Allocated size of the attributes: our choice; the record must stay below it.
  public static let attributesSize = 512

  /// The file table.
  public static let definition = ApplicationDefinition(
    name: .textInput,
    title: LocalizedText(japanese: "券面事項入力補助AP", english: "text input application"),
    id: "D3921000310001010408",
    files: [
      .transparent(0x0001, "個人番号", "my number", read: .anyOf([pin, numberA])),
      .transparent(0x0002, "基本4情報", "the four attributes", size: attributesSize, read: .anyOf([pin, numberB])),
      .transparent(0x0003, "電子署名", "integrity record", read: .anyOf([pin, numberA, numberB])),
      .transparent(0x0004, "CV証明書", "card-verifiable certificate", read: .always),
      .transparent(0x0005, "AP基本情報", "basic information of the application", size: 256, read: .always),
      .transparent(
        sessionPublicKey, "セッション鍵用公開鍵", "public key for the session key", read: .anyOf([pin, numberA, numberB])),
      .transparent(0x0007, "署名鍵の公開鍵", "public half of the signing key", read: .anyOf([pin, numberA, numberB])),
      .transparent(0x0008, "未使用", "unused, sixteen FF", size: 16, read: .anyOf([pin, numberA, numberB])),
      .internalFile(0x0010, .unknownPIN(tries: 3)),
      .pin(
        pin, "券面事項入力補助用暗証番号", "text input PIN", tries: 3, .digits(4), changedBy: .changeReferenceData),
      .internalFile(0x0012, .unknownPIN(tries: 0)),
      .key(signingKey, "内部署名鍵", "internal signing key", rule: .always),
      .pin(numberA, "照合番号A", "reference number A (my number)", tries: 10, .digits(12)),
      .pin(numberB, "照合番号B", "reference number B", tries: 10, .digits(14)),
      .internalFile(0x001C, .unknownPIN(tries: 3)),
      .internalFile(0x001E),
    ],
    defaultKey: signingKey,
    sessionKey: .available(file: sessionPublicKey, pin: pin))
}
