import Cryptography
import Foundation
import Testing

@testable import Authority

/// A folder that goes with the test.
final class Scratch {
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("vmyna-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

  func write(_ bytes: [UInt8], _ name: String) throws -> String {
    try Data(bytes).write(to: folder.appendingPathComponent(name))
    return path(name)
  }

  func write(_ text: String, _ name: String) throws -> String { try write([UInt8](text.utf8), name) }
}

/// Runs the machine's openssl; both outputs together.
func openssl(_ arguments: String...) throws -> (status: Int32, output: String) {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
  process.arguments = ["openssl"] + arguments
  let pipe = Pipe()
  process.standardOutput = pipe
  process.standardError = pipe
  try process.run()
  let output = pipe.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  return (process.terminationStatus, String(decoding: output, as: UTF8.self))
}

/// Requests for invented people; the instant is the reference one of the fixtures.
enum Sample {
  static let now = Instant(year: 2026, month: 11, day: 20, hour: 1)
  static let notBefore = Instant(year: 2026, month: 6, day: 1, hour: 1, minute: 23, second: 45)
  static let notAfter = Instant(year: 2030, month: 9, day: 10, hour: 14, minute: 59, second: 59)

  static func holder(name: String = "見本　太郎", address: String = "愛知県名古屋市中区見本町三丁目１番１号") throws -> CertifiedHolder {
    try CertifiedHolder(
      name: name, address: address, birth: CertifiedHolder.birthDigits(year: 1990, month: 9, day: 10), sex: .male)
  }

  static func request(
    _ hierarchy: Hierarchy, seed: UInt64 = 1, holder: CertifiedHolder? = nil
  ) throws -> HolderCertificateRequest {
    try HolderCertificateRequest(
      hierarchy == .auth ? .auth : .sign(holder ?? self.holder()), municipality: Municipality(code: "23106"),
      requested: notBefore, notBefore: notBefore, notAfter: notAfter,
      publicKey: HolderCertificateRequest.key(hierarchy, seed: seed, issue: 0).publicKey, seed: seed)
  }
}
