import Foundation
import Trace

/// A part of a trace, as the control connection tells it: text of JSON lines, cut anywhere.
public struct TracePart: Codable, Sendable, Equatable {
  /// The text.
  public var text: String
  /// How many events were lost before it, because the client did not keep up.
  public var lost: Int
  /// Whether nothing follows.
  public var isLast: Bool
}

extension ControlConnection {
  /// So many characters fit into one message, whatever JSON makes of them.
  private static let longestText = 15_000
  private static let patience = 10_000
  /// Events of so short a time go together: to be woken for each would cost more than the trace itself.
  private static let pause = 0.01

  /// Tells the last events, and with `follow` every new one until the client says something or goes away. Secrets and
  /// personal data are masked here, unless `unmask` is asked for.
  func trace(_ request: ControlRequest) throws(ServiceFault) {
    let words = request.arguments ?? []
    let (follows, unmasks) = (words.contains("follow"), words.contains("unmask"))
    let slot = try request.slot.map { number throws(ServiceFault) in try service.find(number).number }
    let listener = try service.recorder.listen(slot: slot)
    defer { service.recorder.end(listener) }
    socket.setSendLimit(milliseconds: Self.patience)
    var isFirst = true
    repeat {
      if !isFirst { Thread.sleep(forTimeInterval: Self.pause) }
      isFirst = false
      let (events, lost) = listener.take()
      var bytes: [UInt8] = []
      for event in events {
        bytes += (try? TraceLine.utf8(unmasks ? event : event.masked)) ?? []
        bytes.append(UInt8(ascii: "\n"))
      }
      guard tell(String(decoding: bytes, as: UTF8.self)[...], lost: lost, isLast: !follows) else { return }
    } while follows && socket.waits(for: listener.bell)
  }

  private func tell(_ text: Substring, lost: Int, isLast: Bool) -> Bool {
    var (rest, lost) = (text.unicodeScalars[...], lost)
    repeat {
      let part = rest.prefix(Self.longestText)
      rest = rest.dropFirst(part.count)
      var answer = ControlAnswer()
      answer.trace = TracePart(text: String(part), lost: lost, isLast: isLast && rest.isEmpty)
      guard send(answer, waits: true) else { return false }
      lost = 0
    } while !rest.isEmpty
    return true
  }
}
