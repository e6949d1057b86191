import CardTestSupport
import Testing

@testable import ISO7816

@Suite struct TLVTests {
  static let objects: [(tag: UInt32, length: Int, header: String)] = [
    (0x90, 0, "9000"), (0x90, 3, "9003"), (0xDF21, 127, "DF217F"), (0xDF21, 128, "DF21820080"),
    (0xFF40, 0x9F, "FF4082009F"), (0x7F21, 0x233, "7F21820233"), (0x5F37, 256, "5F37820100"),
    (0xDF25, 65_535, "DF2582FFFF"), (0x5F37, 65_536, "5F3783010000"), (0x5F8101, 1, "5F810101"),
  ]

  @Test(arguments: objects) func roundTrip(_ row: (tag: UInt32, length: Int, header: String)) throws {
    let object = BERTLV(tag: row.tag, value: [UInt8](repeating: 0xA5, count: row.length))
    #expect(object.header.hexString == row.header)
    #expect(try BERTLV(parsing: object.encoded) == object)
    // Filler behind the object is left alone.
    #expect(try BERTLV(parsing: [0xFF] + object.encoded + [0xFF, 0xFF], from: 1) == object)
  }

  @Test func otherFormsOfLength() throws {
    #expect(try BERTLV(parsing: [0x90, 0x81, 0x01, 0x55]) == BERTLV(tag: 0x90, value: [0x55]))
    #expect(try BERTLV(parsing: [0x90, 0x83, 0x00, 0x00, 0x01, 0x55]) == BERTLV(tag: 0x90, value: [0x55]))
  }

  @Test func constructed() throws {
    let children = [BERTLV(tag: 0xDF21, value: [1]), BERTLV(tag: 0xDF22, value: [2, 3])]
    let parent = BERTLV(tag: 0xFF20, children: children)
    #expect(parent.encoded.hexString == "FF2009DF210101DF22020203")
    #expect(try parent.children() == children)
  }

  static let refusals: [(hex: String, error: BERTLV.ParseError)] = [
    ("", .truncated(offset: 0)), ("90", .truncated(offset: 0)), ("9F", .truncated(offset: 0)),
    ("9001", .truncated(offset: 0)), ("9081", .truncated(offset: 0)), ("908200", .truncated(offset: 0)),
    ("90820005AABB", .truncated(offset: 0)), ("9080", .unsupported(offset: 0)),
    ("908400000001AA", .unsupported(offset: 0)), ("5F81818101", .unsupported(offset: 0)),
  ]

  @Test(arguments: refusals) func refusal(_ row: (hex: String, error: BERTLV.ParseError)) throws {
    let bytes = try #require([UInt8](hex: row.hex))
    #expect(throws: row.error) { try BERTLV(parsing: bytes) }
  }

  @Test func sequenceTellsWhereItFailed() {
    #expect(throws: BERTLV.ParseError.truncated(offset: 3)) {
      try BERTLV.sequence(parsing: [0x90, 0x01, 0x55, 0x91, 0x05])
    }
  }

  @Test func simple() throws {
    let short = try #require(SimpleTLV(tag: 0x01, value: [0x31, 0x32]))
    #expect(short.encoded.hexString == "01023132")
    let long = try #require(SimpleTLV(tag: 0x01, value: [UInt8](repeating: 7, count: 255)))
    #expect(long.encoded.prefix(4).elementsEqual([0x01, 0xFF, 0x00, 0xFF]))
    #expect(SimpleTLV(tag: 0x00, value: []) == nil)
    #expect(SimpleTLV(tag: 0xFF, value: []) == nil)
    #expect(SimpleTLV(tag: 0x01, value: [UInt8](repeating: 0, count: 65_536)) == nil)
    var offset = 0
    #expect(SimpleTLV(parsing: short.encoded + long.encoded, at: &offset) == short)
    #expect(SimpleTLV(parsing: short.encoded + long.encoded, at: &offset) == long)
    #expect(offset == short.encoded.count + long.encoded.count)
    for bad in ["", "01", "0105AA", "01FF00", "01FF0005AA", "0000", "FF00"] {
      var start = 0
      #expect(SimpleTLV(parsing: try #require([UInt8](hex: bad)), at: &start) == nil, "\(bad)")
      #expect(start == 0 || bad == "0000" || bad == "FF00")
    }
    var outside = -1
    #expect(SimpleTLV(parsing: [1, 0], at: &outside) == nil)
  }

  @Test func anyBytes() {
    var random = RandomBytes(seed: testSeed("TLVTests.anyBytes"))
    for _ in 0..<30_000 {
      let bytes = random.bytes(random.below(24))
      if let objects = try? BERTLV.sequence(parsing: bytes) {
        #expect(objects.reduce(0) { $0 + $1.value.count } <= bytes.count)
        for object in objects { #expect((try? BERTLV(parsing: object.encoded)) == object) }
      }
      var offset = 0
      if let object = SimpleTLV(parsing: bytes, at: &offset) { #expect(offset >= 2 + object.value.count) }
    }
  }
}
