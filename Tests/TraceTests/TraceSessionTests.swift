import CardKernel
import ISO7816
import MyNumberCard
import Testing

@testable import Trace

@Suite("Sessions, tokens and captures")
struct TraceSessionTests {
  static let card = TraceEvent.Card(
    name: "fresh-adult", minted: "2026-11-20T10:00:00+09:00", seed: 7, keys: "seeded", fingerprint: "0A0B0C0D",
    tries: ["sign": 5, "auth": 3, "numberA": 10])

  static func exchange(
    _ command: String, _ response: String, _ application: ApplicationName = .jpki, file: FileID? = 0x0018
  ) -> TraceEvent.Kind {
    .exchange(
      TraceEvent.Exchange(
        command: [UInt8](hex: command) ?? [], response: [UInt8](hex: response) ?? [], application: application,
        file: file, microseconds: 1))
  }

  static let kinds: [TraceEvent.Kind] = [
    .inserted, .card(card), .powerOn(atr: [0x3B, 0x00]),
    exchange("00A4040C0AD392F000260100000001", "9000"), exchange("0020008004" + "39393131", "63C2"),
    exchange("0020008004" + "31323334", "9000"), exchange("00B0000000", "01020304" + "9000", file: 0x000A),
    exchange("00B0000000", "313233343536373839303132" + "9000", .textInput, file: 0x0001),
    exchange("0084000008", "0102030405060708" + "9000"), exchange("00200080", ""),
    .changed(cause: "set", tries: ["sign": 1]), .warmReset, .powerOff, .removed,
  ]

  static var events: [TraceEvent] {
    kinds.enumerated().map { TraceEvent(sequence: $0 + 1, time: 0, slot: $0 % 3 == 0 ? 0 : 2, kind: $1) }
  }

  @Test("a token says what the session says, and no secret")
  func roundTrip() throws {
    let session = TraceSession(Self.events)
    let token = try #require(TraceToken.encode(session))
    #expect(try TraceToken.decode(token) == session)
    let text = session.steps.map { "\($0)" }.joined()
    for secret in ["39393131", "31323334", "313233343536373839303132"] { #expect(!text.contains(secret)) }
  }

  @Test("what is personal, secret or random has no checksum")
  func checksums() {
    let answers = TraceSession(Self.events).steps.compactMap { step -> TraceSession.Answer? in
      if case .exchange(_, let answer) = step.kind { return answer }
      return nil
    }
    #expect(answers.map(\.length) == [0, 0, 0, 4, 12, 8, 0])
    #expect(answers.map { $0.checksum != nil } == [false, false, false, true, false, false, false])
    #expect(answers.last?.status == nil)
    #expect(answers.last?.words == "no answer")
  }

  @Test("a token that was cut or changed is refused, whatever is done to it")
  func damage() throws {
    let token = try #require(TraceToken.encode(TraceSession(Self.events)))
    for length in 0..<token.count {
      #expect(throws: TraceToken.Fault.self) { try TraceToken.decode(token.prefix(length)) }
    }
    var bytes = Array(token.utf8)
    for index in TraceToken.prefix.utf8.count..<bytes.count {
      let old = bytes[index]
      bytes[index] = old == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
      if bytes[index] != old {
        // The last digit may hold bits that mean nothing.
        let changed = try? TraceToken.decode(String(decoding: bytes, as: UTF8.self))
        #expect(changed == nil || index == bytes.count - 1)
      }
      bytes[index] = old
    }
    #expect(throws: TraceToken.Fault.unknownVersion) { try TraceToken.decode("vmyna9-AAAA") }
  }

  @Test("a session that is too long has no token")
  func long() {
    var random: UInt64 = 1
    let steps = (0..<2000).map { _ in
      random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let command = TraceBytes((0..<8).map { UInt8(truncatingIfNeeded: random >> ($0 * 7)) })
      return TraceSession.Step(
        slot: 0, kind: .exchange(command, TraceSession.Answer(status: 0x9000, length: 0, checksum: nil)))
    }
    #expect(TraceToken.encode(TraceSession(steps: steps)) == nil)
  }

  @Test("packing loses nothing, and unpacking stands whatever comes", arguments: 1...20)
  func packing(seed: UInt64) {
    var random = seed &* 0x9E37_79B9_7F4A_7C15
    func next() -> Int {
      random ^= random << 13
      random ^= random >> 7
      random ^= random << 17
      return Int(random >> 33)
    }
    let bytes = (0..<next() % 5000).map { _ in UInt8(65 + next() % (seed % 2 == 0 ? 3 : 100)) }
    #expect(Packing.unpack(Packing.pack(bytes), limit: 5000) == bytes)
    let noise = (0..<next() % 400).map { _ in UInt8(next() & 0xFF) }
    _ = Packing.unpack(noise, limit: 1000)
    #expect(Base64URL.decode(Base64URL.encode(noise)) == noise)
  }

  @Test("a capture has the head and the packets that pcap wants")
  func capture() {
    #expect(TraceCapture.header.count == 24)
    #expect(TraceCapture.header.prefix(4) == [0xD4, 0xC3, 0xB2, 0xA1])
    let events = Self.events.map(\.masked)
    let packets = events.map(TraceCapture.packet).filter { !$0.isEmpty }
    #expect(packets.count == 7)
    let verify = packets[1]
    // 16 of pcap, 44 of IP, UDP and GSMTAP, nine of command, two of status.
    #expect(verify.count == 16 + 44 + 9 + 2)
    #expect(verify.suffix(6) == [0x2A, 0x2A, 0x2A, 0x2A, 0x63, 0xC2])
    let header = Array(verify[16..<36])
    let sum = stride(from: 0, to: 20, by: 2).reduce(UInt32(0)) {
      $0 + UInt32(header[$1]) << 8 + UInt32(header[$1 + 1])
    }
    #expect(sum & 0xFFFF + sum >> 16 == 0xFFFF)
    let long = TraceEvent(
      sequence: 1, time: 0, slot: 0,
      kind: .exchange(
        TraceEvent.Exchange(
          command: [UInt8](repeating: 1, count: 65_544), response: [0x67, 0x00], application: .jpki, file: nil,
          microseconds: 0)))
    #expect(TraceCapture.packet(long).count == 16 + 65_535)
  }

  @Test("the new kinds of events keep their place in JSON", arguments: [kinds[1], kinds[10]])
  func lines(kind: TraceEvent.Kind) throws {
    let event = TraceEvent(sequence: 1, time: 2, slot: 3, kind: kind)
    #expect(try TraceLine.decode(try TraceLine.encode(event)) == event)
    #expect(event.masked == event)
  }
}

@Suite("Lines written by hand")
struct TraceLineTests {
  @Test("an application of any name makes a line that can be read", arguments: ["jpki", "a\"b", "a\\b", "日本", "a\nb"])
  func names(name: String) throws {
    let exchange = TraceEvent.Exchange(
      command: TraceBytes([0, 0x20, 0, 0x80, 4, 1, 2, 3, 4], masking: 5..<9), response: TraceBytes([0x90, 0x00]),
      application: ApplicationName(rawValue: name), file: nil, microseconds: 3)
    let event = TraceEvent(sequence: 1, time: 2, slot: 3, kind: .exchange(exchange))
    #expect(try TraceLine.decode(TraceLine.encode(event)) == event)
  }
}
