import CardHost
import CardImage
import CardKernel
import Foundation
import MyNumberCard
import Testing

/// `vmyna check` of an image: what does not belong together is found, each with its file.
@Suite("Image check") struct ImageCheckTests {
  private static let image: CardImage? = try? CardImage.load(
    from: URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Fixtures/format-1/image"))

  private static let sign = FilePath(.jpki, JPKIApplication.signCertificate)
  private static let auth = FilePath(.jpki, JPKIApplication.authCertificate)
  private static let authRoot = FilePath(.jpki, JPKIApplication.authAuthorityCertificate)
  private static let authKey = FilePath(.jpki, JPKIApplication.authKey)
  private static let signKey = FilePath(.jpki, JPKIApplication.signKey)
  private static let availability = FilePath(.jpki, JPKIApplication.certificateAvailability)

  struct Damage: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let change: @Sendable (inout CardImage) -> Void
    /// Parts of the faults, with the files that they name.
    let faults: [(problem: String, file: String)]
  }

  static let damages: [Damage] = [
    Damage(
      testDescription: "cut", change: { $0.data[auth] = $0.data[auth].map { Array($0.prefix(100)) } },
      faults: [("certificate cannot be read", "jpki/000A.der")]),
    Damage(
      testDescription: "swapped", change: { ($0.data[sign], $0.data[auth]) = ($0.data[auth], $0.data[sign]) },
      faults: [
        ("not issued by the authority", "jpki/0001.der"), ("not the private key", "jpki/001A.pem"),
        ("not issued by the authority", "jpki/000A.der"), ("not the private key", "jpki/0017.pem"),
      ]),
    Damage(
      testDescription: "no key", change: { $0.keys[authKey] = nil },
      faults: [("is missing", "jpki/0017.pem")]),
    Damage(
      testDescription: "another key", change: { $0.keys[authKey] = $0.keys[signKey] },
      faults: [("not the private key", "jpki/0017.pem")]),
    Damage(
      testDescription: "broken key", change: { $0.keys[authKey] = [0x30, 0x01] },
      faults: [("cannot be read", "jpki/0017.pem")]),
    Damage(
      testDescription: "no certificate", change: { $0.data[auth] = nil },
      faults: [("says that there is a", "jpki/0008.bin")]),
    Damage(
      testDescription: "said to be absent", change: { $0.data[availability] = [0x8F, 0x00, 0x00] },
      faults: [("says that there is no", "jpki/0008.bin")]),
    Damage(
      testDescription: "no root", change: { $0.data[authRoot] = nil },
      faults: [("is missing", "jpki/000B.der")]),
    Damage(
      testDescription: "two at once",
      change: {
        $0.keys[authKey] = nil; $0.data[sign]?.removeLast(500)
      },
      faults: [("cannot be read", "jpki/0001.der"), ("is missing", "jpki/0017.pem")]),
  ]

  @Test("what is damaged is found", arguments: damages)
  func damage(_ damage: Damage) throws {
    var image = try #require(Self.image)
    #expect(image.faults(location: "x").isEmpty, "\(image.faults(location: "x"))")
    damage.change(&image)
    let faults = image.faults(location: "x")
    #expect(faults.count == damage.faults.count, "\(faults)")
    for (fault, expected) in zip(faults, damage.faults) {
      #expect(fault.problem.contains(expected.problem) && fault.location == "x/" + expected.file, "\(fault)")
      #expect(!fault.fix.isEmpty)
    }
  }

  @Test("a key of the manifest that nobody reads")
  func unknownKeys() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("vmyna-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try #require(Self.image).write(to: folder)
    #expect(CardImage.unknownKeys(in: folder).isEmpty)
    let file = folder.appendingPathComponent(CardImage.manifestName)
    let text = try String(contentsOf: file, encoding: .utf8)
      .replacingOccurrences(of: "\"pins\" :", with: "\"pinsx\" : {}, \"story\" : null, \"pins\" :")
      .replacingOccurrences(of: "\"numberA\" :", with: "\"numberX\" : 1, \"numberA\" :")
    try text.write(to: file, atomically: true, encoding: .utf8)
    #expect(
      CardImage.unknownKeys(in: folder).map(\.problem) == [
        "'holder.numberX' means nothing in a manifest", "'pinsx' means nothing in a manifest",
      ])
  }
}
