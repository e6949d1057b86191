import CardKernel
import ISO7816

/// 券面事項確認AP: the card face as pictures, signed. Facts: `Docs/CardModel.md`, "visualInspection".
/// Mind the crossed numbering: here 0012 is B and 0013 is A; in the text application 0014 is A and 0015 is B.
public enum VisualInspectionApplication {
  /// IEF 0011, the birth date as a PIN (YYMMDD in the era's year).
  public static let birthDatePIN: FileID = 0x0011
  /// IEF 0012, 照合番号B.
  public static let numberB: FileID = 0x0012
  /// IEF 0013, 照合番号A.
  public static let numberA: FileID = 0x0013
  /// IEF 001A, the application's own signing key.
  public static let signingKey: FileID = 0x001A

  /// The file table.
  public static let definition = ApplicationDefinition(
    name: .visualInspection,
    title: LocalizedText(japanese: "券面事項確認AP", english: "visual inspection application"),
    id: "D3921000310001010402",
    files: [
      .transparent(0x0001, "生年月日", "age record", read: .anyOf([birthDatePIN])),
      .transparent(0x0002, "券面事項", "card face", read: .anyOf([numberA, numberB])),
      .transparent(0x0003, "AP基本情報", "basic information of the application", read: .always),
      .transparent(0x0004, "CV証明書", "card-verifiable certificate", read: .always),
      .transparent(0x0005, "個人番号（画像）", "my number as a picture", read: .anyOf([numberA])),
      .transparent(0x0006, "未使用", "unused, sixteen FF", size: 16, read: .anyOf([numberA, numberB])),
      .pin(birthDatePIN, "生年月日による照合", "birth date PIN", tries: 10, .digits(6)),
      .pin(numberB, "照合番号B", "reference number B", tries: 10, .digits(14)),
      .pin(numberA, "照合番号A", "reference number A (my number)", tries: 10, .digits(12)),
      .internalFile(0x0014),
      .internalFile(0x0015),
      .key(signingKey, "内部署名鍵", "internal signing key", rule: .always),
      .internalFile(0x001C),
      .internalFile(0x001E),
    ],
    defaultKey: signingKey,
    sessionKey: .refused(.noSessionKey))
}
