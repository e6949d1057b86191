import CardService
import Foundation
import Synchronization
import Trace

/// Writes a trace to a file while it happens: JSON lines, or a capture when the name ends in `.pcap`.
final class TraceFile: Sendable {
  private let file: FileHandle
  private let isCapture: Bool
  private let isUnmasked: Bool

  /// Makes the file, readable by its owner alone.
  init(_ path: String, isUnmasked: Bool, isCapture: Bool? = nil) throws(UserError) {
    self.isUnmasked = isUnmasked
    self.isCapture = isCapture ?? path.hasSuffix(".pcap")
    guard FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600]),
      let file = FileHandle(forWritingAtPath: path)
    else {
      throw UserError(
        "the trace cannot be written", at: path, fix: "name a file in a folder that is there and that you may write to",
        exitCode: 3)
    }
    self.file = file
    if self.isCapture { try? file.write(contentsOf: Data(TraceCapture.header)) }
  }

  /// Writes events.
  /// - Returns: `false` when the disk does not take them.
  func write(_ events: [TraceEvent]) -> Bool {
    var bytes: [UInt8] = []
    for event in events {
      let event = isUnmasked ? event : event.masked
      if isCapture {
        bytes += TraceCapture.packet(event)
      } else if (try? TraceLine.write(event, to: &bytes)) != nil {
        bytes.append(UInt8(ascii: "\n"))
      }
    }
    return (try? file.write(contentsOf: Data(bytes))) != nil
  }

  /// Reads a trace of JSON lines. A last line without its end is what a kill left; it is told, not an error.
  static func read(_ path: String) throws(UserError) -> (events: [TraceEvent], isCutOff: Bool) {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw UserError(
        "there is no such trace", at: path,
        fix: "name a file made by 'vmyna run --trace' or 'vmyna trace --json', or a token")
    }
    var events: [TraceEvent] = []
    // Of bytes, not of characters: a carriage return and a line feed are one character.
    let lines = data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (index, raw) in lines.enumerated() {
      let line = raw.last == UInt8(ascii: "\r") ? raw.dropLast() : raw
      guard !line.isEmpty else { continue }
      do {
        events.append(try line.withUnsafeBytes { try TraceLine.decode(utf8: $0) })
      } catch {
        if index == lines.count - 1 { return (events, true) }
        throw UserError(
          "this is no line of a trace", at: "\(path):\(index + 1)",
          fix: "remove the line, or record again with 'vmyna run --trace FILE'", exitCode: 1)
      }
    }
    return (events, false)
  }
}

/// A thread that writes what a recorder hears to a file.
final class TraceWriter: Sendable {
  private let recorder: TraceRecorder
  private let listener: TraceListener
  private let file: TraceFile
  private let isEnding = Atomic<Bool>(false)
  private let ended = DispatchSemaphore(value: 0)
  private let outcome = Mutex(Outcome())
  private static let patience: Int32 = 200
  private static let pause = 0.02

  /// What the file lacks.
  struct Outcome {
    /// Events that came too fast.
    var lost = 0
    /// Whether the disk took everything.
    var isWhole = true
  }

  init(_ recorder: TraceRecorder, to file: TraceFile) throws(ServiceFault) {
    self.recorder = recorder
    self.file = file
    listener = try recorder.listen()
    Thread.detachNewThread { [self] in
      repeat {
        // Many at once: to be woken for each would cost the card's thread more than the trace itself.
        if listener.wait(milliseconds: Self.patience), !isEnding.load(ordering: .acquiring) {
          Thread.sleep(forTimeInterval: Self.pause)
        }
      } while writeWhatIsThere()
      recorder.end(listener)
      ended.signal()
    }
  }

  /// - Returns: whether there may be more.
  private func writeWhatIsThere() -> Bool {
    let isLast = isEnding.load(ordering: .acquiring)
    repeat {
      let (events, lost) = listener.take()
      let isWritten = file.write(events)
      outcome.withLock { outcome in
        outcome.lost += lost
        outcome.isWhole = isWritten
      }
      guard isWritten else { return false }
    } while isLast && listener.wait(milliseconds: 0)
    return !isLast
  }

  /// Writes what is left.
  func finish() -> Outcome {
    isEnding.store(true, ordering: .releasing)
    ended.wait()
    return outcome.withLock { $0 }
  }
}
