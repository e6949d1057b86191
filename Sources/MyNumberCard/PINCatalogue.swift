import CardKernel
import ISO7816

/// The PINs and numbers of the card by the names that people, the command line and files use.
public enum PINName: String, CaseIterable, Sendable {
  /// 署名用電子証明書暗証番号.
  case sign
  /// 利用者証明用電子証明書暗証番号.
  case auth
  /// 券面事項入力補助用暗証番号.
  case textInput
  /// 住民基本台帳用暗証番号.
  case residentRecord
  /// 個人番号カード用暗証番号 of the common application.
  case common
  /// 照合番号A of the text application.
  case numberA
  /// 照合番号B of the text application.
  case numberB
  /// 照合番号A of the visual application, a counter of its own.
  case faceNumberA
  /// 照合番号B of the visual application, a counter of its own.
  case faceNumberB
  /// The birth date as a PIN.
  case birthDate

  /// The file that holds it.
  public var path: FilePath {
    switch self {
    case .sign: FilePath(.jpki, JPKIApplication.signPIN)
    case .auth: FilePath(.jpki, JPKIApplication.authPIN)
    case .textInput: FilePath(.textInput, TextInputApplication.pin)
    case .residentRecord: FilePath(.residentRecord, ResidentRecordApplication.pin)
    case .common: FilePath(.common, CommonApplication.pin)
    case .numberA: FilePath(.textInput, TextInputApplication.numberA)
    case .numberB: FilePath(.textInput, TextInputApplication.numberB)
    case .faceNumberA: FilePath(.visualInspection, VisualInspectionApplication.numberA)
    case .faceNumberB: FilePath(.visualInspection, VisualInspectionApplication.numberB)
    case .birthDate: FilePath(.visualInspection, VisualInspectionApplication.birthDatePIN)
    }
  }

  /// The other files that the ward office sets together with it: one number, several key objects.
  public var companions: [PINName] {
    switch self {
    case .residentRecord: [.common]
    case .numberA: [.faceNumberA]
    case .numberB: [.faceNumberB]
    default: []
    }
  }
}
