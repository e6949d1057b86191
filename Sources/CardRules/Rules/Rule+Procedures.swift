// Procedures, fees, and what each event does: rules 4.0 to 4.22.

extension Rule {
  static let procedureRules: [Rule] =
    [feeNone, feeReissue, feeExpress, feeWaived, asked] + counterRules + [
      handOver, laterIssue, renewal, afterExpiry, change, reset,
      storeSign, storeAuth, application, revocation, move, nameChange, minorCorrection, stop, release, reissue,
      cardRenewal, stayExtension,
      leavingJapan, death, faceAuthentication, turning15, numberReset,
    ]

  /// 4.0-free: Fee of certificates.
  public static let feeNone = Rule(
    "4.0-free", .procedures, .sure, ["SEED", "FUKUYAMA"],
    ja: ("証明書の手数料", "証明書の発行、更新、満了後の発行は無料。"),
    en: ("Fee of certificates", "Issue, renewal and issue after the end are free."))

  /// 4.0-reissue: Fee of a re-issue.
  public static let feeReissue = Rule(
    "4.0-reissue", .procedures, .sure, ["SEED", "FUKUYAMA", "IKOMA"],
    ja: ("再交付の手数料", "本人の事情でカードを再交付するときは、カード800円、証明書200円(1つでも2つでも同じ)。"),
    en: (
      "Fee of a re-issue",
      "When the card is re-issued for the holder's own cause: card 800 yen, certificates 200 yen (one fee for both)."
    ))

  /// 4.0-express: Fee of an express re-issue.
  public static let feeExpress = Rule(
    "4.0-express", .procedures, .likely, ["IKOMA", "SANUKI"],
    ja: ("特急発行の手数料", "特急発行の再交付は2,000円、証明書なしは1,800円。乳児などは無料。"),
    en: (
      "Fee of an express re-issue",
      "An express re-issue costs 2,000 yen, without certificates 1,800; free for infants and some others."
    ))

  /// 4.0-waived: Free re-issue.
  public static let feeWaived = Rule(
    "4.0-waived", .procedures, .sure, ["IKOMA", "SANUKI"],
    ja: ("無料の再交付", "追記欄の余白なし、国外からの帰国、個人番号の変更、満了に伴う更新では再交付も無料。"),
    en: (
      "Free re-issue",
      "A new card is free when the note space is full, on return from abroad, on a change of number, and as renewal at the end of its time."
    ))

  /// 4.0-pins: PINs that are asked.
  public static let asked = Rule(
    "4.0-pins", .procedures, .sure, ["YOKO-P", "INO", "TSURUGA", "AIKAWA", "KOCHI"],
    ja: ("入力する暗証番号", "証明書の発行と更新では、PIN-Jと、今ある証明書の暗証番号を入力する。"),
    en: (
      "PINs that are asked",
      "For issue and renewal of certificates PIN-J is asked, and the PINs of the certificates that exist."
    ))

  /// 4.1: Hand-over.
  public static let handOver = Rule(
    "4.1", .procedures, .sure, ["NARA", "BLOG-2016", "P8N"],
    ja: ("交付", "証明書の期間は作成日から始まっている(確実)。交付で暗証番号が設定され、カードは運用中になる。"),
    en: (
      "Hand-over",
      "The certificates' time already runs from the day of making (sure). At hand-over the PINs are set and the card becomes active."
    ))

  /// 4.2: Later issue.
  public static let laterIssue = Rule(
    "4.2", .procedures, .sure, ["SEED", "NTA"],
    ja: ("後からの発行", "有効なカードに、窓口で新しい鍵と証明書を書き込む。その証明書の暗証番号も新しく設定する。"),
    en: (
      "Later issue",
      "A new key and certificate are written to a valid card at the office, with a new PIN for that certificate."
    ))

  /// 4.3: Renewal in the window.
  public static let renewal = Rule(
    "4.3", .procedures, .sure, ["SEED", "YOKO-P", "TAGAWA", "KASAOKA"],
    ja: ("期間内の更新", "証明書を両方新しくし、古い証明書は更新により失効する。本人は即日。"),
    en: ("Renewal in the window", "New keys and certificates; the old ones are superseded. Same day for the holder."))

  /// 4.4: Issue after the end.
  public static let afterExpiry = Rule(
    "4.4", .procedures, .sure, ["SEED", "NARA", "MATSU-R"],
    ja: ("満了後の発行", "満了後もカードが有効ならいつでも無料で発行できる。それまでe-Taxなどは使えない。"),
    en: (
      "Issue after the end",
      "After the end certificates are issued free at any time while the card is valid. Until then e-Tax and the like do not work."
    ))

  /// 4.5: Change of a PIN.
  public static let change = Rule(
    "4.5", .procedures, .sure, ["SEED", "J-PW", "MYNA"],
    ja: ("暗証番号の変更", "今の番号を入力して新しい番号にする。PIN-SとPIN-Aはアプリや利用者ソフトでもできる。残り回数は最大に戻り、証明書は変わらない。"),
    en: (
      "Change of a PIN",
      "A new PIN is set with the old one; for PIN-S and PIN-A also with app or client software. The counter is full afterwards, the certificates stay."
    ))

  /// 4.6: Reset of a PIN.
  public static let reset = Rule(
    "4.6", .procedures, .sure, ["SEED", "KASAI", "MIYAZAKI"],
    ja: ("暗証番号の初期化", "窓口では今の番号なしに新しい番号を設定し、残り回数を最大に戻す。鍵と証明書は変わらない。カードは運用中であること。"),
    en: (
      "Reset of a PIN",
      "The office sets a new PIN without the old one; the counter is full afterwards. Keys and certificates stay. The card must be active."
    ))

  /// 4.7: Reset of PIN-S in a shop.
  public static let storeSign = Rule(
    "4.7", .procedures, .sure, ["SEED", "J-RFAQ", "NAHA", "KOKA", "NAKA"],
    ja: ("店舗でのPIN-Sの初期化", "PIN-Aが分かりロックしておらず、証明書が両方とも有効で、写真つきカードなら、アプリの手続から24時間以内に店舗の端末でPIN-Sを初期化できる(6時30分〜23時)。"),
    en: (
      "Reset of PIN-S in a shop",
      "With PIN-A known and not locked, both certificates good and a card with photograph, a kiosk resets PIN-S within 24 hours after the app's part (06:30 to 23:00)."
    ))

  /// 4.8: Reset of PIN-A in a shop.
  public static let storeAuth = Rule(
    "4.8", .procedures, .sure, ["SEED", "J-STORE", "KOKA", "NAHA"],
    ja: ("店舗でのPIN-Aの初期化", "PIN-Sが分かりロックしていなければ、一部の店舗でPIN-Aを初期化できる。どの店かは設定(C1)。"),
    en: (
      "Reset of PIN-A in a shop",
      "With PIN-S known and not locked, some shops reset PIN-A; which ones is a setting (C1)."
    ))

  /// 4.9: App and client software.
  public static let application = Rule(
    "4.9", .procedures, .sure, ["SEED", "J-TOP", "URUMA"],
    ja: ("アプリと利用者ソフト", "今の番号が分かるときの変更だけができる。ロックの後は何もできない。署名用の失効申請もできる。"),
    en: (
      "App and client software",
      "Change only, with the present PIN; nothing after a lock. Revocation of sign can be applied for."
    ))

  /// 4.10: Revocation and surrender.
  public static let revocation = Rule(
    "4.10", .procedures, .likely, ["J-TOP", "MIHARA"],
    ja: ("失効申請と返納", "選んだ証明書が失効し、カードはそのまま使える。返納するとカードは廃止され、証明書は両方失効する。元に戻せない。"),
    en: (
      "Revocation and surrender",
      "The chosen certificates are revoked, the card works on. Surrender abolishes the card and revokes both. Neither can be undone."
    ))

  /// 4.11: Move.
  public static let move = Rule(
    "4.11", .procedures, .sure, ["ACT", "ICHIKI", "YOKO-Q", "SAKURAGAWA-M", "KUWANA", "HIGASHIMATSU"],
    ja: ("転居と転入", "署名用は失効し、利用者証明用は有効のまま。転入では14日以内の届出(予定日から30日以内)と、届出から90日以内の継続利用が要り、しないとカードが失効する。"),
    en: (
      "Move",
      "sign is revoked, auth lives. Into another municipality: notice within 14 days of the move and 30 days of the planned date, continuing use within 90 days of the notice, otherwise the card lapses."
    ))

  /// 4.12: Name change.
  public static let nameChange = Rule(
    "4.12", .procedures, .sure, ["ACT", "DERIVED"],
    ja: ("氏名などの変更", "署名用は失効し、利用者証明用は有効のまま。照合番号Bは変わらない。"),
    en: ("Name change", "sign is revoked, auth lives. Number B does not change."))

  /// 4.12-minor: Minor correction.
  public static let minorCorrection = Rule(
    "4.12-minor", .procedures, .sure, ["ACT"],
    ja: ("軽微な修正", "法令が軽微とする記載の修正では、署名用は失効しない。"),
    en: ("Minor correction", "A correction of the record that the ordinance calls minor does not revoke sign."))

  /// 4.13: Loss: temporary stop.
  public static let stop = Rule(
    "4.13", .procedures, .sure, ["NAKATSU", "IKOMA", "J-LOST"],
    ja: ("紛失の一時停止", "電話で24時間いつでもカードと証明書を一時停止できる。チップは変わらない。"),
    en: (
      "Loss: temporary stop", "By phone, day and night, card and certificates are stopped; the chip does not change."
    ))

  /// 4.14: Found again.
  public static let release = Rule(
    "4.14", .procedures, .likely, ["J-GUIDE", "KATSURAGI-L"],
    ja: ("見つかったとき", "窓口で一時停止を解除する。利用者証明用は戻り、署名用は新しく発行する(C3)。電話では解除できない。"),
    en: (
      "Found again", "The office releases the stop. auth works again, sign is issued anew (C3). No release by phone."
    ))

  /// 4.15: Re-issue of the card.
  public static let reissue = Rule(
    "4.15", .procedures, .likely, ["YOKO-Q", "HIRAKATA", "IKOMA"],
    ja: ("カードの再交付", "まずカードを廃止し、証明書は両方失効する。新しいカードに新しい証明書と暗証番号。"),
    en: (
      "Re-issue of the card",
      "The card is abolished first and both certificates are revoked; the new card brings new certificates and PINs."
    ))

  /// 4.16: Renewal of the card.
  public static let cardRenewal = Rule(
    "4.16", .procedures, .likely, ["IKOMA"],
    ja: ("カードの更新", "満了前3か月から申請できる。古いカードは新しいカードの交付まで使え、証明書は新しくなる。無料。"),
    en: (
      "Renewal of the card",
      "Possible in the last 3 months. The old card works until the new one is handed over; the certificates come new. Free."
    ))

  /// 4.17: Longer stay.
  public static let stayExtension = Rule(
    "4.17", .procedures, .likely, ["UNZEN", "OGI", "KATSURAGI-F", "TOKAI-F"],
    ja: ("在留期間の延長", "カードの満了前に窓口で新しい満了日を書き込む。証明書は失効し、新しく申請する。遅れると再交付(有料)。"),
    en: (
      "Longer stay",
      "Before the card ends the office writes the new end; the certificates lapse and are applied for again. Too late means a paid re-issue."
    ))

  /// 4.18: Leaving Japan.
  public static let leavingJapan = Rule(
    "4.18", .procedures, .sure, ["TOMIGUSUKU", "KATANO"],
    ja: ("国外転出", "日本人は出国の前日までに継続利用の手続をする。署名用は転出日に失効し、新しく発行できる。手続をしない人と外国人は、カードも証明書も失効する。"),
    en: (
      "Leaving Japan",
      "Japanese nationals arrange continuing use by the day before leaving; sign is revoked on the day and issued anew on request. Without it, and for foreign residents, card and certificates lapse."
    ))

  /// 4.19: Death.
  public static let death = Rule(
    "4.19", .procedures, .likely, ["ACT", "TOKAI-L"],
    ja: ("死亡", "住民記録により証明書は両方失効し(署名用は確実)、カードも失効する。"),
    en: ("Death", "Through the resident record both certificates are revoked (sure for sign) and the card lapses."))

  /// 4.20: Face-authentication card.
  public static let faceAuthentication = Rule(
    "4.20", .procedures, .sure, ["ASHIKAGA", "MINAMATA-F"],
    ja: ("顔認証カードへの切替え", "署名用は失効して消え、利用者証明用は暗証番号なしで残る。戻すときは暗証番号を設定し、希望により署名用を発行する。"),
    en: (
      "Face-authentication card",
      "sign is revoked and removed, auth stays without PIN. Back: PINs are set, sign is issued on request."
    ))

  /// 4.21: Turning 15.
  public static let turning15 = Rule(
    "4.21", .procedures, .sure, ["SEED", "DERIVED"],
    ja: ("15歳になったとき", "署名用は自動では発行されない。本人がひとりで申請でき、利用者証明用とカードの満了日を超えない。"),
    en: ("Turning 15", "sign does not come by itself; the holder applies alone, and auth and card cap its end."))

  /// 4.22: Reset of the numbers.
  public static let numberReset = Rule(
    "4.22", .procedures, .likely, ["ELLE"],
    ja: ("照合番号の初期化", "窓口で、カードと本人確認書類により初期化する。店舗やアプリではできない。"),
    en: ("Reset of the numbers", "The office resets them, with card and document. No shop, no app."))
}
