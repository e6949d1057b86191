import CardKernel

extension ApplicationName {
  /// Card manager: the issuer security domain, current after power-up.
  public static let cardManager = ApplicationName(rawValue: "cardManager")
  /// 共通カードAP.
  public static let common = ApplicationName(rawValue: "common")
  /// 住基AP.
  public static let residentRecord = ApplicationName(rawValue: "residentRecord")
  /// 券面事項確認AP.
  public static let visualInspection = ApplicationName(rawValue: "visualInspection")
  /// 券面事項入力補助AP.
  public static let textInput = ApplicationName(rawValue: "textInput")
  /// 公的個人認証AP.
  public static let jpki = ApplicationName(rawValue: "jpki")
  /// 運転免許AP.
  public static let drivingLicence = ApplicationName(rawValue: "drivingLicence")
}
