import CardHost
import CardImage
import CardKernel
import Cryptography
import Foundation
import MyNumberCard

/// The variables that tell a command under test what it has (`vmyna run`, `vmyna show --env`).
struct CardEnvironment {
  private let image: CardImage
  /// What stands behind each name: nothing for the first card, `_2`, `_3` … for later ones.
  private let suffix: String

  /// - Parameter number: 1 for the first card.
  init(_ image: CardImage, number: Int = 1) {
    self.image = image
    suffix = number == 1 ? "" : "_\(number)"
  }

  private static let pins: [(variable: String, pin: PINName)] = [
    ("VMYNA_SIGN_PIN", .sign), ("VMYNA_AUTH_PIN", .auth), ("VMYNA_TEXT_INPUT_PIN", .textInput),
    ("VMYNA_RESIDENT_RECORD_PIN", .residentRecord), ("VMYNA_NUMBER_A", .numberA), ("VMYNA_NUMBER_B", .numberB),
  ]

  /// The variables, in their fixed order.
  /// - Parameters:
  ///   - reader: the reader's PC/SC name, where there is one.
  ///   - roots: the PEM files of the two roots, where they have been written.
  func variables(reader: String? = nil, roots: Roots? = nil) -> [(name: String, value: String)] {
    let holder = image.manifest.holder
    var variables = [("VMYNA_CARD", image.manifest.name)]
    if let reader { variables.append(("VMYNA_READER", reader)) }
    for (variable, pin) in Self.pins {
      // A PIN that nobody has set has no variable.
      if let entry = image.manifest.pins[pin.path.description] { variables.append((variable, entry.value)) }
    }
    variables += [
      ("VMYNA_NAME", holder.name), ("VMYNA_ADDRESS", holder.address), ("VMYNA_BIRTH", holder.birth),
      ("VMYNA_SEX", holder.sex),
    ]
    if let roots { variables += [("VMYNA_ROOT_SIGN", roots.sign), ("VMYNA_ROOT_AUTH", roots.auth)] }
    return variables.map { ($0.0 + suffix, $0.1) }
  }

  /// The PEM files of the two roots.
  struct Roots {
    let sign: String
    let auth: String
  }

  /// Writes the roots that stand above the card's certificates.
  func writeRoots(into folder: URL) throws -> Roots {
    func write(_ file: FilePath, _ name: String) throws -> String {
      let url = folder.appendingPathComponent("root-\(name)\(suffix).pem")
      let der = image.data[file] ?? []
      do {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(PEM.encode(der, label: "CERTIFICATE").utf8).write(to: url)
      } catch {
        throw UserError(
          "the root certificate cannot be written", at: url.path, fix: "make room on the disk", exitCode: 3)
      }
      return url.path
    }
    return Roots(
      sign: try write(FilePath(.jpki, JPKIApplication.signAuthorityCertificate), "sign"),
      auth: try write(FilePath(.jpki, JPKIApplication.authAuthorityCertificate), "auth"))
  }
}
