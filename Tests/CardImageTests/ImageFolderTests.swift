import Foundation
import Testing

@testable import CardImage

@Suite("Image folders")
struct ImageFolderTests {
  @Test("What is written is what is loaded")
  func roundTrip() throws {
    let folder = try TemporaryFolder()
    let place = folder.file("card")
    try Sample.image.write(to: place)
    #expect(CardImage.exists(at: place))
    #expect(try CardImage.load(from: place) == Sample.image)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["card"], "no temporary folder stays")
  }

  @Test("An image appears in an empty folder, never over another thing")
  func noOverwriting() throws {
    let folder = try TemporaryFolder()
    let place = folder.file("card")
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: false)
    try Sample.image.write(to: place)
    #expect(throws: ImageFault.self) { try Sample.image.write(to: place) }
    #expect(try CardImage.load(from: place) == Sample.image)
    let file = folder.file("file")
    try Data("x".utf8).write(to: file)
    #expect(throws: ImageFault.self) { try Sample.image.write(to: file) }
    #expect(try Data(contentsOf: file) == Data("x".utf8))
  }

  @Test(
    "Every fault has its file and its fix",
    arguments: [
      ("jpki/0017.pem", "no key", "0017.pem"), ("jpki/note.txt", "x", "note.txt"), ("jpki/00.der", "x", "00.der"),
      ("jpki/0001-0.bin", "x", "0001-0.bin"), ("jpki/0001-255.bin", "x", "0001-255.bin"),
      ("jpki/0001-x.bin", "x", "0001-x.bin"),
      ("jpki/0001-1-1.bin", "x", "0001-1-1.bin"), ("card.json", "", "card.json"), ("card.json", "{", "card.json"),
      ("card.json", "{\"format\":1}", "card.json"), ("card.json", "{\"format\":99}", "card.json"),
      ("card.json", "{\"format\":0}", "card.json"), ("card.json", "[]", "card.json"),
    ])
  func faults(name: String, content: String, named: String) throws {
    let folder = try TemporaryFolder()
    let place = folder.file("card")
    try Sample.image.write(to: place)
    try Data(content.utf8).write(to: place.appendingPathComponent(name))
    let fault = #expect(throws: ImageFault.self) { try CardImage.load(from: place) }
    #expect(fault?.location.hasSuffix(named) == true)
    #expect(fault?.fix.isEmpty == false)
  }

  @Test("No folder, a folder without a manifest, a file that is a pipe: a fault, and no waiting")
  func noImage() throws {
    let folder = try TemporaryFolder()
    #expect(!CardImage.exists(at: folder.url))
    #expect(throws: ImageFault.self) { try CardImage.load(from: folder.url) }
    #expect(throws: ImageFault.self) { try CardImage.load(from: folder.file("none")) }
    let place = folder.file("card")
    try Sample.image.write(to: place)
    let pipe = place.appendingPathComponent("jpki/0002.der")
    #expect(mkfifo(pipe.path, 0o600) == 0)
    #expect(throws: ImageFault.self) { try CardImage.load(from: place) }
  }

  @Test("A file that is too long is refused before it is read")
  func tooLong() throws {
    let folder = try TemporaryFolder()
    let place = folder.file("card")
    try Sample.image.write(to: place)
    try Data(count: (1 << 20) + 1).write(to: place.appendingPathComponent("jpki/0002.der"))
    let fault = #expect(throws: ImageFault.self) { try CardImage.load(from: place) }
    #expect(fault?.location.hasSuffix("0002.der") == true)
  }

  @Test("The image of format 1 that is kept loads and makes a card")
  func fixture() throws {
    let image = try CardImage.load(from: Sample.fixtures.appendingPathComponent("image"))
    #expect(image.manifest.name == "fresh-adult")
    #expect(image.manifest.format == 1)
    #expect(image.data[Sample.path("jpki/000A")]?.count == 1607)
    let card = try image.makeCard(location: "fixture")
    #expect(card.pin(Sample.signPIN)?.triesLeft == 5)
  }

  @Test("Contents that make no card are faults with a place")
  func impossibleContents() throws {
    func expectFault(_ change: (inout CardImage) -> Void) {
      var image = Sample.image
      change(&image)
      let fault = #expect(throws: ImageFault.self) { try image.makeCard(location: "place") }
      #expect(fault?.location.hasPrefix("place") == true)
    }
    expectFault { $0.manifest.generation = "wooden" }
    expectFault { $0.manifest.personality = "Z9" }
    expectFault { $0.manifest.choices = ["colour": "red"] }
    expectFault { $0.manifest.pins["jpki/0018"] = .init(value: "12345") }
    expectFault { $0.manifest.pins["jpki/0018"] = .init(value: "1234", triesLeft: 4) }
    expectFault { $0.manifest.pins["jpki/0018"] = .init(value: "1234", triesLeft: -1) }
    expectFault { $0.manifest.pins["nowhere"] = .init(value: "1234") }
    expectFault { $0.manifest.pins["jpki/0001"] = .init(value: "1234") }
    expectFault { $0.manifest.dataObjects = ["cardManager": ["XX": "00"]] }
    expectFault { $0.manifest.dataObjects = ["cardManager": ["00F0": "0"]] }
    expectFault { $0.manifest.terminalAuthorities = ["jpki/0016": "zz"] }
    expectFault { $0.data[Sample.path("jpki/0001")] = [UInt8](repeating: 0, count: 3073) }
    expectFault { $0.data[Sample.path("jpki/0018")] = [1] }
    expectFault { $0.keys[Sample.path("jpki/0001")] = [1] }
    expectFault { $0.records[Sample.path("jpki/0001")] = [[1]] }
  }
}
