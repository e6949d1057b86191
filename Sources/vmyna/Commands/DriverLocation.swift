import Glibc
import PrivatePCSC

/// Where the reader driver stands: beside this program in a build, or in the folders of an installation.
enum DriverLocation {
  static let fileName = "libifdvmyna.so"

  static func find() throws -> String {
    if let chosen = getenv("VMYNA_DRIVER") { return String(cString: chosen) }
    let folder = ProgramFile.folder.path
    let places = [
      "\(folder)/\(fileName)", "\(folder)/../lib/vmyna/\(fileName)", "/usr/local/lib/vmyna/\(fileName)",
      "/usr/lib/vmyna/\(fileName)", "/usr/lib/pcsc/drivers/serial/\(fileName)",
    ]
    if let place = places.first(where: { access($0, R_OK) == 0 }) { return place }
    throw WorldError(
      "the reader driver \(fileName) is missing", at: "looked in \(places.joined(separator: ", "))",
      fix: "build it (make build), or name its path in VMYNA_DRIVER")
  }
}
