import CardKernel
import CardTestSupport
import ISO7816
import MyNumberCard
import Testing
import Trace

@Suite struct MaskingTests {
  struct Row: CustomTestStringConvertible, Sendable {
    let command: String
    let masked: String
    var testDescription: String { command }
  }

  static let rows: [Row] = [
    // VERIFY in its encodings.
    Row(command: "00200080", masked: "00200080"),
    Row(command: "0020008000", masked: "0020008000"),
    Row(command: "002000800431323334", masked: "0020008004········"),
    Row(command: "00200080043132333400", masked: "0020008004········00"),
    Row(command: "0020009806414243313233", masked: "0020009806············"),
    Row(command: "0020008000000431323334", masked: "00200080000004········"),
    Row(command: "00200080000004313233340000", masked: "00200080000004········0000"),
    // Chained, secure, in wrong classes.
    Row(command: "10200080023132", masked: "1020008002····"),
    Row(command: "00200080023334", masked: "0020008002····"),
    Row(command: "08200080038601AA", masked: "0820008003······"),
    Row(command: "0C200080038601AA", masked: "0C20008003······"),
    Row(command: "80200080023132", masked: "8020008002····"),
    Row(command: "01200080023132", masked: "0120008002····"),
    Row(command: "FF200080023132", masked: "FF20008002····"),
    // The changes, and what looks like one.
    Row(command: "00240180043938373600", masked: "0024018004········00"),
    Row(command: "80320080043938373600", masked: "8032008004········00"),
    Row(command: "002400800831323334393837 36", masked: "0024008008················"),
    Row(command: "002C00800431323334", masked: "002C008004········"),
    Row(command: "0021008004 31323334", masked: "0021008004········"),
    // Lying, short and missing lengths.
    Row(command: "002000800531323334", masked: "00200080··········"),
    Row(command: "002000800331323334", masked: "0020008003········"),
    Row(command: "002000800231323334", masked: "00200080··········"),
    Row(command: "0020008031323334", masked: "00200080········"),
    Row(command: "0020008031", masked: "00200080··"),
    Row(command: "00200080003132", masked: "00200080······"),
    Row(command: "002000800031323334", masked: "00200080··········"),
    Row(command: "00200080000031323334", masked: "00200080············"),
    Row(command: "002400800031323334", masked: "00240080··········"),
    // Unknown instructions may carry anything.
    Row(command: "00FF00000431323334", masked: "00FF000004········"),
    Row(command: "00D600000431323334", masked: "00D6000004········"),
    // The open ones.
    Row(command: "00A4040C0AD392F000260100000001", masked: "00A4040C0AD392F000260100000001"),
    Row(command: "00B0000000", masked: "00B0000000"),
    Row(command: "802A00800401020304 00", masked: "802A0080040102030400"),
    Row(command: "00B000000531", masked: "00B00000····"),
    Row(command: "", masked: ""), Row(command: "3132", masked: "3132"),
  ]

  @Test(arguments: rows) func command(_ row: Row) throws {
    let bytes = try #require([UInt8](hex: row.command))
    let masked = Masking.masked(command: bytes)
    #expect(masked.description == row.masked)
    #expect(masked.bytes.count == bytes.count)
  }

  /// Whatever a client makes of a VERIFY or a change, the PIN is not in what is left.
  @Test func noPINGetsThrough() {
    var random = RandomBytes(seed: testSeed("MaskingTests.noPINGetsThrough"))
    let pin = Array("7391".utf8)
    for _ in 0..<20_000 {
      let ins: [UInt8] = [0x20, 0x24, 0x32, 0x21, 0x2C]
      var command = [UInt8(random.below(256)), random.element(of: ins) ?? 0x20, 0x00, 0x80]
      switch random.below(4) {
      case 0: command += [UInt8(random.below(8))]
      case 1: command += [0x00, 0x00, UInt8(random.below(8))]
      case 2: command += [0x04]
      default: break
      }
      command += pin
      if random.below(2) == 0 { command += random.bytes(random.below(3)) }
      let masked = Masking.masked(command: command).bytes.dropFirst(4)
      #expect(!masked.contains { $0.map(pin.contains) ?? false && $0 != command[4] }, "\(command.hexString)")
    }
  }

  struct Answer: CustomTestStringConvertible, Sendable {
    let command: String
    let application: ApplicationName
    let file: FileID?
    let isHidden: Bool
    var testDescription: String { "\(command) in \(application)/\(file?.description ?? "-")" }
  }

  static let answers: [Answer] = [
    Answer(command: "00B0000004", application: .textInput, file: 0x0001, isHidden: true),
    Answer(command: "00B0000004", application: .textInput, file: 0x0002, isHidden: true),
    Answer(command: "00B0000004", application: .textInput, file: 0x0003, isHidden: true),
    Answer(command: "00B0000004", application: .textInput, file: 0x0005, isHidden: false),
    Answer(command: "00B0000004", application: .visualInspection, file: 0x0002, isHidden: true),
    Answer(command: "00B0000004", application: .visualInspection, file: 0x0005, isHidden: true),
    Answer(command: "00B0000004", application: .jpki, file: 0x0001, isHidden: true),
    Answer(command: "00B0000004", application: .jpki, file: 0x000A, isHidden: false),
    Answer(command: "00B0000004", application: .jpki, file: nil, isHidden: false),
    Answer(command: "00B0810000", application: .jpki, file: 0x000A, isHidden: true),
    Answer(command: "00B08A0000", application: .jpki, file: 0x0001, isHidden: false),
    Answer(command: "00B0000000 0000", application: .textInput, file: 0x0002, isHidden: true),
    Answer(command: "08B00000059603000000", application: .textInput, file: 0x0002, isHidden: true),
    Answer(command: "00B2010C00", application: .common, file: nil, isHidden: true),
    Answer(command: "00B2010400", application: .common, file: 0x0001, isHidden: true),
    Answer(command: "00B2010400", application: .common, file: 0x0002, isHidden: false),
    Answer(command: "00CA004500", application: .cardManager, file: nil, isHidden: true),
    Answer(command: "00CA00F000", application: .cardManager, file: nil, isHidden: false),
    Answer(command: "802A00800101 00", application: .jpki, file: 0x0017, isHidden: false),
  ]

  @Test(arguments: answers) func answer(_ row: Answer) throws {
    let command = try #require([UInt8](hex: row.command))
    let masked = Masking.masked(
      response: [0x11, 0x22, 0x33, 0x90, 0x00], to: command, application: row.application, currentFile: row.file)
    #expect(masked.description == (row.isHidden ? "······9000" : "1122339000"))
    let bare = Masking.masked(
      response: [0x69, 0x82], to: command, application: row.application, currentFile: row.file)
    #expect(bare.description == "6982")
  }
}
