import Foundation
import Testing

/// Whole terminal sessions: every `Sessions/*.session` is run line by line and compared with what stands there.
///
/// A session is commands (`$ vmyna …`), each followed by its output, standard output before standard error, and by
/// `[exit N]` when N is not 0. Lines that begin with `//` are remarks. `$ file NAME` writes the lines up to `$ end` into
/// NAME in the session's own folder. `VMYNA_UPDATE_SESSIONS=1` writes the outputs anew: the diff is for review.
@Suite("Terminal sessions")
struct SessionTests {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Sessions")

  static let names: [String] = {
    let files = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
    return (files ?? []).filter { $0.hasSuffix(".session") }.sorted()
  }()

  @Test("outputs are as written", arguments: names)
  func session(name: String) throws {
    let url = Self.folder.appendingPathComponent(name)
    let written = try String(contentsOf: url, encoding: .utf8)
    let played = try SessionPlayer().play(written)
    if ProcessInfo.processInfo.environment["VMYNA_UPDATE_SESSIONS"] == "1" {
      try played.write(to: url, atomically: true, encoding: .utf8)
      return
    }
    let differing = zip(written.split(separator: "\n"), played.split(separator: "\n")).first { $0 != $1 }
    #expect(
      written == played,
      "\(name): written \(differing?.0 ?? "(length)"), played \(differing?.1 ?? "(length)")")
  }

  @Test("there are sessions")
  func present() { #expect(!Self.names.isEmpty) }
}

/// Plays one session in a folder of its own.
struct SessionPlayer {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("vmyna-\(UUID().uuidString)")

  func play(_ text: String) throws -> String {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    var output: [String] = []
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)[...]
    while let line = lines.popFirst() {
      if line.hasPrefix("//") { output.append(line) }
      guard line.hasPrefix("$ ") else { continue }
      output.append(line)
      let words = line.dropFirst(2).split(separator: " ").map(String.init)
      switch words.first {
      case "file":
        var content: [String] = []
        while let next = lines.popFirst() {
          output.append(next)
          if next == "$ end" { break }
          content.append(next)
        }
        let file = folder.appendingPathComponent(words.dropFirst().joined())
        try (content.joined(separator: "\n") + "\n").write(to: file, atomically: true, encoding: .utf8)
      case "vmyna":
        output += try run(Array(words.dropFirst()))
      default:
        Issue.record("a session runs vmyna only: \(line)")
      }
    }
    return output.joined(separator: "\n") + "\n"
  }

  private func run(_ arguments: [String]) throws -> [String] {
    let process = Process()
    process.executableURL = Self.binary
    process.arguments = arguments
    process.currentDirectoryURL = folder
    // The registry of whoever runs the tests is none of their business.
    process.environment = ProcessInfo.processInfo.environment.merging(
      ["VMYNA_HOME": folder.appendingPathComponent(".home").path]
    ) { $1 }
    let standardOutput = folder.appendingPathComponent(".stdout")
    let standardError = folder.appendingPathComponent(".stderr")
    for file in [standardOutput, standardError] { try Data().write(to: file) }
    process.standardOutput = try FileHandle(forWritingTo: standardOutput)
    process.standardError = try FileHandle(forWritingTo: standardError)
    try process.run()
    process.waitUntilExit()
    var text = try String(contentsOf: standardOutput, encoding: .utf8)
    text += try String(contentsOf: standardError, encoding: .utf8)
    if process.terminationStatus != 0 { text += "[exit \(process.terminationStatus)]\n" }
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if lines.last == "" { lines.removeLast() }
    return lines
  }

  /// The command that was built beside this test bundle.
  static var binary: URL {
    let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") } ?? CommandLine.arguments[0]
    return URL(fileURLWithPath: bundle).deletingLastPathComponent().appendingPathComponent("vmyna")
  }
}
