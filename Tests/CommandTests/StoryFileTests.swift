import Foundation
import Testing

@Suite("Stories")
struct StoryFileTests {
  /// Of the processor, which does not grow when the machine has other things to do.
  private static let mostSeconds = 5.0

  @Test("all stories go as written, in less than five seconds")
  func play() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Stories")
    let stories = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".apdu") }
    #expect(stories.count >= 30)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    let paths = stories.sorted().map { folder.appendingPathComponent($0).path }
    process.arguments =
      ["-c", #""$0" play --quiet "$@"; code=$?; times; exit $code"#, SessionPlayer.binary.path] + paths
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(text)")
    // The last line: user and system time of what the shell has run, `0m1.230s 0m0.040s`.
    let times = text.split(separator: "\n").last?.split(separator: " ") ?? []
    let seconds = try times.map { time in
      let parts = time.dropLast().split(separator: "m").compactMap { Double($0) }
      try #require(parts.count == 2, "\(text)")
      return parts[0] * 60 + parts[1]
    }
    print("\(stories.count) stories in \(seconds) s")
    #expect(!seconds.isEmpty && seconds.reduce(0, +) < Self.mostSeconds, "\(text)")
  }
}
