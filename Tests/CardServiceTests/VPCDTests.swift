import Testing

@testable import CardService

/// The vpcd protocol as bytes, and where it may lead.
@Suite struct VPCDTests {
  @Test(
    arguments: [
      ([], .nothing), ([0x00], .powerOff), ([0x01], .powerOn), ([0x02], .reset), ([0x04], .answerToReset),
      ([0x03], .unknown(3)), ([0xFF], .unknown(255)), ([0x00, 0xA4], .command([0x00, 0xA4])),
    ] as [([UInt8], VPCDMessage)])
  func payload(_ bytes: [UInt8], _ message: VPCDMessage) throws {
    var decoder = VPCDDecoder()
    decoder.feed(try #require(VPCDMessage.encode(bytes)))
    #expect(decoder.next() == message)
    #expect(decoder.next() == nil)
    #expect(!decoder.isInside)
  }

  /// However the stream is cut, the messages are the same.
  @Test(arguments: 0..<50) func cuts(seed: UInt64) throws {
    var generator = SeededNumbers(seed: seed)
    let payloads = (0..<20).map { _ in
      let count = [0, 1, 2, 5, 300, 65_535].randomElement(using: &generator) ?? 0
      return [UInt8](repeating: UInt8.random(in: 5...255, using: &generator), count: count)
    }
    let stream = try payloads.flatMap { try #require(VPCDMessage.encode($0)) }
    var decoder = VPCDDecoder()
    var received: [VPCDMessage] = []
    var rest = stream[...]
    while !rest.isEmpty {
      let piece = rest.prefix(Int.random(in: 1...70_000, using: &generator))
      rest = rest.dropFirst(piece.count)
      decoder.feed(piece)
      while let message = decoder.next() { received.append(message) }
    }
    #expect(received == payloads.map { VPCDMessage(payload: $0[...]) })
    #expect(!decoder.isInside)
  }

  @Test func longestPayload() {
    #expect(VPCDMessage.encode([UInt8](repeating: 0, count: VPCDMessage.longestPayload))?.count == 65_537)
    #expect(VPCDMessage.encode([UInt8](repeating: 0, count: VPCDMessage.longestPayload + 1)) == nil)
  }

  @Test(
    arguments: [
      ("127.0.0.1:35963", "127.0.0.1:35963"), ("localhost", "localhost:35963"), ("[::1]:1", "[::1]:1"),
      ("[::1]", "[::1]:35963"), ("host.example:65535", "host.example:65535"),
    ])
  func address(_ text: String, _ description: String) throws {
    #expect(try VPCDAddress(text).description == description)
  }

  @Test(arguments: [
    "", ":1", "a:", "a:0", "a:65536", "a:-1", "a:+1", "a:１", "::1:5", "[::1", "[]:1", "a:1:2", "[::1]x",
  ])
  func noAddress(_ text: String) {
    #expect(throws: ServiceFault.self) { try VPCDAddress(text) }
  }

  @Test(arguments: [("127.0.0.1", true), ("127.255.1.2", true), ("[::1]", true), ("localhost", true)])
  func loopback(_ text: String, _ isLoopback: Bool) throws {
    #expect(try VPCDAddress(text).isLoopback == isLoopback)
    #expect(try !VPCDAddress(text).resolve(allowsOthers: false).isEmpty)
  }

  @Test(arguments: [
    "192.0.2.1", "0.0.0.0", "[2001:db8::1]", "[::]", "[::ffff:192.0.2.1]", "example.invalid", "localhost.example",
  ])
  func otherMachines(_ text: String) throws {
    #expect(try !VPCDAddress(text).isLoopback)
    #expect(throws: ServiceFault.self) { try VPCDAddress(text).resolve(allowsOthers: false) }
  }
}

/// SplitMix64.
struct SeededNumbers: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}
