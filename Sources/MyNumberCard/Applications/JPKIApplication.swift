import CardKernel
import ISO7816

/// 公的個人認証AP: two key pairs with their certificates and PINs. Facts: `Docs/CardModel.md`, "jpki".
public enum JPKIApplication {
  /// EF 0001, 署名用電子証明書.
  public static let signCertificate: FileID = 0x0001
  /// EF 0002, the certificate of its authority.
  public static let signAuthorityCertificate: FileID = 0x0002
  /// EF 0006, token information.
  public static let tokenInformation: FileID = 0x0006
  /// EF 0008, which certificates there are.
  public static let certificateAvailability: FileID = 0x0008
  /// EF 000A, 利用者証明用電子証明書.
  public static let authCertificate: FileID = 0x000A
  /// EF 000B, the certificate of its authority.
  public static let authAuthorityCertificate: FileID = 0x000B
  /// IEF 0016, the authority whose terminal certificates `80 A2` accepts.
  public static let terminalAuthority: FileID = 0x0016
  /// IEF 0017, 利用者証明用秘密鍵.
  public static let authKey: FileID = 0x0017
  /// IEF 0018, 利用者証明用暗証番号.
  public static let authPIN: FileID = 0x0018
  /// IEF 001A, 署名用秘密鍵.
  public static let signKey: FileID = 0x001A
  /// IEF 001B, 署名用暗証番号.
  public static let signPIN: FileID = 0x001B

  /// Allocated sizes: our choice; longer than any certificate, so that readers of whole blocks meet filler.
  public static let signCertificateSize = 3072
  /// As ``signCertificateSize``, for the three others.
  public static let certificateSize = 2048

  /// The file table. On a phone the authentication certificate, too, waits for its PIN.
  public static func definition(authCertificateNeedsPIN: Bool = false) -> ApplicationDefinition {
    ApplicationDefinition(
      name: .jpki,
      title: LocalizedText(japanese: "公的個人認証AP", english: "JPKI application"),
      id: "D392F000260100000001",
      files: [
        .transparent(
          signCertificate, "署名用電子証明書", "signature certificate", size: signCertificateSize,
          read: .anyOf([signPIN])),
        .transparent(
          signAuthorityCertificate, "署名用認証局証明書", "certificate of the signature CA", size: certificateSize,
          read: .always),
        .transparent(0x0005, "用途不明", "file of unknown purpose", size: 16, read: .never),
        .transparent(tokenInformation, "トークン情報", "token information", read: .always),
        .transparent(certificateAvailability, "証明書の有無", "which certificates are present", read: .always),
        .transparent(0x0009, "用途不明", "file of unknown purpose", size: 16, read: .never),
        .transparent(
          authCertificate, "利用者証明用電子証明書", "authentication certificate", size: certificateSize,
          read: authCertificateNeedsPIN ? .anyOf([authPIN]) : .always),
        .transparent(
          authAuthorityCertificate, "利用者証明用認証局証明書", "certificate of the authentication CA",
          size: certificateSize, read: .always),
        .internalFile(0x0010, .unknownPIN(tries: 3)),
        .internalFile(terminalAuthority, .terminalAuthority),
        .key(
          authKey, "利用者証明用秘密鍵", "authentication private key", rule: .anyOf([authPIN]),
          isOpenToTerminals: true),
        .pin(
          authPIN, "利用者証明用電子証明書暗証番号", "authentication PIN", tries: 3, .digits(4),
          changedBy: .changeReferenceData),
        .internalFile(0x0019),
        .key(signKey, "署名用秘密鍵", "signature private key", rule: .anyOf([signPIN])),
        .pin(
          signPIN, "署名用電子証明書暗証番号", "signature password", tries: 5, .lettersAndDigits(6...16),
          changedBy: .changeReferenceData),
        .internalFile(0x001C, .unknownPIN(tries: 3)),
        .internalFile(0x001E),
      ])
  }
}
