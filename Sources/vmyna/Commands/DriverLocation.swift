import Glibc
import PrivatePCSC

/// Where the reader driver stands: beside this program in a build, or in the folders of an installation.
enum DriverLocation {
  static let fileName = "libifdvmyna.so"

  static func find() throws -> String {
    if let chosen = getenv("VMYNA_DRIVER") { return String(cString: chosen) }
    let folder = programFolder()
    let places = [
      "\(folder)/\(fileName)", "\(folder)/../lib/vmyna/\(fileName)", "/usr/local/lib/vmyna/\(fileName)",
      "/usr/lib/vmyna/\(fileName)", "/usr/lib/pcsc/drivers/serial/\(fileName)",
    ]
    if let place = places.first(where: { access($0, R_OK) == 0 }) { return place }
    throw WorldError(
      "the reader driver \(fileName) is missing", at: "looked in \(places.joined(separator: ", "))",
      fix: "build it (make build), or name its path in VMYNA_DRIVER")
  }

  private static func programFolder() -> String {
    var path = [CChar](repeating: 0, count: Int(PATH_MAX))
    let length = readlink("/proc/self/exe", &path, path.count - 1)
    guard length > 0 else { return "." }
    let text = String(decoding: path[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return text.lastIndex(of: "/").map { String(text[..<$0]) } ?? "."
  }
}
