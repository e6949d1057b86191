import Testing

@testable import CardService

/// The driver protocol from the client's side.
@Suite struct LinkFrameTests {
  @Test(
    arguments: [
      ([0x85, 7, 0, 0, 0x90, 0x00], .final(.done, [0x90, 0x00])), ([0x85, 7, 1, 0], .final(.noCard, [])),
      ([0x85, 7, 2, 0], .final(.mute, [])), ([0xFF, 7, 0, 0, 0, 0, 1, 0], .moreTime(256)),
      ([0x85, 8, 0, 0], .violation), ([0x84, 7, 0, 0], .violation), ([0x85, 7, 4, 0], .violation),
      ([0x85, 7, 0, 1], .violation), ([0xFF, 7, 0, 0, 0, 0, 1], .violation), ([0xFF, 7, 1, 0, 0, 0, 1, 0], .violation),
      ([0x85, 7, 0], .violation), ([], .violation),
    ] as [([UInt8], LinkFrame.Reply)])
  func reply(_ message: [UInt8], _ reply: LinkFrame.Reply) {
    #expect(LinkFrame.decodeReply(message, to: .transmit, sequence: 7) == reply)
  }

  @Test func events() throws {
    for isInserted in [true, false] {
      let message = LinkFrame.event(inserted: isInserted, slot: 3, counter: 0xDEAD_BEEF)
      let event = try #require(LinkFrame.decodeEvent(message, slot: 3))
      #expect(event.isInserted == isInserted)
      #expect(event.counter == 0xDEAD_BEEF)
      #expect(LinkFrame.decodeEvent(message, slot: 2) == nil)
      #expect(LinkFrame.decodeEvent(message.dropLast(), slot: 3) == nil)
      #expect(LinkFrame.decodeEvent(message + [0], slot: 3) == nil)
    }
    #expect(LinkFrame.decodeEvent([3, 0, 0, 0, 0, 0, 0, 0], slot: 0) == nil)
    #expect(LinkFrame.decodeEvent([1, 0, 1, 0, 0, 0, 0, 0], slot: 0) == nil)
  }

  @Test func hello() {
    #expect(LinkFrame.hello(.commands, slot: 5) == Array("VMYN".utf8) + [1, 1, 0, 5])
    #expect(LinkFrame.Hello(LinkFrame.hello(.events, slot: 0))?.role == 1)
  }
}
