import CardKernel
import ISO7816
import MyNumberCard

/// The names of files and keys that scripts use beside paths such as `jpki/000A`.
enum StoryNames {
  static let files: [(name: String, path: FilePath)] = [
    ("sign-certificate", FilePath(.jpki, JPKIApplication.signCertificate)),
    ("sign-authority", FilePath(.jpki, JPKIApplication.signAuthorityCertificate)),
    ("auth-certificate", FilePath(.jpki, JPKIApplication.authCertificate)),
    ("auth-authority", FilePath(.jpki, JPKIApplication.authAuthorityCertificate)),
    ("token", FilePath(.jpki, JPKIApplication.tokenInformation)),
    ("availability", FilePath(.jpki, JPKIApplication.certificateAvailability)),
    ("my-number", FilePath(.textInput, 0x0001)), ("attributes", FilePath(.textInput, 0x0002)),
    ("age", FilePath(.visualInspection, 0x0001)), ("face", FilePath(.visualInspection, 0x0002)),
    ("number-picture", FilePath(.visualInspection, 0x0005)),
  ]

  static let keys: [(name: String, path: FilePath)] = [
    ("sign", FilePath(.jpki, JPKIApplication.signKey)), ("auth", FilePath(.jpki, JPKIApplication.authKey)),
  ]

  static let certificates: [(name: String, path: FilePath)] = [
    ("sign", FilePath(.jpki, JPKIApplication.signCertificate)),
    ("auth", FilePath(.jpki, JPKIApplication.authCertificate)),
    ("sign-authority", FilePath(.jpki, JPKIApplication.signAuthorityCertificate)),
    ("auth-authority", FilePath(.jpki, JPKIApplication.authAuthorityCertificate)),
  ]

  /// The AIDs of the applications by name; those that this release can emulate.
  static let applications: [(name: ApplicationName, id: [UInt8])] = CardGeneration.all.flatMap(\.applications)
    .reduce(into: []) { list, definition in
      guard !list.contains(where: { $0.name == definition.name }), let id = [UInt8](hex: definition.id) else { return }
      list.append((definition.name, id))
    }

  static func id(of application: ApplicationName) -> [UInt8] {
    applications.first { $0.name == application }?.id ?? []
  }
}
