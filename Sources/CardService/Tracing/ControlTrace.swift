import Foundation
import Trace

extension ControlConnection {
  /// So many bytes fit into one message, and a client takes them without waiting for another one.
  private static let longestText = 60_000
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
    var text: [UInt8] = []
    repeat {
      if !isFirst { Thread.sleep(forTimeInterval: Self.pause) }
      isFirst = false
      let (events, lost) = listener.take()
      text.removeAll(keepingCapacity: true)
      for event in events {
        try? TraceLine.write(unmasks ? event : event.masked, to: &text, quoted: true)
        text += TracePart.quotedLineFeed
      }
      guard tell(text[...], lost: lost, isLast: !follows) else { return }
    } while follows && socket.waits(for: listener.bell)
  }

  private func tell(_ text: ArraySlice<UInt8>, lost: Int, isLast: Bool) -> Bool {
    var (rest, lost) = (text, lost)
    repeat {
      var part = rest.prefix(Self.longestText)
      // Not in the middle of a character (of those behind its first byte, the two highest bits are 10) or of an escape.
      while part.endIndex < rest.endIndex, part.count > Self.longestText / 2,
        rest[part.endIndex] & 0xC0 == 0x80 || part.last == UInt8(ascii: "\\")
      { part = part.dropLast() }
      rest = rest[part.endIndex...]
      let message = TracePart.message(quoted: part, lost: lost, isLast: isLast && rest.isEmpty)
      guard socket.send(message, waits: true) else { return false }
      lost = 0
    } while !rest.isEmpty
    return true
  }
}
