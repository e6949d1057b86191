import CardKernel
import ISO7816

/// 運転免許AP of the マイナ免許証 (since 2025-03-24), as far as published. Facts: `Docs/CardModel.md`, "drivingLicence".
public enum DrivingLicenceApplication {
  /// IEF 0006, the licence's PIN.
  public static let pin: FileID = 0x0006
  /// EF 001A, whether a PIN has been set.
  public static let pinSetting: FileID = 0x001A
  /// EF 001B, the licence.
  public static let licence: FileID = 0x001B
  /// EF 001C, its signature.
  public static let signature: FileID = 0x001C

  /// What stands in the PIN file while nobody has set a PIN: `****`.
  public static let unsetPIN: [UInt8] = [0x2A, 0x2A, 0x2A, 0x2A]

  /// The file table. Who may read 001C is our choice: whoever may read what it signs.
  public static let definition = ApplicationDefinition(
    name: .drivingLicence,
    title: LocalizedText(japanese: "運転免許AP", english: "driving licence application"),
    id: "A0000002310600000000000000000000",
    files: [
      .pin(pin, "免許情報の暗証番号", "driving licence PIN", tries: 10, .digits(4), whenUnset: unsetPIN),
      .transparent(pinSetting, "暗証番号(PIN)設定", "whether the PIN is set", read: .always),
      .transparent(licence, "免許情報", "driving licence", read: .anyOf([pin])),
      .transparent(signature, "電子署名", "signature of the licence", read: .anyOf([pin])),
    ])
}
