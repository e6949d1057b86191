import CardImage
import CardModel
import Foundation

/// What the targets need of the repository, and a place for their files.
enum Repository {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  static let fixture = root.appending(path: "Tests/Fixtures/format-1")
  static let image = Result { try CardImage.load(from: fixture.appendingPathComponent("image")) }
  static let cardModel = Result {
    ModelDocument(try String(contentsOf: root.appending(path: "Docs/CardModel.md"), encoding: .utf8))
  }

  /// A new folder of this process, in memory where the machine has such a place; gone when the process ends.
  static func workFolder() throws -> URL {
    _ = tidiesAtExit
    let folder = URL(fileURLWithPath: processFolder).appendingPathComponent(String(UUID().uuidString.prefix(8)))
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder
  }

  private static let processFolder: String = {
    let isInMemory = FileManager.default.fileExists(atPath: "/dev/shm")
    let base = isInMemory ? "/dev/shm" : FileManager.default.temporaryDirectory.path
    return "\(base)/vmyna-fuzz-\(ProcessInfo.processInfo.processIdentifier)"
  }()

  private static let tidiesAtExit: Void = {
    atexit { try? FileManager.default.removeItem(atPath: Repository.processFolder) }
  }()
}
