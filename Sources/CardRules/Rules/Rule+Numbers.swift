// The numbers printed on the card that open parts of its face data.

extension Rule {
  static let numberRules: [Rule] = [
    numberA, numberB, numberBirth, numberTries, numberLock, numberBExtension,
  ]

  /// NUM-A: 照合番号A (number A).
  public static let numberA = Rule(
    "NUM-A", .numbers, .sure, ["MC", "JRS"],
    ja: ("照合番号A", "個人番号12桁(末尾は検査用数字)。個人番号入りの顔画像と個人番号を開く。"),
    en: (
      "照合番号A (number A)",
      "The 12-digit individual number, whose last digit is a check digit; it opens the face picture with the number, and the number."
    ))

  /// NUM-B: 照合番号B (number B).
  public static let numberB = Rule(
    "NUM-B", .numbers, .sure, ["MC", "JRS", "ELLE"],
    ja: ("照合番号B", "14桁: 生年月日の和暦YYMMDD(6)+カードの満了年の西暦YYYY(4)+券面のセキュリティコード(4)。個人番号なしの顔画像を開く。"),
    en: (
      "照合番号B (number B)",
      "14 digits: birth date as era-year YYMMDD (6), last year of the card YYYY (4), security code printed on the face (4); it opens the face picture without the number."
    ))

  /// NUM-BIRTH: Birth date alone.
  public static let numberBirth = Rule(
    "NUM-BIRTH", .numbers, .sure, ["MC"],
    ja: ("生年月日だけの鍵", "券面事項確認APには、和暦の生年月日6桁だけの第三の鍵がある。"),
    en: (
      "Birth date alone",
      "A third key, the 6-digit birth date of the era year alone, exists in the face data application."
    ))

  /// NUM-TRIES: Tries of the numbers.
  public static let numberTries = Rule(
    "NUM-TRIES", .numbers, .likely, ["RECALL"],
    ja: ("照合番号の回数", "照合番号は10回でロックする(開発者の間の通説、設定で変えられる)。"),
    en: ("Tries of the numbers", "10 tries each, locked afterwards (common among developers; a setting)."))

  /// NUM-LOCK: Lock of number B.
  public static let numberLock = Rule(
    "NUM-LOCK", .numbers, .likely, ["ELLE"],
    ja: ("照合番号Bのロック", "西暦の年や暗証番号を入れて実際にロックする人がいる。店舗の初期化では直らず、窓口で初期化する。"),
    en: (
      "Lock of number B",
      "It happens in bank and phone-shop apps: western year typed for era year, PIN typed for the security code. A shop does not help; the office resets it."
    ))

  /// NUM-EXT: Number B after an extension.
  public static let numberBExtension = Rule(
    "NUM-EXT", .numbers, .unknown, ["CHOICE"],
    ja: ("延長後の照合番号B", "カードの満了年が書き換わったとき照合番号Bが変わるかは不明。ここでは新しい年で作り直す(設定)。"),
    en: (
      "Number B after an extension",
      "Whether number B changes when the card's last year is rewritten is unknown; here it is composed anew (a setting)."
    ))
}
