import CardTestSupport
import Testing

@testable import ISO7816

/// The seven encodings of ISO/IEC 7816-4, 5.1, and every refusal.
@Suite struct CommandAPDUTests {
  struct Encoding: CustomTestStringConvertible {
    let name: String
    let bytes: [UInt8]
    let command: CommandAPDU
    var testDescription: String { name }
  }

  static func fill(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ 1) } }
  static func command(_ data: [UInt8] = [], _ le: Int? = nil, _ extended: Bool = false) -> CommandAPDU {
    CommandAPDU(cla: 0x80, ins: 0x2A, p1: 0x01, p2: 0x9A, data: data, expectedLength: le, isExtended: extended)
  }
  static let header: [UInt8] = [0x80, 0x2A, 0x01, 0x9A]

  static let encodings: [Encoding] = [
    Encoding(name: "case 1", bytes: header, command: command()),
    Encoding(name: "case 2S, Le 1", bytes: header + [0x01], command: command([], 1)),
    Encoding(name: "case 2S, Le 255", bytes: header + [0xFF], command: command([], 255)),
    Encoding(name: "case 2S, Le 256", bytes: header + [0x00], command: command([], 256)),
    Encoding(name: "case 3S, 1 byte", bytes: header + [0x01, 0x55], command: command([0x55])),
    Encoding(name: "case 3S, 255 bytes", bytes: header + [0xFF] + fill(255), command: command(fill(255))),
    Encoding(name: "case 4S, Le 256", bytes: header + [0x02, 0x55, 0x66, 0x00], command: command([0x55, 0x66], 256)),
    Encoding(name: "case 4S, 255 bytes", bytes: header + [0xFF] + fill(255) + [0x10], command: command(fill(255), 16)),
    Encoding(name: "case 2E, Le 1", bytes: header + [0x00, 0x00, 0x01], command: command([], 1, true)),
    Encoding(name: "case 2E, Le 257", bytes: header + [0x00, 0x01, 0x01], command: command([], 257, true)),
    Encoding(name: "case 2E, Le 65536", bytes: header + [0x00, 0x00, 0x00], command: command([], 65_536, true)),
    Encoding(name: "case 3E, 1 byte", bytes: header + [0x00, 0x00, 0x01, 0x55], command: command([0x55], nil, true)),
    Encoding(
      name: "case 3E, 65535 bytes", bytes: header + [0x00, 0xFF, 0xFF] + fill(65_535),
      command: command(fill(65_535), nil, true)),
    Encoding(
      name: "case 4E, Le 65536", bytes: header + [0x00, 0x01, 0x00] + fill(256) + [0x00, 0x00],
      command: command(fill(256), 65_536, true)),
    Encoding(
      name: "case 4E, the longest", bytes: header + [0x00, 0xFF, 0xFF] + fill(65_535) + [0x12, 0x34],
      command: command(fill(65_535), 0x1234, true)),
  ]

  @Test(arguments: encodings) func roundTrip(_ encoding: Encoding) throws {
    #expect(try CommandAPDU(parsing: encoding.bytes) == encoding.command)
    #expect(encoding.command.bytes == encoding.bytes)
  }

  @Test func longLengthsForceTheExtendedForm() throws {
    for command in [Self.command(Self.fill(256)), Self.command([], 257), Self.command([0x01], 257)] {
      let parsed = try CommandAPDU(parsing: command.bytes)
      #expect(parsed.isExtended)
      #expect(parsed.data == command.data && parsed.expectedLength == command.expectedLength)
    }
  }

  static let refusals: [(bytes: [UInt8], error: CommandAPDU.ParseError)] = [
    ([], .headerIncomplete(length: 0)),
    ([0x00], .headerIncomplete(length: 1)),
    ([0x00, 0x20, 0x00], .headerIncomplete(length: 3)),
    (header + [0x00, 0x01], .extendedLengthIncomplete),
    (header + [0x00, 0x00, 0x00, 0x00], .emptyExtendedData),
    (header + [0x00, 0x00, 0x00, 0x00, 0x00], .emptyExtendedData),
    (header + [0x02, 0x55], .lengthMismatch(announced: 2, present: 1)),
    (header + [0x02, 0x55, 0x66, 0x00, 0x00], .lengthMismatch(announced: 2, present: 4)),
    (header + [0x01, 0x55, 0x66, 0x77], .lengthMismatch(announced: 1, present: 3)),
    (header + [0x00, 0x00, 0x02, 0x55], .lengthMismatch(announced: 2, present: 1)),
    (header + [0x00, 0x00, 0x01, 0x55, 0x00], .lengthMismatch(announced: 1, present: 2)),
    (header + [0x00, 0x00, 0x01, 0x55, 0x00, 0x00, 0x00], .lengthMismatch(announced: 1, present: 4)),
    (header + fill(65_541), .tooLong(length: 65_545)),
  ]

  @Test(arguments: refusals.indices) func refusal(_ index: Int) {
    let row = Self.refusals[index]
    #expect(throws: row.error) { try CommandAPDU(parsing: row.bytes) }
  }

  /// Any bytes give a command or a refusal; what gives a command has one encoding, the bytes themselves.
  @Test func anyBytes() {
    var random = RandomBytes(seed: testSeed("ISO7816Tests.anyBytes"))
    var parsed = 0
    for round in 0..<60_000 {
      var bytes = random.bytes(random.below(round % 500 == 0 ? 65_560 : 40))
      // Half of them with lengths that may fit, so that the inner branches are met.
      if round % 2 == 0 && bytes.count > 5 {
        bytes[4] = round % 4 == 0 ? 0 : UInt8(truncatingIfNeeded: bytes.count - 5 - random.below(2))
        if bytes[4] == 0 && bytes.count > 9 {
          let rest = bytes.count - 7 - 2 * random.below(2)
          bytes[5] = UInt8(truncatingIfNeeded: rest >> 8)
          bytes[6] = UInt8(truncatingIfNeeded: rest)
        }
      }
      guard let command = try? CommandAPDU(parsing: bytes) else { continue }
      parsed += 1
      #expect(command.bytes == bytes)
      #expect((1...65_536).contains(command.expectedLength ?? 1))
    }
    #expect(parsed > 10_000)
  }
}
