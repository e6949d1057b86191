import Cryptography
import Foundation
import Synchronization

/// JPEG 2000 in a JP2 container (ISO/IEC 15444-1, Annex I), made by OpenJPEG's `opj_compress`.
enum JPEG2000Encoder {
  private static let program = "opj_compress"
  /// How many times smaller than one byte a pixel: the pictures come to two kilobytes and a half.
  private static let ratio = 18

  /// What has been encoded in this process: many tests mint the same people again and again.
  private static let known = Mutex<[[UInt8]: [UInt8]]>([:])
  private static let knownMax = 256

  /// The file of a picture.
  static func encode(_ picture: Picture) throws(FaceFault) -> [UInt8] {
    let source = Array("P5\n\(picture.width) \(picture.height)\n255\n".utf8) + picture.pixels
    let key = SHA256.digest(source)
    if let found = known.withLock({ $0[key] }) { return found }
    let result = try run(on: source)
    known.withLock {
      if $0.count >= knownMax { $0.removeAll() }
      $0[key] = result
    }
    return result
  }

  private static func run(on source: [UInt8]) throws(FaceFault) -> [UInt8] {
    guard let executable = ToolSearch.executable(program) else {
      throw FaceFault(
        "the program that encodes photographs is missing", at: program, fix: "apt-get install libopenjp2-tools")
    }
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("vmyna-face-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    do {
      try FileManager.default.createDirectory(
        at: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
      let input = folder.appendingPathComponent("face.pgm")
      let output = folder.appendingPathComponent("face.jp2")
      try Data(source).write(to: input)
      let words = ["-i", input.path, "-o", output.path, "-r", "\(ratio)", "-threads", "1"]
      let code = ChildProcess.run(executable.path, words)
      let result = try Data(contentsOf: output)
      guard code == 0, result.starts(with: signatureBox) else { throw Failure() }
      return [UInt8](result)
    } catch {
      throw FaceFault(
        "the photograph could not be encoded", at: executable.path,
        fix:
          "check that \(folder.deletingLastPathComponent().path) is writable and the disk has room; else apt-get install --reinstall libopenjp2-tools"
      )
    }
  }

  private struct Failure: Error {}

  /// The first box of every JP2 file.
  private static let signatureBox: [UInt8] = [0, 0, 0, 12, 0x6A, 0x50, 0x20, 0x20, 0x0D, 0x0A, 0x87, 0x0A]
}

/// Where programs are found.
enum ToolSearch {
  /// The program of this name on the PATH, or where Debian puts programs.
  static func executable(_ name: String) -> URL? {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    return (path.split(separator: ":").map(String.init) + ["/usr/bin", "/usr/local/bin"])
      .map { URL(fileURLWithPath: $0, isDirectory: true).appendingPathComponent(name) }
      .first { FileManager.default.isExecutableFile(atPath: $0.path) }
  }
}
