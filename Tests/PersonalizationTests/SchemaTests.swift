import CardRules
import Foundation
import Personalization
import Testing

/// `Docs/resident.schema.json` and the reader of resident files know the same keys and words.
@Suite("The schema of resident files")
struct SchemaTests {
  static var schema: [String: Any] {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Docs/resident.schema.json")
    let json = (try? Data(contentsOf: file)).flatMap { try? JSONSerialization.jsonObject(with: $0) }
    return json as? [String: Any] ?? [:]
  }

  /// The object schema at a path; `oneOf` and `anyOf` are looked through, `[]` means a list's entries.
  static func object(_ path: [String]) -> [String: Any]? {
    var node = schema
    for name in path {
      guard let next = (name == "[]" ? node["items"] : (node["properties"] as? [String: Any])?[name]) as? [String: Any]
      else { return nil }
      let choices = (next["oneOf"] ?? next["anyOf"]) as? [[String: Any]]
      node = choices?.first { $0["properties"] != nil } ?? next
    }
    return node
  }

  /// A file in which one mapping has a key that means nothing.
  static let places: [(path: [String], yaml: String)] = [
    ([], "zzzzzzzzzz: 1"),
    (["title"], "title:\n  zzzzzzzzzz: 1"),
    (["sees"], "sees:\n  zzzzzzzzzz: 1"),
    (["sees", "opensc"], "sees:\n  opensc:\n    zzzzzzzzzz: 1"),
    (["holder"], "holder:\n  zzzzzzzzzz: 1"),
    (["holder", "birth"], "holder:\n  birth:\n    zzzzzzzzzz: 1"),
    (["holder", "municipality"], "holder:\n  municipality:\n    zzzzzzzzzz: 1"),
    (["card"], full("card:\n  issued: today\n  zzzzzzzzzz: 1")),
    (["card", "licence"], full("card:\n  issued: today\n  licence:\n    zzzzzzzzzz: 1")),
    (["certificates"], full("card:\n  issued: today", "  zzzzzzzzzz: 1")),
    (["certificates", "sign"], full("card:\n  issued: today", "  sign:\n    zzzzzzzzzz: 1")),
    (
      ["certificates", "sign", "revoked"],
      full("card:\n  issued: today", "  sign:\n    revoked:\n      zzzzzzzzzz: 1")
    ),
    (["events", "[]"], full("card:\n  issued: today\nevents:\n  - zzzzzzzzzz: 1")),
    (["events", "[]", "before"], full("card:\n  issued: today\nevents:\n  - before:\n      zzzzzzzzzz: 1")),
    (["pins"], "pins:\n  zzzzzzzzzz: 1"),
    (["tries"], "tries:\n  zzzzzzzzzz: 1"),
  ]

  private static func full(_ rest: String, _ certificates: String = "  sign: none\n  auth: none") -> String {
    """
    format: 1
    holder:
      name: 見本　花子
      birth: 1990-09-10
      sex: female
      address: 架空町
      municipality: "23106"
    certificates:
    \(certificates)
    \(rest)
    """
  }

  static func faults(_ yaml: String) -> [ResidentFault] {
    do {
      _ = try ResidentFile.parse(yaml, file: "x.yaml", name: "x", today: GalleryTable.day)
      return []
    } catch {
      return error.faults
    }
  }

  @Test("has the keys that the reader knows", arguments: places.indices)
  func sameKeys(index: Int) throws {
    let (path, yaml) = Self.places[index]
    let object = try #require(Self.object(path), "the schema has no \(path)")
    let properties = try #require(object["properties"] as? [String: Any]).keys.sorted()
    let fault = try #require(Self.faults(yaml).first { $0.problem.contains("zzzzzzzzzz") }, "\(path)")
    let known = fault.fix.replacingOccurrences(of: "use one of: ", with: "").components(separatedBy: ", ")
    #expect(known == properties, "\(path)")
    #expect(object["additionalProperties"] as? Bool == false)
  }

  static let words: [(path: [String], key: String, yaml: String)] = [
    (["holder"], "sex", "holder:\n  sex: zz"), (["holder"], "residence", "holder:\n  residence: zz"),
    (["card"], "status", full("card:\n  issued: today\n  status: zz")),
    (["card"], "token", full("card:\n  issued: today\n  token: zz")),
    (["card"], "face", full("card:\n  issued: today\n  face: zz")),
    (["card"], "answerToResetIn", full("card:\n  issued: today\n  answerToResetIn: zz")),
    (["certificates", "sign"], "defect", full("card:\n  issued: today", "  sign:\n    defect: zz\n  auth: none")),
    (
      ["certificates", "sign", "revoked"], "reason",
      full("card:\n  issued: today", "  sign:\n    revoked:\n      reason: zz\n      since: today\n  auth: none")
    ),
    (["events", "[]"], "event", full("card:\n  issued: today\nevents:\n  - event: zz\n    day: today")),
  ]

  @Test("has the words that the reader knows", arguments: words.indices)
  func sameWords(index: Int) throws {
    let (path, key, yaml) = Self.words[index]
    let property = (Self.object(path)?["properties"] as? [String: Any])?[key] as? [String: Any]
    let words = try #require(property?["enum"] as? [String], "\(path) \(key)")
    let fault = try #require(Self.faults(yaml).first { $0.problem.contains("'zz'") }, "\(path) \(key)")
    let known = fault.fix.replacingOccurrences(of: "use one of: ", with: "").components(separatedBy: ", ")
    #expect(Set(known) == Set(words))
  }

  @Test("is named by every card of the gallery")
  func header() throws {
    for name in GalleryTable.gallery.names {
      let text = try String(contentsOf: try #require(GalleryTable.gallery.file(of: name)), encoding: .utf8)
      #expect(text.contains("\n# yaml-language-server: $schema=../Docs/resident.schema.json\n"), "\(name)")
      #expect(text.hasPrefix("# An invented resident; the form of this file: Docs/Residents.md\n"), "\(name)")
    }
  }
}
