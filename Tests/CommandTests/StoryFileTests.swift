import Foundation
import Testing

@Suite("Stories")
struct StoryFileTests {
  @Test("all stories go as written, in less than five seconds")
  func play() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Stories")
    let stories = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".apdu") }
    let process = Process()
    process.executableURL = SessionPlayer.binary
    process.arguments = ["play", "--quiet"] + stories.sorted().map { folder.appendingPathComponent($0).path }
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    let clock = ContinuousClock()
    let start = clock.now
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(text)")
    print("\(stories.count) stories in \(clock.now - start)")
    #expect(clock.now - start < .seconds(5))
  }
}
