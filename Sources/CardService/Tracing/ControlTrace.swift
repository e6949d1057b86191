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

  /// Tells the last events, and with `follow` every new one until the client says something or goes away. Secrets and
  /// personal data are masked here, unless `unmask` is asked for.
  func trace(_ request: ControlRequest) throws(ServiceFault) {
    let words = request.arguments ?? []
    let (follows, unmasks) = (words.contains("follow"), words.contains("unmask"))
    let slot = try request.slot.map { number throws(ServiceFault) in try service.find(number).number }
    let listener = try service.recorder.listen(slot: slot)
    defer { service.recorder.end(listener) }
    socket.setSendLimit(milliseconds: Self.patience)
    repeat {
      let (events, lost) = listener.take()
      let text = events.map { event in
        ((try? TraceLine.encode(unmasks ? event : event.masked)) ?? "") + "\n"
      }.joined()
      guard tell(text[...], lost: lost, isLast: !follows) else { return }
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
