// PINs: their forms, counters and locks. Rules PIN-S to PIN-K and 1.2.1 to 1.2.15.

extension Rule {
  static let pinRules: [Rule] = [
    pinS, pinA, pinJ, pinK, pins1, pins2, pins3, pins4, pins5, pins6, pins7, pins8, pins9, pins10, pins11, pins12,
    pins13, pins14, pins15,
  ]

  /// PIN-S: PIN-S, password of sign.
  public static let pinS = Rule(
    "PIN-S", .pins, .sure, ["J-PW", "MATSU-I", "OOKI", "SEED", "TSU", "MASAKI"],
    ja: ("署名用暗証番号", "半角6〜16文字、英大文字A〜Zと数字0〜9で、英字と数字をそれぞれ1つ以上含む。公式ソフトはこの暗証番号だけ小文字を大文字に直して送る。続けて5回間違えるとロックする。"),
    en: (
      "PIN-S, password of sign",
      "6 to 16 half-width characters, capitals A–Z and digits 0–9, at least one letter and one digit. The official client turns lower case into capitals for this PIN only. Locked after 5 wrong entries in a row."
    ))

  /// PIN-A: PIN-A, PIN of auth.
  public static let pinA = Rule(
    "PIN-A", .pins, .sure, ["SEED", "J-PW", "MINAMATA", "TSU", "MASAKI"],
    ja: ("利用者証明用暗証番号", "数字4桁。ログイン、コンビニ交付、健康保険証に使う。続けて3回間違えるとロックする。"),
    en: (
      "PIN-A, PIN of auth",
      "4 digits. For log-in, certificates at convenience stores and health insurance. Locked after 3 wrong entries in a row."
    ))

  /// PIN-J: PIN-J, resident record.
  public static let pinJ = Rule(
    "PIN-J", .pins, .sure, ["MINAMATA", "YAMATO", "KASAI", "TSUSHIMA"],
    ja: ("住民基本台帳用暗証番号", "数字4桁。窓口で住所や氏名の書込み、転入、証明書の発行と更新に使う。続けて3回間違えるとロックする。"),
    en: (
      "PIN-J, resident record",
      "4 digits. At the office: writing a new address or name, moving in, issue and renewal of certificates. Locked after 3 wrong entries in a row."
    ))

  /// PIN-K: PIN-K, text input help.
  public static let pinK = Rule(
    "PIN-K", .pins, .sure, ["MINAMATA", "YAMATO", "KASAI", "TSUSHIMA"],
    ja: ("券面事項入力補助用暗証番号", "数字4桁。個人番号と基本4情報を文字データで読むのに使う。続けて3回間違えるとロックする。"),
    en: (
      "PIN-K, text input help",
      "4 digits. For reading the number and the four basic data as text. Locked after 3 wrong entries in a row."
    ))

  /// 1.2.1: The three 4-digit PINs may be equal.
  public static let pins1 = Rule(
    "1.2.1", .pins, .sure, ["MINAMATA", "YAMATO", "INO"],
    ja: ("4桁の3つは同じでもよい", "PIN-A、PIN-J、PIN-Kは同じ番号にできる。PIN-Sは形が違うので必ず別。"),
    en: (
      "The three 4-digit PINs may be equal",
      "PIN-A, PIN-J and PIN-K may be the same number; PIN-S is always separate because of its form."
    ))

  /// 1.2.2: Equal PINs have separate counters.
  public static let pins2 = Rule(
    "1.2.2", .pins, .sure, ["MC", "MYNA"],
    ja: ("同じ番号でも回数は別", "番号が同じでも残り回数は別々で、1つがロックしてもほかは使える。"),
    en: (
      "Equal PINs have separate counters",
      "Even when they are equal they are separate counters: locking one leaves the others open."
    ))

  /// 1.2.3: PIN-J is kept twice.
  public static let pins3 = Rule(
    "1.2.3", .pins, .likely, ["MC"],
    ja: ("PIN-Jは2か所にある", "PIN-Jは2つのカードアプリの2つの鍵にあり(確実)、設定、変更、初期化はいつも一緒に行う(おそらく)。"),
    en: (
      "PIN-J is kept twice",
      "PIN-J is held by two key objects of two card applications (sure); both are set, changed and reset together (likely)."
    ))

  /// 1.2.4: Setting in one go.
  public static let pins4 = Rule(
    "1.2.4", .pins, .likely, ["BLOG-2016"],
    ja: ("まとめて設定", "窓口端末は4桁の3つをまとめても別々にも設定できる。一度別々に設定すると、以後は1つとして扱わない。"),
    en: (
      "Setting in one go",
      "The counter terminal can set the three 4-digit PINs in one go or one by one; once one has been set separately they are no longer treated as one."
    ))

  /// 1.2.5: A right entry refills.
  public static let pins5 = Rule(
    "1.2.5", .pins, .likely, ["TSU"],
    ja: ("正しい入力で回数が戻る", "正しく入力すると残り回数は最大に戻る。"),
    en: ("A right entry refills", "A right entry restores the full number of tries."))

  /// 1.2.6: Waiting does not help.
  public static let pins6 = Rule(
    "1.2.6", .pins, .likely, ["KAMINOYAMA"],
    ja: ("待っても戻らない", "日がたっても残り回数は戻らない。"),
    en: ("Waiting does not help", "The count does not come back overnight."))

  /// 1.2.7: After a lock even the right PIN is refused.
  public static let pins7 = Rule(
    "1.2.7", .pins, .sure, ["URUMA", "J-FAQ"],
    ja: ("ロック後は正しい番号も通らない", "ロックの後は正しい暗証番号も通らず、初期化(窓口、PIN-SとPIN-Aは店舗でも)しかない。"),
    en: (
      "After a lock even the right PIN is refused",
      "After a lock even the right PIN is refused; only a reset helps (office, or a shop for PIN-S and PIN-A)."
    ))

  /// 1.2.8: The office cannot tell a PIN.
  public static let pins8 = Rule(
    "1.2.8", .pins, .likely, ["MISAKI"],
    ja: ("窓口は番号を知らない", "窓口は暗証番号を見ることも教えることもできない。"),
    en: ("The office cannot tell a PIN", "The office cannot see or tell a PIN."))

  /// 1.2.9: A reset sets a new PIN.
  public static let pins9 = Rule(
    "1.2.9", .pins, .likely, ["BLOG-2017", "J-FAQ", "LIMO"],
    ja: ("初期化は新しい番号の設定", "今の窓口の操作は1つで、本人が新しい番号を入力して終わる(前と同じ番号でもよい)。"),
    en: (
      "A reset sets a new PIN",
      "Today's offices do one operation that ends with a newly entered PIN; the holder may enter the same characters again."
    ))

  /// 1.2.10: Weak PINs.
  public static let pins10 = Rule(
    "1.2.10", .pins, .unknown, ["MATSU-I"],
    ja: ("弱い番号", "生年月日、1234、同じ数字4つは避けるよう案内される(確実)。端末が拒むかどうかは不明で、ここでは警告だけとする。"),
    en: (
      "Weak PINs",
      "Birthdays, 1234 and one repeated digit are discouraged (sure). Whether the terminal refuses them is unknown; here they get a warning."
    ))

  /// 1.2.11: A lock leaves the certificate good.
  public static let pins11 = Rule(
    "1.2.11", .pins, .sure, ["J-FAQ"],
    ja: ("ロックは証明書に影響しない", "ロックしても証明書は失効も期限切れもせず、登録済みのサービスからは有効のまま。"),
    en: (
      "A lock leaves the certificate good",
      "A lock changes nothing in the registry: the certificate is neither revoked nor expired, and services keep seeing it as good."
    ))

  /// 1.2.12: Form mixed up.
  public static let pins12 = Rule(
    "1.2.12", .pins, .likely, ["J-FAQ", "NEWS-LOCK"],
    ja: ("桁数の取り違え", "6〜16文字の欄に4桁を入れる(またはその逆)間違いが最も多い。送る前に形を確かめれば1回分を失わない。"),
    en: (
      "Form mixed up",
      "A 4-digit PIN typed where 6 to 16 characters are asked, and the reverse, is the commonest mix-up; a client that checks the form first spares a try."
    ))

  /// 1.2.13: Printed slip.
  public static let pins13 = Rule(
    "1.2.13", .pins, .sure, ["AIKAWA", "MINAMATA", "TSURUGA"],
    ja: ("暗証番号の控え", "交付のときに暗証番号の控えを渡すか書いてもらい、更新のときに見てもらう。"),
    en: ("Printed slip", "A slip with the PINs is given or filled in at hand-over and asked for again at renewal."))

  /// 1.2.14: The holder types.
  public static let pins14 = Rule(
    "1.2.14", .pins, .likely, ["EXPY-1"],
    ja: ("入力するのは本人", "交付のときの暗証番号は、本人が客側のタッチパネルで入力する。"),
    en: ("The holder types", "PINs set at hand-over are typed by the holder on a touch panel facing the customer."))

  /// 1.2.15: Under 15 the legal representative sets them.
  public static let pins15 = Rule(
    "1.2.15", .pins, .sure, ["MINAMIASHI", "SHIMOGO"],
    ja: ("15歳未満は法定代理人が設定", "15歳未満の子の暗証番号は法定代理人が設定する。"),
    en: ("Under 15 the legal representative sets them", "For a child under 15 the legal representative sets the PINs."))
}
