import CardKernel
import ISO7816

/// 住基AP: what a municipality's terminal needs. Facts: `Docs/CardModel.md`, "residentRecord".
public enum ResidentRecordApplication {
  /// IEF 001C, 住民基本台帳用暗証番号.
  public static let pin: FileID = 0x001C

  /// The file table. The resident record code itself sits behind terminal keys and is not emulated.
  public static let definition = ApplicationDefinition(
    name: .residentRecord,
    title: LocalizedText(japanese: "住基AP", english: "resident record application"),
    id: "D3921000310001010401",
    files: [
      .records(0x0002, "鍵識別情報", "key reference"),
      .pin(pin, "住民基本台帳用暗証番号", "resident record PIN", tries: 3, .digits(4), changedBy: .changeKey),
    ])
}
