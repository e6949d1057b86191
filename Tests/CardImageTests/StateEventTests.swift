import CardKernel
import Testing

@testable import CardImage

@Suite("State events")
struct StateEventTests {
  static let changes: [CardChange] = [
    .triesLeft(Sample.authPIN, 0), .triesLeft(Sample.signPIN, 5),
    .pin(Sample.authPIN, value: Array("1234".utf8), triesLeft: 3),
    .pin(Sample.authPIN, value: nil, triesLeft: 0), .pin(Sample.authPIN, value: [], triesLeft: 1),
    .contents(Sample.path("jpki/0001"), [0x30, 0x82]), .contents(Sample.path("jpki/0001"), []),
    .records(Sample.path("common/0001"), [[1], [], [2, 3]]), .records(Sample.path("common/0001"), []),
    .records(Sample.path("common/0001"), [[]]), .key(Sample.path("jpki/001A"), [0, 255]),
    .key(Sample.path("jpki/001A"), []),
  ]

  @Test("A line says what its event says", arguments: changes)
  func roundTrip(change: CardChange) {
    let event = StateEvent(
      number: 12, time: 1_795_334_400_123, cause: "VERIFY", changes: [change, .triesLeft(Sample.signPIN, 1)])
    #expect(StateEvent(line: event.line) == event)
  }

  @Test("The line of the documentation")
  func line() {
    let event = StateEvent(
      number: 1, time: 1_795_374_005_725, cause: "VERIFY", changes: [.triesLeft(Sample.authPIN, 2)])
    #expect(event.line == "1 1795374005725 VERIFY tries:jpki/0018:2 =9586EE09")
  }

  @Test("A line with any byte changed, left out or added is none")
  func damage() {
    let line = Array(StateEvent(number: 3, time: 4, cause: "set", changes: [.triesLeft(Sample.authPIN, 2)]).line.utf8)
    for position in line.indices {
      for value in [line[position] ^ 1, line[position] ^ 0x80, UInt8(ascii: " "), UInt8(ascii: "0")]
      where value != line[position] {
        var other = line
        other[position] = value
        #expect(StateEvent(line: String(decoding: other, as: UTF8.self)) == nil)
      }
      #expect(StateEvent(line: String(decoding: line[..<position], as: UTF8.self)) == nil)
      var shorter = line
      shorter.remove(at: position)
      #expect(StateEvent(line: String(decoding: shorter, as: UTF8.self)) == nil)
    }
    for text in ["", "=", " =", "1 2 3 4", " =00000000"] { #expect(StateEvent(line: text) == nil) }
  }
}
