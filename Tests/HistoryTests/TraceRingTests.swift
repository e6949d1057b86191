import CardHost
import CardKernel
import Foundation
import Testing

@testable import CardService
@testable import Trace

@Suite("The ring that keeps a trace")
struct TraceRingTests {
  private static let kept = TraceRing.Limits(events: 100, bytes: 100_000)
  private static let waiting = TraceRing.Limits(events: 5000, bytes: 1_000_000)

  private func bytes(_ number: Int, _ length: Int) -> [UInt8] {
    (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ number) }
  }

  private func append(_ number: Int, command: Int, response: Int, to ring: inout TraceRing) {
    let exchange = CardHost.Exchange(
      response: bytes(number + 1, response), application: ApplicationName(rawValue: "jpki"), file: 0x0018)
    ring.append(
      command: bytes(number, command), exchange, slot: number % 2, time: Int64(number), microseconds: number)
  }

  /// Whatever comes out of the ring is what went in.
  private func check(_ records: [TraceRing.Record], lengths: [(Int, Int)]) {
    for record in records {
      let number = record.entry.sequence
      let (command, response) = lengths[number - 1]
      #expect(record.command == bytes(number, command) && record.response == bytes(number + 1, response), "\(number)")
      #expect(record.entry.slot == number % 2 && record.entry.microseconds == number)
    }
  }

  @Test("bytes come back whole across every wrap and growth; the oldest go", arguments: [UInt64(1), 2, 3])
  func keeps(seed: UInt64) {
    var ring = TraceRing(kept: Self.kept, waiting: Self.waiting)
    var random = seed
    var lengths: [(Int, Int)] = []
    for number in 1...3000 {
      random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let isLong = random >> 60 == 0
      lengths.append((Int(random >> 33) % (isLong ? 40_000 : 300), Int(random >> 20) % (isLong ? 40_000 : 300)))
      append(number, command: lengths[number - 1].0, response: lengths[number - 1].1, to: &ring)
      if number % 50 == 0 {
        let taken = ring.taken(from: ring.first)
        #expect(taken.records.count <= Self.kept.events && taken.records.last?.entry.sequence == number)
        #expect(taken.records.reduce(0) { $0 + $1.command.count + $1.response.count } <= Self.kept.bytes)
        check(taken.records, lengths: lengths)
      }
    }
    #expect(ring.first > 2800)
  }

  @Test("what somebody waits for stays, up to a limit, and the memory is given back")
  func waits() {
    var ring = TraceRing(kept: Self.kept, waiting: Self.waiting)
    ring.wanted = 1
    for number in 1...4000 { append(number, command: 10, response: 12, to: &ring) }
    #expect(ring.first == 1)
    var (next, count) = (1, 0)
    while next < ring.next {
      let taken = ring.taken(from: next)
      #expect(taken.lost == 0 && taken.records.count <= Self.kept.events)
      #expect(taken.records.map(\.entry.sequence) == Array(next..<taken.next))
      check(taken.records, lengths: Array(repeating: (10, 12), count: 4000))
      (next, count) = (taken.next, count + taken.records.count)
      ring.wanted = next
    }
    #expect(count == 4000)
    #expect(ring.next - ring.first == Self.kept.events)

    for number in 4001...12_000 { append(number, command: 10, response: 12, to: &ring) }
    let taken = ring.taken(from: next)
    #expect(taken.lost == 3000 && taken.records.first?.entry.sequence == 7001)
    ring.wanted = Int.max
    #expect(ring.next - ring.first == Self.kept.events)
  }

  @Test("one slot of several, and what is no exchange")
  func slots() {
    var ring = TraceRing(kept: Self.kept, waiting: Self.waiting)
    ring.append(.inserted, slot: 1, time: 5_000_000)
    for number in 2...9 { append(number, command: 5, response: 2, to: &ring) }
    ring.append(.activity(.powerOn([0x3B, 0x00])), slot: 1, time: 7_000_000)
    let events = ring.taken(from: 1, slot: 1).records.map { $0.event(offset: 1_000_000) }
    #expect(events.map(\.sequence) == [1, 3, 5, 7, 9, 10])
    #expect(events.first == TraceEvent(sequence: 1, time: 6, slot: 1, kind: .inserted))
    #expect(events.last == TraceEvent(sequence: 10, time: 8, slot: 1, kind: .powerOn(atr: [0x3B, 0x00])))
  }

  @Test("a message of the trace is read by hand as JSONDecoder reads it")
  func messages() throws {
    let event = TraceEvent(
      sequence: 7, time: 1_700_000_000_000, slot: 0,
      kind: .exchange(
        TraceEvent.Exchange(
          command: TraceBytes([0, 0x20, 0, 0x80, 2, 1, 2], masking: 5..<7), response: TraceBytes([0x63, 0xC2]),
          application: ApplicationName(rawValue: "jpki"), file: nil, microseconds: 3)))
    let named = TraceEvent(
      sequence: 8, time: 1, slot: 1, kind: .changed(cause: #"a "name" with \ and 見"#, tries: ["auth": 3]))
    var text: [UInt8] = []
    var plain: [UInt8] = []
    for event in [event, named] {
      try TraceLine.write(event, to: &text, quoted: true)
      text += TracePart.quotedLineFeed
      try TraceLine.write(event, to: &plain)
      plain.append(UInt8(ascii: "\n"))
    }
    let message = TracePart.message(quoted: text[...], lost: 12, isLast: false)
    let part = try #require(TracePart(message: message))
    let decoded = try JSONDecoder().decode(ControlAnswer.self, from: Data(message))
    #expect(decoded.trace == part && part.lost == 12 && !part.isLast)
    #expect(part.text == String(decoding: plain, as: UTF8.self))
    #expect(try TraceLine.decode(lines: Array(part.text.utf8)) == [event, named])
    for other in [#"{"slots":[]}"#, #"{"trace":{"isLast":true,"lost":0,"text":"\u0041"}}"#, #"{"trace":{"isLast":"#] {
      #expect(TracePart(message: Array(other.utf8)) == nil)
    }
  }
}
