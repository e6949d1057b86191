import CardKernel
import CardTestSupport
import Foundation
import ISO7816
import MyNumberCard
import Testing
import Trace

@Suite struct ExplanationTests {
  /// The rows of a table of `Docs/CardModel.md`, by the first cells of its header.
  private func rows(_ header: String) throws -> [[String]] {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let text = try String(contentsOf: root.appending(path: "Docs/CardModel.md"), encoding: .utf8)
    let lines = text.components(separatedBy: "\n")
    let start = try #require(lines.firstIndex { $0.hasPrefix(header) })
    return lines[(start + 2)...].prefix { $0.hasPrefix("|") }.map { line in
      line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
    }
  }

  private func isSentence(_ text: LocalizedText) -> Bool {
    !text.japanese.isEmpty && !text.english.isEmpty && text.english.allSatisfy(\.isASCII)
      && text.japanese.contains { !$0.isASCII }
  }

  /// Every status word of the model has a sentence of its own in both languages.
  @Test func statusWords() throws {
    let rows = try rows("| status | name |")
    #expect(rows.count > 20)
    var seen: Set<String> = []
    for row in rows where row[0] != "63Cx" {
      let status = StatusWord(rawValue: try #require(UInt16(row[0], radix: 16)))
      let sentence = Explanation.sentence(for: status)
      #expect(isSentence(sentence), "\(status)")
      #expect(seen.insert(sentence.english).inserted || status == .referencedKeyBlocked, "\(status)")
      #expect(sentence != Explanation.sentence(for: StatusWord(rawValue: status.rawValue ^ 0x005A)))
    }
  }

  @Test func anyStatusWordOfAnyCommand() {
    for raw in stride(from: UInt16.min, through: 0xFFFE, by: 7) {
      for ins: UInt8? in [nil, 0x20, 0xA4, 0xB0] {
        let sentence = Explanation.sentence(for: StatusWord(rawValue: raw), ins: ins)
        #expect(!sentence.japanese.isEmpty && !sentence.english.isEmpty)
      }
    }
  }

  /// Every command of the model has its name.
  @Test func commands() throws {
    for row in try rows("| CLA | INS |") {
      let bytes = try #require([UInt8](hex: row[0] + row[1]))
      #expect(Explanation.instruction(cla: bytes[0], ins: bytes[1]) == row[2])
      let sentence = Explanation.sentence(
        forCommand: [bytes[0], bytes[1], 0x00, 0x80], application: .jpki, currentFile: 0x0018)
      #expect(isSentence(sentence), "\(row)")
    }
    #expect(Explanation.instruction(cla: 0x00, ins: 0xC0) == nil)
  }

  /// Every file of the card has its sentence.
  @Test func files() throws {
    for application in CardGeneration.licence.applications {
      #expect(isSentence(application.title))
      for file in application.files {
        let sentence = try #require(Explanation.sentence(for: FilePath(application.name, file.id)))
        #expect(isSentence(sentence), "\(application.name)/\(file.id)")
        #expect(sentence.english.contains(file.id.description))
      }
    }
    #expect(Explanation.sentence(for: FilePath(.jpki, 0x0003)) == nil)
  }

  struct Row: CustomTestStringConvertible, Sendable {
    let command: String
    let response: String
    let application: ApplicationName
    let file: FileID?
    let japanese: String
    let english: String
    var testDescription: String { "\(command) \(response)" }
  }

  /// What a user sees: change it knowingly.
  static let golden: [Row] = [
    Row(
      command: "00A4040C0AD392F000260100000001", response: "9000", application: .cardManager, file: nil,
      japanese: "公的個人認証APを選択 → 選択しました（9000）", english: "select the JPKI application: selected (9000)"),
    Row(
      command: "00A4020C020018", response: "9000", application: .jpki, file: nil,
      japanese: "利用者証明用電子証明書暗証番号（0018）を選択 → 選択しました（9000）",
      english: "select authentication PIN (0018): selected (9000)"),
    Row(
      command: "00200080", response: "63C3", application: .jpki, file: 0x0018,
      japanese: "利用者証明用電子証明書暗証番号（0018）の残回数を照会 → 照合できる回数は残り3回です（63C3）",
      english: "ask for the tries left of authentication PIN (0018): tries left: 3 (63C3)"),
    Row(
      command: "002000800430303030", response: "63C2", application: .jpki, file: 0x0018,
      japanese: "利用者証明用電子証明書暗証番号（0018）を照合 → 照合に失敗しました（残り2回）（63C2）",
      english: "verify authentication PIN (0018): wrong: 2 tries left (63C2)"),
    Row(
      command: "002000800430303030", response: "63C0", application: .jpki, file: 0x0018,
      japanese: "利用者証明用電子証明書暗証番号（0018）を照合 → 照合に失敗し、ロックされました（残り0回）（63C0）",
      english: "verify authentication PIN (0018): wrong, and blocked now: no tries left (63C0)"),
    Row(
      command: "0020009B06303030303030", response: "6984", application: .jpki, file: nil,
      japanese: "署名用電子証明書暗証番号（001B）を照合 → 暗証番号がロックされています。市区町村の窓口で初期化が必要です（6984）",
      english: "verify signature password (001B): the PIN is blocked; the ward office can set a new one (6984)"),
    Row(
      command: "00B0000004", response: "6982", application: .jpki, file: 0x0001,
      japanese: "署名用電子証明書（0001）を0バイト目から最大4バイト読む → 読むには先に照合が必要です（6982）",
      english:
        "read up to 4 bytes of signature certificate (0001) from offset 0: a PIN must be verified before reading (6982)"
    ),
    Row(
      command: "00B08A0002", response: "30829000", application: .jpki, file: nil,
      japanese: "利用者証明用電子証明書（000A）を0バイト目から最大2バイト読む → 正常に終わりました（9000、2バイト）",
      english: "read up to 2 bytes of authentication certificate (000A) from offset 0: done (9000, 2 bytes)"),
    Row(
      command: "802A0097015500", response: "6982", application: .jpki, file: nil,
      japanese: "利用者証明用秘密鍵（0017）で署名: 与えられたバイト列 → 署名するには先に照合が必要です（6982）",
      english:
        "sign the bytes given with the authentication private key (0017): a PIN must be verified before signing (6982)"
    ),
    Row(
      command: "00B2010C00", response: "6A83", application: .common, file: nil,
      japanese: "カード識別情報（0001）のレコード1を読む → レコードが見つかりません（6A83）",
      english: "read record 1 of card identifier (0001): no such record (6A83)"),
    Row(
      command: "1020008002 3132", response: "9000", application: .jpki, file: 0x0018,
      japanese: "（分割）利用者証明用電子証明書暗証番号（0018）を照合 → 続きを待っています（9000）",
      english: "(chained) verify authentication PIN (0018): waiting for the rest (9000)"),
    Row(
      command: "0020", response: "6700", application: .jpki, file: nil,
      japanese: "コマンドAPDUではありません（2バイト） → LcまたはLeの長さが違います（6700）",
      english: "no command APDU (2 bytes): wrong length (6700)"),
    Row(
      command: "00C0000000", response: "6D00", application: .jpki, file: nil,
      japanese: "未知の命令 00C0 → このカードにない命令（INS）です（6D00）",
      english: "unknown instruction 00C0: the card does not have this instruction (6D00)"),
  ]

  @Test(arguments: golden) func exchange(_ row: Row) throws {
    let text = Explanation.of(
      command: try #require([UInt8](hex: row.command)), response: try #require([UInt8](hex: row.response)),
      application: row.application, currentFile: row.file)
    #expect(text.japanese == row.japanese)
    #expect(text.english == row.english)
  }

  /// No sentence gives away a PIN, for any bytes.
  @Test func anyBytes() {
    var random = RandomBytes(seed: testSeed("ExplanationTests.anyBytes"))
    for _ in 0..<20_000 {
      let command = random.bytes(random.below(20))
      let text = Explanation.of(
        command: command, response: random.bytes(random.below(5)),
        application: random.element(of: CardGeneration.licence.applications.map(\.name)) ?? .jpki,
        currentFile: random.below(2) == 0 ? nil : FileID(UInt16(random.below(0x20))))
      #expect(!text.japanese.isEmpty && !text.english.isEmpty)
    }
    let verify: [UInt8] = [0x00, 0x20, 0x00, 0x80, 0x04] + Array("7391".utf8)
    let text = Explanation.of(command: verify, response: [0x90, 0x00], application: .jpki, currentFile: 0x0018)
    for part in ["7391", "37333931"] { #expect(!text.english.contains(part) && !text.japanese.contains(part)) }
  }
}
