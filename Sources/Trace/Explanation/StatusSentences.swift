import ISO7816
import MyNumberCard

/// One sentence for every status word, and where a command gives it a meaning of its own, one for that.
enum StatusSentences {
  private typealias Row = (japanese: String, english: String)

  static func sentence(for status: StatusWord, ins: UInt8?, isQuery: Bool) -> LocalizedText {
    if let left = status.triesLeft { return tries(left, isQuery: isQuery) }
    if let ins, let row = special[Key(ins: ins, status: status.rawValue)] { return text(row) }
    if let row = general[status.rawValue] { return text(row) }
    return family(of: status)
  }

  private static func text(_ row: Row) -> LocalizedText {
    LocalizedText(japanese: row.japanese, english: row.english)
  }

  private static func tries(_ left: Int, isQuery: Bool) -> LocalizedText {
    switch (isQuery, left) {
    case (true, 0): text(("ロックされています（残り0回）", "blocked: no tries left"))
    case (true, _): text(("照合できる回数は残り\(left)回です", "tries left: \(left)"))
    case (false, 0):
      text(("照合に失敗し、ロックされました（残り0回）", "wrong, and blocked now: no tries left"))
    case (false, _):
      text(("照合に失敗しました（残り\(left)回）", "wrong: \(left) \(left == 1 ? "try" : "tries") left"))
    }
  }

  private static func family(of status: StatusWord) -> LocalizedText {
    switch status.rawValue >> 8 {
    case 0x61:
      text(("残りの応答データがあります（GET RESPONSEで取得）", "more answer data waits for GET RESPONSE"))
    case 0x6C: text(("Leが違います（正しい長さはSW2）", "wrong Le; SW2 is the right one"))
    case 0x62, 0x63: text(("警告つきで終わりました", "done, with a warning"))
    case 0x64, 0x65, 0x66: text(("実行エラーです", "execution failed"))
    case 0x67...0x6F: text(("コマンドが誤りです", "the command was wrong"))
    default: text(("未知のステータスワードです", "an unknown status word"))
    }
  }

  private static let general: [UInt16: Row] = [
    0x9000: ("正常に終わりました", "done"),
    0x6281: ("出力データに誤りがあるかもしれません", "the data may be corrupted"),
    0x6282: ("Leバイト読む前にファイルの終わりに達しました", "the end of the file came before Le bytes"),
    0x6283: ("選択したファイルは閉塞しています", "the selected file is deactivated"),
    0x6300: ("照合に失敗しました", "wrong, with no limit of tries"),
    0x6381: ("ファイルがいっぱいになりました", "the file is full now"),
    0x6400: ("実行エラーです（メモリは変わっていません）", "execution failed; the memory is unchanged"),
    0x6581: ("メモリへの書込みに失敗しました", "the card's memory could not be written"),
    0x66F1: ("このAPにはセッション鍵がありません", "this application has no session key"),
    0x6700: ("LcまたはLeの長さが違います", "wrong length"),
    0x6881: ("その論理チャネルは使えません", "this logical channel is not supported"),
    0x6882: ("ここではセキュアメッセージングを使えません", "secure messaging is not supported here"),
    0x6981: ("ファイルの種類に合わないコマンドです", "the command does not fit this kind of file"),
    0x6982: ("必要な照合がまだ済んでいません", "a PIN must be verified first"),
    0x6983: ("暗証番号がロックされています", "the PIN is blocked"),
    0x6984: ("暗証番号がロックされています", "the PIN is blocked"),
    0x6985: ("使用条件を満たしていません", "not possible with this key or in this state"),
    0x6986: ("EFが選択されていません", "no file is selected"),
    0x6987: ("セキュアメッセージングのデータがありません", "secure messaging objects are missing"),
    0x6988: (
      "セキュアメッセージングのデータが誤りです。セッションは終わりました",
      "secure messaging objects are wrong; the session is over"
    ),
    0x69FC: ("セキュアメッセージングのセッションがありません", "there is no secure messaging session"),
    0x6A80: ("データの内容が誤りです", "the data are wrong"),
    0x6A81: ("この機能はありません", "this function is not supported"),
    0x6A82: ("ファイルまたはAPが見つかりません", "no such file or application"),
    0x6A83: ("レコードが見つかりません", "no such record"),
    0x6A84: ("メモリが足りません", "not enough memory"),
    0x6A85: ("LcがTLV構造に合いません", "Lc does not fit the TLV structure"),
    0x6A86: ("P1またはP2が誤りです", "wrong P1 or P2"),
    0x6A87: ("LcがP1・P2に合いません", "Lc does not fit P1 and P2"),
    0x6A88: ("参照したデータが見つかりません", "no such data object"),
    0x6B00: ("オフセットがファイルの外です", "the offset lies outside the file"),
    0x6D00: ("このカードにない命令（INS）です", "the card does not have this instruction"),
    0x6E00: ("このカードにないクラス（CLA）です", "the card does not have this class"),
    0x6F00: ("原因を特定できないエラーです", "no precise diagnosis"),
  ]

  private struct Key: Hashable {
    let ins: UInt8
    let status: UInt16
  }

  private static let special: [Key: Row] = [
    Key(ins: 0x20, status: 0x9000): ("照合に成功しました（残回数は最大に戻ります）", "right; the counter is full again"),
    Key(ins: 0x20, status: 0x6581): (
      "残回数を書き込めませんでした。1回減り、照合はしていません",
      "the counter could not be written: a try is spent, and the PIN was not looked at"
    ),
    Key(ins: 0x20, status: 0x6700): (
      "暗証番号の長さが違います（残回数は変わりません）", "wrong length; no try is spent"
    ),
    Key(ins: 0x20, status: 0x6981): ("暗証番号のファイルではありません", "the file is no PIN"),
    Key(ins: 0x20, status: 0x6985): ("鍵のファイルで、暗証番号ではありません", "the file is a key, not a PIN"),
    Key(ins: 0x20, status: 0x6984): (
      "暗証番号がロックされています。市区町村の窓口で初期化が必要です",
      "the PIN is blocked; the ward office can set a new one"
    ),
    Key(ins: 0x20, status: 0x6983): (
      "暗証番号がロックされています。市区町村の窓口で初期化が必要です",
      "the PIN is blocked; the ward office can set a new one"
    ),
    Key(ins: 0x24, status: 0x9000): ("暗証番号を変更しました", "the PIN is changed"),
    Key(ins: 0x24, status: 0x6982): ("先に今の暗証番号を照合してください", "the old PIN must be verified first"),
    Key(ins: 0x24, status: 0x6700): ("新しい暗証番号の長さが違います", "the new PIN has a wrong length"),
    Key(ins: 0x24, status: 0x6A80): (
      "新しい暗証番号に使えない文字があります", "the new PIN has characters that are not allowed"
    ),
    Key(ins: 0x32, status: 0x9000): ("暗証番号を変更しました", "the PIN is changed"),
    Key(ins: 0x32, status: 0x6982): ("先に今の暗証番号を照合してください", "the old PIN must be verified first"),
    Key(ins: 0x32, status: 0x6700): ("新しい暗証番号の長さが違います", "the new PIN has a wrong length"),
    Key(ins: 0x32, status: 0x6A80): (
      "新しい暗証番号に使えない文字があります", "the new PIN has characters that are not allowed"
    ),
    Key(ins: 0xA4, status: 0x9000): ("選択しました", "selected"),
    Key(ins: 0xB0, status: 0x6982): ("読むには先に照合が必要です", "a PIN must be verified before reading"),
    Key(ins: 0xB0, status: 0x6B00): ("オフセットがファイルの終わり以降です", "the offset is at or behind the end of the file"),
    Key(ins: 0xB0, status: 0x6981): (
      "読み出せるファイルではありません（暗証番号・鍵・レコード）", "the file cannot be read: a PIN, a key or records"
    ),
    Key(ins: 0x2A, status: 0x9000): ("署名しました", "signed"),
    Key(ins: 0x2A, status: 0x6982): ("署名するには先に照合が必要です", "a PIN must be verified before signing"),
    Key(ins: 0x2A, status: 0x6981): ("秘密鍵のファイルではありません", "the file is no private key"),
    Key(ins: 0x2A, status: 0x6985): (
      "この鍵またはこの長さのデータでは署名できません", "no signature with this key or over data of this length"
    ),
    Key(ins: 0xCA, status: 0x6700): (
      "データオブジェクトがLeより長いので、拡張Leが必要です", "the data object is longer than Le; ask with an extended Le"
    ),
    Key(ins: 0x84, status: 0x6985): ("拡張Leは使えません（256バイトまで）", "no extended Le: 256 bytes at most"),
  ]
}
