import CardImage
import CardKernel
import Foundation

/// A folder that vanishes with its owner.
final class TemporaryFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent(
      "vmyna-test-\(UUID().uuidString)", isDirectory: true)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func file(_ name: String) -> URL { url.appendingPathComponent(name) }
}

enum Sample {
  static let authPIN = path("jpki/0018")
  static let signPIN = path("jpki/001B")
  static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Fixtures/format-1", isDirectory: true)

  static func path(_ text: String) -> FilePath {
    FilePath(text) ?? FilePath(ApplicationName(rawValue: "none"), 0)
  }

  /// A small image: two PINs, two files, two records, one key.
  static var image: CardImage {
    var manifest = Manifest(
      name: "sample", title: .init(ja: "見本", en: "sample"),
      minted: .init(at: "2026-11-20T10:00:00+09:00", seed: 7, keys: "seeded"), generation: "plastic", personality: "A1",
      holder: .init(
        name: "見本　太郎", address: "架空市", birth: "19900913", sex: "1", numberA: "123456789018", numberB: "02091320351234",
        cardEnd: "20350913"))
    manifest.pins = ["jpki/0018": .init(value: "1234"), "jpki/001B": .init(value: "ABC123", triesLeft: 4)]
    return CardImage(
      manifest: manifest,
      data: [path("jpki/000A"): [0x30, 0x82, 0x00, 0x01, 0x05], path("jpki/0008"): [0x8F, 0x8F, 0x00]],
      records: [path("common/0001"): [[1, 2, 3], [], [4]]], keys: [path("jpki/0017"): [0x30, 0x03, 0x02, 0x01, 0x00]])
  }
}
