import CardHost
import CardImage
import CardService
import Foundation
import ISO7816

/// What comes over sockets, without the sockets.
enum ServiceFuzz {
  private static let service = Result { () throws -> CardService in
    let folder = try Repository.workFolder()
    return try CardService(path: folder.appendingPathComponent("socket").path, slots: 2, readerName: { "reader \($0)" })
    {
      card, _ throws(ServiceFault) in
      guard card == "card" else { throw ServiceFault("no such card", at: card, fix: "name 'card'", exitCode: 2) }
      do {
        return try CardHost(image: try Repository.image.get(), location: "fixture")
      } catch {
        throw ServiceFault("\(error)", at: card, fix: "mend the fixture")
      }
    }
  }

  /// A service with a new card in its first slot.
  private static func freshService() throws -> CardService {
    let service = try service.get()
    for slot in 0..<2 { _ = try? service.handle(ControlRequest("eject", slot: slot)) }
    try service.insert("card", slot: 0)
    // A keypad whose lines are soon used up: then nobody types.
    service.slots[0].attach(try ScriptedPINPad(script: "1234\n1234\ncancel\nABC123\n"))
    return service
  }

  static func link(_ bytes: [UInt8]) throws {
    let service = try freshService()
    var input = FuzzInput(bytes)
    let slot = service.slots[Int(input.byte() & 1)]
    for _ in 0..<32 where !input.isEmpty {
      let message = input.block()
      _ = LinkFrame.decodeEvent(message, slot: 0)
      if message.count > 1 {
        for kind in 1...6 {
          guard let kind = LinkFrame.Kind(rawValue: UInt8(kind)) else { continue }
          _ = LinkFrame.decodeReply(message, to: kind, sequence: message[1])
        }
      }
      guard let answer = CommandConnection.answer(to: message, in: slot) else { continue }
      guard answer.count >= 4, answer[0] == message[0] | 0x80, answer[1] == message[1], answer[2] <= 3, answer[3] == 0,
        answer.count <= LinkFrame.longestMessage
      else { throw FuzzFinding("\(message.hexString): \(answer.hexString)") }
    }
  }

  static func control(_ bytes: [UInt8]) throws {
    let service = try freshService()
    for line in bytes.split(separator: UInt8(ascii: "\n")).prefix(16) {
      guard let request = try? JSONDecoder().decode(ControlRequest.self, from: Data(line)) else { continue }
      let answer: ControlAnswer
      do { answer = try service.handle(request) } catch {
        guard !error.problem.isEmpty, !error.fix.isEmpty else { throw FuzzFinding("an error without words: \(error)") }
        answer = ControlAnswer(error: error)
      }
      guard (try? JSONEncoder().encode(answer)) != nil else { throw FuzzFinding("an answer that cannot be sent") }
    }
    for slot in service.status {
      for pin in slot.pins where !(0...pin.triesMax).contains(pin.triesLeft) {
        throw FuzzFinding("\(pin.name) has \(pin.triesLeft) of \(pin.triesMax) tries")
      }
    }
  }

  static func vpcd(_ bytes: [UInt8]) throws {
    // Whole, and in pieces of a length that the first byte tells: the messages are the same.
    var whole = VPCDDecoder()
    whole.feed(bytes)
    var expected: [VPCDMessage] = []
    while let message = whole.next() { expected.append(message) }
    var pieces = VPCDDecoder()
    var received: [VPCDMessage] = []
    let length = max(1, Int(bytes.first ?? 1))
    for start in stride(from: 0, to: bytes.count, by: length) {
      pieces.feed(bytes[start..<min(start + length, bytes.count)])
      while let message = pieces.next() { received.append(message) }
    }
    guard received == expected, pieces.isInside == whole.isInside else { throw FuzzFinding("pieces make a difference") }
    _ = try? VPCDAddress(String(decoding: bytes.prefix(80), as: UTF8.self))
  }
}
