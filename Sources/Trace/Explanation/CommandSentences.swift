import CardKernel
import ISO7816
import MyNumberCard

/// What a command asks for, in a sentence.
enum CommandSentences {
  /// The name of the instruction, `nil` when the card has none such.
  static func name(cla: UInt8, ins: UInt8) -> String? {
    switch (cla & 0xEF, ins) {
    case (0x00, 0x20), (0x08, 0x20), (0x0C, 0x20): "VERIFY"
    case (0x00, 0xA4), (0x08, 0xA4), (0x0C, 0xA4): "SELECT FILE"
    case (0x00, 0xB0), (0x08, 0xB0), (0x0C, 0xB0): "READ BINARY"
    case (0x00, 0x24): "CHANGE REFERENCE DATA"
    case (0x00, 0x82): "EXTERNAL AUTHENTICATE"
    case (0x00, 0x84): "GET CHALLENGE"
    case (0x00, 0x88): "INTERNAL AUTHENTICATE"
    case (0x00, 0xB2): "READ RECORD(S)"
    case (0x00, 0xCA): "GET DATA"
    case (0x00, 0xD6): "UPDATE BINARY"
    case (0x00, 0xDC): "UPDATE RECORD"
    case (0x80, 0x06): "ERASE ALL RECORDS"
    case (0x80, 0x2A): "COMPUTE DIGITAL SIGNATURE"
    case (0x80, 0x32): "CHANGE KEY"
    case (0x80, 0x50): "LOCK DF"
    case (0x80, 0x52): "UNLOCK DF"
    case (0x80, 0x54): "UNLOCK KEY"
    case (0x80, 0x8A): "MANAGE ATTRIBUTES"
    case (0x80, 0xA2): "SET PUBLIC IC KEY"
    case (0x80, 0xAE): "SET SESSION KEY"
    case (0x80, 0xFC): "(last command)"
    case (0xEF, 0xCA): "(reader: identifier)"
    default: nil
    }
  }

  static func sentence(for apdu: CommandAPDU, application: ApplicationName, file: FileID?) -> LocalizedText {
    let text = plain(apdu, application, file)
    if apdu.cla == 0x10 || apdu.cla == 0x90 {
      return LocalizedText(japanese: "（分割）\(text.japanese)", english: "(chained) \(text.english)")
    }
    if apdu.cla == 0x08 || apdu.cla == 0x0C {
      return LocalizedText(japanese: "（暗号化）\(text.japanese)", english: "(secure) \(text.english)")
    }
    return text
  }

  private static func plain(
    _ apdu: CommandAPDU, _ application: ApplicationName, _ current: FileID?
  ) -> LocalizedText {
    func named(_ id: FileID?) -> LocalizedText { Explanation.name(of: id, in: application) }
    func reference(_ p2: UInt8) -> LocalizedText {
      named(p2 == 0x80 ? current : FileID(shortIdentifier: p2 & 0x1F))
    }
    switch (name(cla: apdu.cla, ins: apdu.ins), apdu.ins) {
    case (nil, _):
      let code = [apdu.cla, apdu.ins].hexString
      return LocalizedText(japanese: "未知の命令 \(code)", english: "unknown instruction \(code)")
    case (_, 0xA4): return selection(apdu, application)
    case (_, 0xB0):
      let isShort = apdu.p1 & 0x80 != 0
      let file = named(isShort ? FileID(shortIdentifier: apdu.p1 & 0x1F) : current)
      let offset = isShort ? Int(apdu.p2) : Int(apdu.p1) << 8 | Int(apdu.p2)
      // Under secure messaging the wanted length stands in the data.
      let count = apdu.cla & 0x0C == 0 ? apdu.expectedLength ?? 0 : nil
      let ja = count.map { "最大\($0)バイト" } ?? ""
      let en = count.map { "up to \($0) bytes of " } ?? ""
      return LocalizedText(
        japanese: "\(file.japanese)を\(offset)バイト目から\(ja)読む", english: "read \(en)\(file.english) from offset \(offset)")
    case (_, 0xB2):
      let file = named(apdu.p2 >> 3 == 0 ? current : FileID(shortIdentifier: apdu.p2 >> 3))
      return LocalizedText(
        japanese: "\(file.japanese)のレコード\(apdu.p1)を読む", english: "read record \(apdu.p1) of \(file.english)")
    case (_, 0x20):
      let file = reference(apdu.p2)
      return apdu.data.isEmpty
        ? LocalizedText(japanese: "\(file.japanese)の残回数を照会", english: "ask for the tries left of \(file.english)")
        : LocalizedText(japanese: "\(file.japanese)を照合", english: "verify \(file.english)")
    case (_, 0x24), (_, 0x32):
      let file = reference(apdu.p2)
      return LocalizedText(japanese: "\(file.japanese)を変更", english: "change \(file.english)")
    case (_, 0x2A): return signature(apdu, application, key: reference(apdu.p2))
    case (_, 0x84):
      let count = apdu.expectedLength ?? 0
      return LocalizedText(japanese: "乱数\(count)バイトを求める", english: "ask for \(count) random bytes")
    case (_, 0x88):
      let key = reference(apdu.p2)
      return LocalizedText(japanese: "\(key.japanese)で内部認証", english: "internal authentication with \(key.english)")
    case (_, 0x82):
      return LocalizedText(japanese: "端末がカードの乱数に署名して認証", english: "the terminal authenticates itself")
    case (_, 0xA2):
      return LocalizedText(
        japanese: apdu.p1 == 0x06 ? "端末のCV証明書（本体）を渡す" : "端末のCV証明書（署名）を渡す",
        english: apdu.p1 == 0x06 ? "present a terminal certificate, body" : "present a terminal certificate, signature")
    case (_, 0xAE):
      return LocalizedText(japanese: "セッション鍵を設定", english: "set a session key")
    case (_, 0xCA) where apdu.cla == 0xFF:
      return LocalizedText(japanese: "リーダにカードのPUPIを尋ねる", english: "ask the reader for the card's identifier")
    case (_, 0xCA):
      let tag = [apdu.p1, apdu.p2].hexString
      return LocalizedText(japanese: "データオブジェクト\(tag)を読む", english: "read data object \(tag)")
    case (let name?, _):
      return LocalizedText(japanese: "\(name)（発行者・自治体端末用）", english: "\(name), for the issuer's terminals")
    }
  }

  private static func selection(_ apdu: CommandAPDU, _ application: ApplicationName) -> LocalizedText {
    if apdu.p1 == 0x02, apdu.cla & 0x0C == 0 {
      let file = Explanation.name(of: FileID(bytes: apdu.data), in: application)
      return LocalizedText(japanese: "\(file.japanese)を選択", english: "select \(file.english)")
    }
    if apdu.p1 == 0x04, apdu.cla & 0x0C == 0 {
      let known = CardGeneration.licence.applications.first { [UInt8](hex: $0.id) == apdu.data }
      if let title = known?.title {
        return LocalizedText(japanese: "\(title.japanese)を選択", english: "select the \(title.english)")
      }
      let name = apdu.data.hexString
      return apdu.p2 == 0x02
        ? LocalizedText(japanese: "名前が\(name)で始まる次のAPを選択", english: "select the next application named \(name)…")
        : LocalizedText(japanese: "名前が\(name)で始まるAPを選択", english: "select an application named \(name)…")
    }
    return LocalizedText(japanese: "選択（P1=\([apdu.p1].hexString)）", english: "select, P1=\([apdu.p1].hexString)")
  }

  private static let schemes: [(japanese: String, english: String)] = [
    ("与えられたバイト列", "the bytes given"), ("カードで計算したハッシュ", "a hash made on the card"),
    ("与えられたハッシュ（DigestInfo付加）", "a hash given, with DigestInfo"),
    ("カードで計算したハッシュ（DigestInfo付加）", "a hash made on the card, with DigestInfo"),
    ("与えられたハッシュ（PSS）", "a hash given, PSS"), ("カードで計算したハッシュ（PSS）", "a hash made on the card, PSS"),
  ]

  private static func signature(
    _ apdu: CommandAPDU, _ application: ApplicationName, key: LocalizedText
  ) -> LocalizedText {
    let scheme =
      schemes.indices.contains(Int(apdu.p1))
      ? schemes[Int(apdu.p1)] : ("未知の方式\([apdu.p1].hexString)", "unknown scheme \([apdu.p1].hexString)")
    guard apdu.p2 != 0x00 else {
      return LocalizedText(
        japanese: "APの既定の鍵で署名: \(scheme.0)", english: "sign \(scheme.1) with the application's default key")
    }
    return LocalizedText(
      japanese: "\(key.japanese)で署名: \(scheme.0)", english: "sign \(scheme.1) with the \(key.english)")
  }
}
