import Foundation
import Synchronization

/// A keypad that a file plays: one line for each time that somebody is asked.
///
///     1234          typed, and confirmed
///     cancel        the cancel key
///     timeout       nobody types (the time is not waited for)
///     wait 500      half a second goes by before the next line
///     # a comment
///
/// When the lines are used up, nobody types any more.
public final class ScriptedPINPad: PINPad {
  enum Line: Equatable {
    case entry(PINPadEntry)
    case wait(milliseconds: Int)
  }

  private static let largestFile = 64 << 10
  private static let longestWait = 40_000
  private let lines: Mutex<ArraySlice<Line>>

  /// Reads a script.
  public init(script: String) throws(ServiceFault) {
    var lines: [Line] = []
    for (index, line) in script.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
      let words = line.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)[0].split(separator: " ")
      guard let first = words.first else { continue }
      switch (first, words.count) {
      case ("cancel", 1): lines.append(.entry(.cancelled))
      case ("timeout", 1): lines.append(.entry(.timedOut))
      case ("wait", 2):
        guard let milliseconds = Int(words[1]), (0...Self.longestWait).contains(milliseconds) else {
          throw Self.fault(line, index, fix: "write: wait 500 (0 to \(Self.longestWait) milliseconds)")
        }
        lines.append(.wait(milliseconds: milliseconds))
      case ("wait", _): throw Self.fault(line, index, fix: "write: wait 500")
      case (let text, 1) where text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }):
        lines.append(.entry(.entered(Array(text.utf8))))
      default: throw Self.fault(line, index, fix: "write a PIN, cancel, timeout or wait 500 on a line of its own")
      }
    }
    self.lines = Mutex(lines[...])
  }

  /// Reads a file.
  public convenience init(file: String) throws(ServiceFault) {
    guard let data = FileManager.default.contents(atPath: file), data.count <= Self.largestFile else {
      throw ServiceFault(
        "the keypad's script cannot be read, or has more than \(Self.largestFile) bytes", at: file,
        fix: "name a text file: --pin-pad script:FILE", exitCode: 2)
    }
    try self.init(script: String(decoding: data, as: UTF8.self))
  }

  private static func fault(_ line: some StringProtocol, _ index: Int, fix: String) -> ServiceFault {
    ServiceFault("'\(line)' is no keypad's line", at: "line \(index + 1) of the keypad's script", fix: fix, exitCode: 2)
  }

  /// The next line.
  public func read(_ prompt: PINPadPrompt) -> PINPadEntry {
    while let line = lines.withLock({ $0.popFirst() }) {
      switch line {
      case .entry(let entry): return entry
      case .wait(let milliseconds): Thread.sleep(forTimeInterval: Double(milliseconds) / 1000)
      }
    }
    return .timedOut
  }

  /// Nothing waits long.
  public func abort() {}
}
