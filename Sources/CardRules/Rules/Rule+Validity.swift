// From when and until when: rules R1 to R21.

extension Rule {
  static let validityRules: [Rule] = [
    r1, r2, r3, r4, r5, r6, r6b, r7, r8, r9, r10, r11, r12, r13, r14, r15, r16, r17, r18, r19, r20, r21,
  ]

  /// R1: Birthdays after the day of issue count.
  public static let r1 = Rule(
    "R1", .validity, .sure, ["HIGASHIMURA", "AIKAWA", "TSUSHIMA", "NARA"],
    ja: (
      "発行日より後の誕生日を数える",
      "「発行の日からn回目の誕生日」は、発行日より後の誕生日だけを数える。誕生日当日の発行では、その日は数えない。"
    ),
    en: (
      "Birthdays after the day of issue count",
      "\"n-th birthday from issue\" counts birthdays strictly after the day of issue; an issue on the birthday does not count that day."
    ))

  /// R2: Which day is the day of issue.
  public static let r2 = Rule(
    "R2", .validity, .likely, ["NARA", "KASAOKA", "SAKURA", "DERIVED"],
    ja: (
      "発行日とはどの日か",
      "カードと一緒に作られる証明書の発行日は、交付日ではなくJ-LISがカードを作った日。窓口で書き込む証明書の発行日はその日(後半は推論)。"
    ),
    en: (
      "Which day is the day of issue",
      "For certificates made together with the card it is the day on which J-LIS makes the card, not the hand-over; for certificates written at the counter it is that day (the second half is derived)."
    ))

  /// R3: End of auth.
  public static let r3 = Rule(
    "R3", .validity, .sure, ["SEED"],
    ja: ("利用者証明用の満了日", "利用者証明用電子証明書は、5回目の誕生日とカードの満了日のうち早い日まで有効。"),
    en: ("End of auth", "auth ends on the earlier of the 5th birthday and the end of the card."))

  /// R4: End of sign.
  public static let r4 = Rule(
    "R4", .validity, .sure, ["SEED", "TSURUGA"],
    ja: (
      "署名用の満了日",
      "署名用電子証明書は、5回目の誕生日、利用者証明用電子証明書があればその満了日、カードの満了日のうち最も早い日まで有効。"
    ),
    en: (
      "End of sign",
      "sign ends on the earliest of the 5th birthday, the end of auth if the holder has one, and the end of the card."
    ))

  /// R5: Renewal gives the 6th.
  public static let r5 = Rule(
    "R5", .validity, .likely, ["SEED", "J-PERIOD", "MATSU-R", "HIGASHIMURA"],
    ja: (
      "更新なら6回目",
      "更新期間内に有効な証明書を更新すると、5回目でなく6回目の誕生日になる。署名用は確実。利用者証明用は、基準とした市(名古屋市)の文面に6回目の定めがないが、J-LISと2市は両方に6回目とする。"
    ),
    en: (
      "Renewal gives the 6th",
      "Renewing a live certificate inside its window gives the 6th birthday instead of the 5th. Sure for sign. For auth the seed city's text has no such clause, but J-LIS and two cities give the 6th for both."
    ))

  /// R6: Renewal window.
  public static let r6 = Rule(
    "R6", .validity, .sure,
    ["YOKO-P", "AZUMINO", "MATSU-R", "TSURUGA", "TAGAWA", "SHIMONOSEKI", "KOCHI"],
    ja: (
      "更新期間",
      "更新期間は(満了日−3か月)の翌日から満了日当日まで。月末は月の長さに合わせる(12月31日−3か月=9月30日、10月1日から)。"
    ),
    en: (
      "Renewal window",
      "The window opens the day after (end − 3 calendar months) and closes on the end day itself. Month ends are clamped: 31 December − 3 months = 30 September, so it opens on 1 October."
    ))

  /// R6b: First renewal day of auth, read literally.
  public static let r6b = Rule(
    "R6b", .validity, .sure, ["SEED"],
    ja: (
      "利用者証明用の更新初日の文字どおりの読み",
      "「3ヶ月前から更新可能」(利用者証明用)を文字どおり読むと、「3月未満」(署名用)より1日早い。他市の日付入りの例は両方とも遅い方を使う。"
    ),
    en: (
      "First renewal day of auth, read literally",
      "\"Renewable from 3 months before\" (auth), read literally, opens one day earlier than \"less than 3 months left\" (sign). Dated examples of other cities use the later day for both."
    ))

  /// R7: Outside the window it is a new issue.
  public static let r7 = Rule(
    "R7", .validity, .sure, ["SEED", "NARA", "SHIMONOSEKI", "HIOKI"],
    ja: (
      "更新期間の外は新規発行",
      "更新期間の前と満了後は「更新」ではなく新規発行で、その日から5回目の誕生日。いつでも無料ででき、有効な古い証明書は失効する。"
    ),
    en: (
      "Outside the window it is a new issue",
      "Before the window or after the end there is no renewal: it is a new issue, to the 5th birthday from that day. It is possible at any time, free, and a live old certificate is revoked."
    ))

  /// R8: The last second.
  public static let r8 = Rule(
    "R8", .validity, .sure, ["TESTCERT"],
    ja: ("満了の瞬間", "満了日の日本時間23時59分59秒(14:59:59Z)まで有効。翌日の0時0分0秒から期限切れ。"),
    en: (
      "The last second",
      "The end is 23:59:59 Japan time of the last day (14:59:59Z). From 00:00:00 of the next day it is expired."
    ))

  /// R9: End of the card.
  public static let r9 = Rule(
    "R9", .validity, .likely, ["KOUNOSU", "OSAKASAYAMA", "SAKURA", "KASUGAI"],
    ja: (
      "カードの満了日",
      "カードは18歳以上なら10回目、18歳未満なら5回目の誕生日まで(数え方はR1)。年齢は申請を受け付けた日で見て、回数は発行日から数える。2022年3月31日までは20歳が境。期間と境は確実、申請日で見ることはおそらく(C13)。"
    ),
    en: (
      "End of the card",
      "The card ends on the 10th birthday for holders of 18 or older, on the 5th for younger ones, counted as in R1. The age is taken on the day the application is received, the count runs from the day of issue. Until 2022-03-31 the line was 20. Terms and line are sure, the application day is likely (C13)."
    ))

  /// R10: Renewal of the card.
  public static let r10 = Rule(
    "R10", .validity, .likely, ["CARDRULE"],
    ja: ("カードの更新", "満了前3か月以内にカードを更新すると、11回目(18歳未満は6回目)の誕生日まで。"),
    en: (
      "Renewal of the card",
      "A card renewed inside the last 3 months before its end gets the 11th birthday (the 6th for minors)."
    ))

  /// R11: Residents with a period of stay.
  public static let r11 = Rule(
    "R11", .validity, .sure, ["CARDRULE", "SAKURA", "KASAOKA", "ISEHARA", "TOKAI-F"],
    ja: (
      "在留期間のある人",
      "在留期間のある外国人のカードは在留期間の満了日まで(18歳未満は、それと5回目の誕生日の早い方)。証明書はカードの満了日を超えない。永住者、特別永住者、高度専門職2号は日本人と同じ。"
    ),
    en: (
      "Residents with a period of stay",
      "The card of a foreign resident with a period of stay ends with the stay (under 18: the earlier of that and the 5th birthday); certificates never outlive the card. Permanent and special permanent residents and highly skilled professionals (ii) are treated as Japanese."
    ))

  /// R12: Special period.
  public static let r12 = Rule(
    "R12", .validity, .sure, ["KATSURAGI-F", "TOKAI-F", "SAKURA"],
    ja: (
      "特例期間",
      "在留期間の更新を申請中は、カードを一度だけ元の満了日から2か月延ばせる。新しい在留期間が決まれば、その満了日まで延ばせる。どちらもカードが満了する前に限る。過ぎたら再交付(有料)。"
    ),
    en: (
      "Special period",
      "While an application for a longer stay is pending the card may be extended once, by 2 months beyond the old end; when the new stay is granted it may be extended to the new end. Both must be done before the card ends; a lapsed card can only be re-issued, for a fee."
    ))

  /// R13: Rewriting the card's end ends the certificates.
  public static let r13 = Rule(
    "R13", .validity, .likely, ["UNZEN"],
    ja: (
      "満了日を書き換えると証明書は失効",
      "カードの満了日が書き換えられると、古い証明書は失効し、新しい証明書を申請する必要がある。"
    ),
    en: (
      "Rewriting the card's end ends the certificates",
      "When the card's end is rewritten the old certificates lapse and new ones must be applied for."
    ))

  /// R14: Born on 29 February.
  public static let r14 = Rule(
    "R14", .validity, .likely, ["CARDRULE"],
    ja: (
      "2月29日生まれ",
      "平年の誕生日は2月28日(おそらく)。うるう年は2月29日とする(不明、設定で28日に変えられる)。"
    ),
    en: (
      "Born on 29 February",
      "In a common year the birthday is 28 February (likely). In a leap year it is taken as 29 February (unknown; a setting makes it 28)."
    ))

  /// R15: sign from the age of 15.
  public static let r15 = Rule(
    "R15", .validity, .likely, ["SEED", "RECALL"],
    ja: (
      "署名用は15歳から",
      "署名用電子証明書は原則として15歳から。窓口では15歳の誕生日に達したとみる(おそらく)。基準日は、窓口の申請ではその日、最初のカードでは発行日とする(不明)。"
    ),
    en: (
      "sign from the age of 15",
      "As a rule sign is issued from the age of 15, reached on the 15th birthday for counter purposes (likely). The day that counts is taken as the day of the application at the counter, for the first card the day of issue (unknown)."
    ))

  /// R16: Re-issue in mid-term.
  public static let r16 = Rule(
    "R16", .validity, .likely, ["SEED", "TOMIGUSUKU"],
    ja: (
      "途中の再発行",
      "途中で(転居の後など)署名用だけを再発行すると、そのままの利用者証明用の満了日を超えない(確実)。両方を再発行すると、両方に新しい5年の期間がつく(おそらく)。"
    ),
    en: (
      "Re-issue in mid-term",
      "When sign alone is re-issued in mid-term (after a move) the unchanged auth caps it (sure). When auth is re-issued too, both get a new 5-year term (likely)."
    ))

  /// R17: No certificate is lengthened.
  public static let r17 = Rule(
    "R17", .validity, .sure, ["DERIVED"],
    ja: ("証明書の期間は延ばせない", "満了日は署名された証明書の中にあるので、新しい証明書なしに延びることはない。"),
    en: (
      "No certificate is lengthened",
      "The end is inside the signed certificate, so nothing lengthens it but a new certificate."
    ))

  /// R18: Health insurance tail.
  public static let r18 = Rule(
    "R18", .validity, .likely, ["NARA"],
    ja: (
      "健康保険証としての猶予",
      "期限の切れた利用者証明用電子証明書は、満了月の後の3か月目の末日まで健康保険証として使える。ほかの利用はできない。"
    ),
    en: (
      "Health insurance tail",
      "Health insurance use of an expired auth goes on to the end of the 3rd month after the month of expiry; all other uses stop."
    ))

  /// R19: Delay after issue.
  public static let r19 = Rule(
    "R19", .validity, .sure, ["NTA", "NAKATSU"],
    ja: ("発行の後の遅れ", "発行の後、サービスが新しい証明書を受け付けるまでに時間がかかる(翌日からのものもある)。"),
    en: (
      "Delay after issue",
      "After issue, services accept the new certificate with a delay (some from the next day)."
    ))

  /// R20: Expiry notice.
  public static let r20 = Rule(
    "R20", .validity, .likely, ["SHIGA-KONAN", "KASAOKA", "MATSU-R", "TAGAWA", "KATSURAGI-F"],
    ja: (
      "有効期限通知書",
      "有効期限通知書は満了の2〜3か月前に転送不要で届き、照会書が入っている。窓口では必要ない(確実)。在留期間のある外国人には届かない(おそらく)。"
    ),
    en: (
      "Expiry notice",
      "The expiry notice is sent 2 to 3 months before the end, is not forwarded, encloses the inquiry letter and is not needed at the counter (sure). Foreign residents with a period of stay get none (likely)."
    ))

  /// R21: "Five years from the renewal" is not followed.
  public static let r21 = Rule(
    "R21", .validity, .sure, ["MIHARA"],
    ja: ("「更新日から5年」は採らない", "更新の日から5年とする市のページが1つあるが、ほかのすべてと矛盾するので採らない。"),
    en: (
      "\"Five years from the renewal\" is not followed",
      "One city's page says five years from the day of renewal; it contradicts all others and is not followed."
    ))
}
