import Foundation
import Testing

@testable import CardService

@Suite("The driver's connections")
struct LinkTests {
  @Test(
    "Hellos that are none",
    arguments: [
      [], [0x56], Array("VMYN".utf8), Array("VMYX".utf8) + [1, 1, 0, 0], Array("VMYN".utf8) + [2, 1, 0, 0],
      Array("VMYN".utf8) + [1, 1, 0], Array("VMYN".utf8) + [1, 1, 0, 0, 0],
    ] as [[UInt8]])
  func badHello(bytes: [UInt8]) { #expect(LinkFrame.Hello(bytes) == nil) }

  @Test(
    "The version of both is chosen",
    arguments: [(0, 0, false), (0, 1, true), (1, 1, true), (1, 255, true), (2, 255, false)])
  func versions(low: UInt8, high: UInt8, speaks: Bool) throws {
    let hello = try #require(LinkFrame.Hello(Array("VMYN".utf8) + [low, high, 0, 0]))
    #expect(hello.speaksOurVersion == speaks)
  }

  @Test("Power, exchange, reset, and no power")
  func exchange() throws {
    let test = try TestService()
    let (link, status) = try test.connect(.commands)
    #expect(status == 0)
    #expect(link.ask(.transmit, [0, 0x84, 0, 0, 8])?.status == 2)
    #expect(link.ask(.presence)?.payload == [1])
    #expect(link.ask(.powerOn)?.payload.first == 0x3B)
    #expect(link.ask(.transmit, [0, 0x84, 0, 0, 8])?.payload.count == 10)
    #expect(link.ask(.reset)?.payload.first == 0x3B)
    #expect(link.ask(.powerOff)?.status == 0)
    #expect(link.ask(.transmit, [0, 0x84, 0, 0, 8])?.status == 2)
    #expect(link.ask(.reset)?.status == 0)
    #expect(link.ask(.transmit, [0, 0x84, 0, 0, 8])?.payload.count == 10)
  }

  @Test("Requests that are wrong are answered so, and the connection stays")
  func badRequests() throws {
    let test = try TestService()
    let link = try test.connect(.commands).link
    #expect(link.ask(.powerOn, [1])?.status == 3)
    #expect(link.ask(.presence, [1])?.status == 3)
    #expect(link.ask(.transmit)?.status == 3)
    #expect(link.ask(.transmit, [UInt8](repeating: 0, count: 65_549))?.status == 3)
    #expect(link.ask(.control, [0, 0, 0, 1])?.status == 3)
    for (kind, reserved) in [(0, 0), (7, 0), (255, 0), (1, 1)] as [(UInt8, UInt8)] {
      link.socket.send([kind, 9, reserved, 0])
      #expect(link.socket.receive(limit: 100) == [kind | 0x80, 9, 3, 0])
    }
    #expect(link.ask(.powerOn)?.status == 0)
    #expect(link.ask(.transmit, [UInt8](repeating: 0, count: 65_548))?.payload == [0x67, 0x00])
  }

  @Test("Messages that are no messages end the connection, and the card loses its power", arguments: [1, 3, 65_557])
  func brokenMessages(length: Int) throws {
    let test = try TestService()
    let link = try test.connect(.commands).link
    _ = link.ask(.powerOn)
    link.socket.send([UInt8](repeating: 1, count: length))
    #expect(link.socket.receive(limit: 100) == nil)
    #expect(try waitFor { test.service.slots[0].card?.status.isPowered == false })
  }

  @Test("One command connection a slot; a new one finds the slot free, and keeps its power", arguments: 0..<3)
  func oneConnection(round: Int) throws {
    let test = try TestService()
    var link: Link? = try test.connect(.commands).link
    #expect(try test.connect(.commands).status == 3)
    #expect(try test.connect(.commands, slot: 1).status == 2)
    for _ in 0..<50 {
      _ = link?.ask(.powerOn)
      link = nil
      var status: UInt8 = 3
      while status == 3 { (link, status) = try test.connect(.commands) }
      #expect(link?.ask(.powerOn)?.status == 0)
      #expect(link?.ask(.transmit, [0, 0x84, 0, 0, 8])?.status == 0)
    }
  }

  @Test("Events: the present state first, then every change in order")
  func events() throws {
    let test = try TestService()
    let link = try test.connect(.events).link
    #expect(try test.connect(.events).status == 3)
    let first = try #require(link.event())
    #expect(first.kind == 1)
    for change in 1...20 {
      if change % 2 == 1 {
        #expect(test.service.slots[0].eject() != nil)
      } else {
        try test.service.insert("card", slot: 0)
      }
      let event = try #require(link.event())
      #expect(event.kind == (change % 2 == 1 ? 2 : 1))
      #expect(event.counter == first.counter &+ UInt32(change))
    }
    link.socket.send([1])
    #expect(link.event() == nil)
    #expect(try waitFor { (try? test.connect(.events).status) == 0 })
  }

  @Test("A card that is taken out: no card, and the new one has no power")
  func removed() throws {
    let test = try TestService()
    let link = try test.connect(.commands).link
    _ = link.ask(.powerOn)
    _ = test.service.slots[0].eject()
    #expect(link.ask(.transmit, [0, 0x84, 0, 0, 8])?.status == 1)
    #expect(link.ask(.powerOn)?.status == 1)
    #expect(link.ask(.powerOff)?.status == 0)
    #expect(link.ask(.presence)?.payload == [0])
    try test.service.insert("card", slot: 0)
    #expect(link.ask(.transmit, [0, 0x84, 0, 0, 8])?.status == 2)
  }

  @Test("A silent delay lets go of the slot when its driver goes; the command is still carried out")
  func goneDuringDelay() throws {
    let test = try TestService()
    var link: Link? = try test.connect(.commands).link
    _ = link?.ask(.powerOn)
    try ControlClient(path: test.path).order(["delay 30s silently"])
    link?.socket.send([LinkFrame.Kind.transmit.rawValue, 1, 0, 0, 0, 0x84, 0, 0, 8])
    #expect(try test.connect(.commands).status == 3)
    let start = ContinuousClock.now
    link = nil
    #expect(try waitFor { try test.connect(.commands).status == 0 })
    #expect(ContinuousClock.now - start < .seconds(2))
    let trace = try ControlClient(path: test.path).ask(ControlRequest("trace")).trace
    #expect(trace?.text.contains("0084") == true, "\(trace?.text ?? "")")
  }

  @Test("A keypad is put down when its driver goes")
  func goneDuringEntry() throws {
    let test = try TestService()
    let pad = RemotePINPad()
    test.service.slots[0].attach(pad)
    var link: Link? = try test.connect(.commands).link
    _ = link?.ask(.powerOn)
    let verify = PINPadStructureTests.verify(timeOut: 60, [0, 0x20, 0, 0x80])
    link?.socket.send([LinkFrame.Kind.control.rawValue, 1, 0, 0, 0x42, 0x33, 0, 0x06] + verify)
    // Never less than the driver waits without being asked.
    let message = try #require(link?.socket.receive(limit: 100))
    guard case .moreTime(let time) = LinkFrame.decodeReply(message, to: .control, sequence: 1) else {
      Issue.record("no time is asked for")
      return
    }
    #expect(time >= 5_000)
    #expect(pad.pending != nil)
    link = nil
    #expect(try waitFor { pad.pending == nil })
    #expect(try waitFor { try test.connect(.commands).status == 0 })
  }

  @Test("A reader in this process gives up as the driver does, and the next one finds the slot free")
  func readerTimeLimits() throws {
    let test = try TestService()
    let limits = LinkClient.Limits(answer: 300, longestExtension: 30_000, exchange: 1_000)
    let control = try ControlClient(path: test.path)
    for (fault, least, most) in [("delay 30s silently", 0.3, 1.0), ("delay 30s", 1.0, 3.0)] {
      var reader: LinkClient?
      #expect(
        try waitFor {
          reader = try? LinkClient(path: test.path, slot: 0, limits: limits)
          return reader != nil
        })
      let client = try #require(reader)
      defer { client.close() }
      guard case .done = client.powerOn() else {
        Issue.record("no power")
        return
      }
      try control.order([fault])
      let start = ContinuousClock.now
      #expect(client.transmit([0, 0x84, 0, 0, 8]) == .timedOut)
      let time = (ContinuousClock.now - start) / .seconds(1)
      #expect((least...most).contains(time), "\(fault): \(time) s")
      #expect(client.isOutOfStep)
      #expect(client.transmit([0, 0x84, 0, 0, 8]) == .timedOut)
    }
  }

  private func waitFor(_ condition: () throws -> Bool) throws -> Bool {
    for _ in 0..<500 {
      if try condition() { return true }
      usleep(10_000)
    }
    return false
  }
}

extension ControlClient {
  /// Orders a fault.
  func order(_ words: [String]) throws {
    _ = try ask(ControlRequest("fault", slot: 0, arguments: words))
  }
}
