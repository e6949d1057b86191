import CardKernel
import ISO7816

/// A generation of the card, as data: which applications it has. The card of 2028 will be another value of this type.
public struct CardGeneration: Sendable {
  /// Its name in resident files and images.
  public let name: String
  /// The applications, in the order in which SELECT by a partial name finds them (our choice: the order of installation).
  public let applications: [ApplicationDefinition]

  /// The plastic card as it has been issued since 2016.
  public static let plastic = CardGeneration(
    name: "plastic",
    applications: [
      CardManager.definition, CommonApplication.definition, ResidentRecordApplication.definition,
      VisualInspectionApplication.definition, TextInputApplication.definition, JPKIApplication.definition(),
    ])

  /// The plastic card with a driving licence on it (マイナ免許証).
  public static let licence = CardGeneration(
    name: "licence", applications: plastic.applications + [DrivingLicenceApplication.definition])

  /// A phone's secure element: the JPKI application alone, its authentication certificate behind the PIN.
  public static let phone = CardGeneration(
    name: "phone",
    applications: [CardManager.definition, JPKIApplication.definition(authCertificateNeedsPIN: true)])

  /// Every generation, by which a name is looked up.
  public static let all = [plastic, licence, phone]

  /// The generation of this name.
  public static func named(_ name: String) -> CardGeneration? { all.first { $0.name == name } }

  /// The application of this name.
  public func application(_ name: ApplicationName) -> ApplicationDefinition? {
    applications.first { $0.name == name }
  }
}
