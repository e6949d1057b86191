import CardTestSupport
import Testing

@testable import ISO7816

@Suite struct AnswerToResetTests {
  typealias Interface = AnswerToReset.InterfaceBytes

  struct Row: CustomTestStringConvertible {
    let name: String
    let hex: String
    let first: Interface
    let rounds: [(protocol: UInt8, bytes: Interface)]
    let historical: String
    let protocols: [UInt8]
    var testDescription: String { name }
  }

  /// The nine answers to reset of the card, built from their parts; the check bytes are in the hexadecimal text.
  static let rows: [Row] = [
    Row(
      name: "A1", hex: "3BDA13FF8131FB468012392F31C173C601C03B", first: Interface(ta: 0x13, tc: 0xFF),
      rounds: [(1, Interface()), (1, Interface(ta: 0xFB, tb: 0x46))], historical: "8012392F31C173C601C0",
      protocols: [1]),
    Row(
      name: "A2", hex: "3BC5FF8131FB458073C6010000", first: Interface(tc: 0xFF),
      rounds: [(1, Interface()), (1, Interface(ta: 0xFB, tb: 0x45))], historical: "8073C60100", protocols: [1]),
    Row(
      name: "A3", hex: "3BE000FF8131FE4514", first: Interface(tb: 0x00, tc: 0xFF),
      rounds: [(1, Interface()), (1, Interface(ta: 0xFE, tb: 0x45))], historical: "", protocols: [1]),
    Row(
      name: "N1", hex: "3B888001004B51FFB381D1000F", first: Interface(),
      rounds: [(0, Interface()), (1, Interface())], historical: "004B51FFB381D100", protocols: [0, 1]),
    Row(
      name: "N2", hex: "3B888001004B51FF0081D100BC", first: Interface(),
      rounds: [(0, Interface()), (1, Interface())], historical: "004B51FF0081D100", protocols: [0, 1]),
    Row(
      name: "N3", hex: "3B888001000041E0B381A1003B", first: Interface(),
      rounds: [(0, Interface()), (1, Interface())], historical: "000041E0B381A100", protocols: [0, 1]),
    Row(
      name: "N4", hex: "3B888001000005E0B381A1007F", first: Interface(),
      rounds: [(0, Interface()), (1, Interface())], historical: "000005E0B381A100", protocols: [0, 1]),
    Row(
      name: "O1", hex: "3BF59100FF918171FE400042000100D1D6", first: Interface(ta: 0x91, tb: 0x00, tc: 0xFF),
      rounds: [(1, Interface(ta: 0x81)), (1, Interface(ta: 0xFE, tb: 0x40, tc: 0x00))], historical: "42000100D1",
      protocols: [1]),
    Row(
      name: "O2", hex: "3BF59100FF918171FE4000420001B3A115", first: Interface(ta: 0x91, tb: 0x00, tc: 0xFF),
      rounds: [(1, Interface(ta: 0x81)), (1, Interface(ta: 0xFE, tb: 0x40, tc: 0x00))], historical: "420001B3A1",
      protocols: [1]),
  ]

  @Test(arguments: rows) func card(_ row: Row) throws {
    let bytes = try #require([UInt8](hex: row.hex))
    let parsed = try AnswerToReset(bytes)
    #expect(parsed.bytes == bytes)
    #expect(parsed.historicalBytes.hexString == row.historical)
    #expect(parsed.protocols == row.protocols)
    #expect(parsed.description == row.hex)
    let historical = try #require([UInt8](hex: row.historical))
    let built = try AnswerToReset(first: row.first, rounds: row.rounds, historicalBytes: historical)
    #expect(built.description == row.hex)
    // Every wrong bit in the checked part is seen.
    for position in 1..<bytes.count {
      var wrong = bytes
      wrong[position] ^= 0x01
      #expect(throws: AnswerToReset.ParseError.self) { try AnswerToReset(wrong) }
    }
    for length in 0..<bytes.count {
      #expect(throws: AnswerToReset.ParseError.self) { try AnswerToReset(Array(bytes.prefix(length))) }
    }
    #expect(throws: AnswerToReset.ParseError.self) { try AnswerToReset(bytes + [0x00]) }
  }

  @Test func refusals() {
    #expect(throws: AnswerToReset.ParseError.initialCharacter(nil)) { try AnswerToReset([]) }
    #expect(throws: AnswerToReset.ParseError.initialCharacter(0x00)) { try AnswerToReset([0x00, 0x00]) }
    #expect(throws: AnswerToReset.ParseError.length(announced: 2, present: 1)) { try AnswerToReset([0x3B]) }
    #expect(throws: AnswerToReset.ParseError.length(announced: 2, present: 40)) {
      try AnswerToReset([0x3B] + [UInt8](repeating: 0, count: 39))
    }
    #expect(throws: AnswerToReset.ParseError.checkByte(expected: 0x14, found: 0x15)) {
      try AnswerToReset([0x3B, 0xE0, 0x00, 0xFF, 0x81, 0x31, 0xFE, 0x45, 0x15])
    }
    #expect(throws: AnswerToReset.ParseError.self) {
      try AnswerToReset(first: .init(), rounds: [], historicalBytes: [UInt8](repeating: 0, count: 16))
    }
  }

  @Test func withoutTDOnlyT0AndNoCheckByte() throws {
    #expect(try AnswerToReset([0x3B, 0x00]).protocols == [0])
    #expect(try AnswerToReset([0x3F, 0x01, 0x80]).historicalBytes == [0x80])
  }

  @Test func anyBytes() {
    var random = RandomBytes(seed: testSeed("AnswerToResetTests.anyBytes"))
    for _ in 0..<20_000 {
      var bytes = random.bytes(random.below(40))
      if !bytes.isEmpty { bytes[0] = 0x3B }
      if let parsed = try? AnswerToReset(bytes) { #expect(parsed.bytes == bytes) }
    }
  }
}
