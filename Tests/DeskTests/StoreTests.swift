import Foundation
import Testing

@testable import Desk

/// The folder of the class on disk.
@Suite struct StoreTests {
  /// A folder of its own, which is removed again.
  private static func inFolder(_ work: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("vmyna-store-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try work(folder.path)
  }

  private static func mode(_ path: String) throws -> Int? {
    (try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber)?.intValue
  }

  @Test func aClassThatIsThereAlreadyBelongsToOneDesk() throws {
    try Self.inFolder { folder in
      do { try DeskStore(folder: folder).set("a", "1") }
      let first = try DeskStore(folder: folder)
      #expect {
        _ = try DeskStore(folder: folder)
      } throws: { error in
        let fault = error as? DeskFault
        return fault?.what.contains("another desk uses this folder") == true && fault?.what.contains("窓口道場") == true
      }
      // The first is none the worse for it.
      try first.set("a", "2")
      #expect(try first.setting("a") == "2")
    }
  }

  @Test func aDeskThatHasEndedLeavesNoLock() throws {
    try Self.inFolder { folder in
      for number in 1...3 { try DeskStore(folder: folder).set("a", String(number)) }
      #expect(try DeskStore(folder: folder).setting("a") == "3")
    }
  }

  @Test func everyFileIsItsOwnersAlone() throws {
    try Self.inFolder { folder in
      // As an older class may lie there, for everybody to read.
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder)
      do { try DeskStore(folder: folder).set("a", "1") }
      try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: folder + "/class.sqlite")
      let before = umask(0o022)
      defer { umask(before) }
      let store = try DeskStore(folder: folder)
      try store.set("a", "2")
      let names = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(names.contains("class.sqlite-wal"))
      for name in names { #expect(try Self.mode("\(folder)/\(name)") == 0o600, "\(name)") }
      #expect(try Self.mode(folder) == 0o700)
      try store.removeEverybody()
    }
  }

  @Test func aFolderThatHoldsOtherThingsKeepsItsMode() throws {
    try Self.inFolder { folder in
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder)
      try Data("x".utf8).write(to: URL(fileURLWithPath: folder + "/notes.txt"))
      let store = try DeskStore(folder: folder)
      try store.set("a", "1")
      #expect(try Self.mode(folder) == 0o755)
      #expect(try Self.mode(folder + "/class.sqlite-wal") == 0o600)
    }
  }
}
