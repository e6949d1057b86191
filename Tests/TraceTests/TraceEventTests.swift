import CardKernel
import ISO7816
import MyNumberCard
import Testing
import Trace

@Suite struct TraceEventTests {
  static let verify = TraceEvent.Exchange(
    command: [0x00, 0x20, 0x00, 0x80, 0x04, 0x31, 0x32, 0x33, 0x34], response: [0x90, 0x00], application: .jpki,
    file: 0x0018, microseconds: 120)
  static let read = TraceEvent.Exchange(
    command: [0x00, 0xB0, 0x00, 0x00, 0x02], response: [0xFF, 0x10, 0x90, 0x00], application: .textInput,
    file: 0x0001, microseconds: 9)

  static let lines: [(TraceEvent, String)] = [
    (event(1, .inserted), #"{"kind":"inserted","seq":1,"slot":0,"time":1700000000123}"#),
    (
      event(2, .powerOn(atr: [0x3B, 0x00])),
      #"{"atr":"3B00","kind":"powerOn","seq":2,"slot":0,"time":1700000000123}"#
    ),
    (event(3, .warmReset), #"{"kind":"warmReset","seq":3,"slot":0,"time":1700000000123}"#),
    (event(4, .powerOff), #"{"kind":"powerOff","seq":4,"slot":0,"time":1700000000123}"#),
    (event(5, .removed), #"{"kind":"removed","seq":5,"slot":0,"time":1700000000123}"#),
    (
      event(6, .exchange(verify)),
      #"{"application":"jpki","command":"002000800431323334","file":"0018","kind":"exchange","microseconds":120,"response":"9000","seq":6,"slot":0,"time":1700000000123}"#
    ),
    (
      event(7, .exchange(verify)).masked,
      #"{"application":"jpki","command":"0020008004········","file":"0018","kind":"exchange","microseconds":120,"response":"9000","seq":7,"slot":0,"time":1700000000123}"#
    ),
    (
      event(8, .exchange(read)).masked,
      #"{"application":"textInput","command":"00B0000002","file":"0001","kind":"exchange","microseconds":9,"response":"····9000","seq":8,"slot":0,"time":1700000000123}"#
    ),
  ]

  static func event(_ sequence: Int, _ kind: TraceEvent.Kind) -> TraceEvent {
    TraceEvent(sequence: sequence, time: 1_700_000_000_123, slot: 0, kind: kind)
  }

  @Test(arguments: lines.indices) func line(_ index: Int) throws {
    let (event, line) = Self.lines[index]
    #expect(try TraceLine.encode(event) == line)
    #expect(try TraceLine.decode(line) == event)
    // Masked stays masked, and says the same to a reader.
    #expect(event.masked.masked == event.masked)
    #expect(Explanation.of(event) == Explanation.of(event.masked))
  }

  @Test func withoutAFile() throws {
    var exchange = Self.verify
    exchange.file = nil
    let event = Self.event(1, .exchange(exchange))
    #expect(try TraceLine.decode(try TraceLine.encode(event)) == event)
    #expect(try !TraceLine.encode(event).contains("file"))
  }

  @Test(arguments: [
    "", "{}", #"{"seq":1}"#, #"{"kind":"exploded","seq":1,"slot":0,"time":0}"#,
    #"{"kind":"powerOn","atr":"3","seq":1,"slot":0,"time":0}"#,
    #"{"kind":"powerOn","atr":"··","seq":1,"slot":0,"time":0}"#,
    #"{"kind":"exchange","seq":1,"slot":0,"time":0,"application":"jpki","command":"zz","response":"9000","microseconds":1}"#,
    #"{"kind":"exchange","seq":1,"slot":0,"time":0,"application":"jpki","command":"00","response":"9000","microseconds":1,"file":"18"}"#,
  ])
  func refused(_ line: String) {
    #expect(throws: (any Error).self) { try TraceLine.decode(line) }
  }

  @Test func bytes() {
    #expect(TraceBytes("00··FF")?.bytes == [0x00, nil, 0xFF])
    #expect(TraceBytes("00··FF")?.unmasked == nil)
    #expect(TraceBytes([1, 2, 3], masking: 1..<2).description == "01··03")
    for bad in ["0", "·", "0·", "·0", "GG", "00 11"] { #expect(TraceBytes(bad) == nil, "\(bad)") }
  }
}
