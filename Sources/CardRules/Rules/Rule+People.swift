// Who may have what, and who may ask: rules 3.1 to 3.11.

extension Rule {
  static let peopleRules: [Rule] = [
    people1, people2, people3, people4, people5, people6, people7, people8, people9, people10, people11,
  ]

  /// 3.1: Who may have a certificate.
  public static let people1 = Rule(
    "3.1", .people, .sure, ["SEED", "FUKUYAMA", "MISAKI"],
    ja: ("発行制限", "署名用は原則として15歳未満と成年被後見人には発行しない。利用者証明用に制限はない。"),
    en: (
      "Who may have a certificate",
      "As a rule sign is not issued to people under 15 nor to adult wards. auth has no limit."
    ))

  /// 3.2: The exception to "as a rule".
  public static let people2 = Rule(
    "3.2", .people, .likely, ["MATSU-I"],
    ja: ("「原則」の例外", "本人と法定代理人がそろって来れば署名用を発行する市が1つある。設定で選ぶ。"),
    en: (
      "The exception to \"as a rule\"",
      "One city issues sign to them when holder and legal representative both come. A setting chooses."
    ))

  /// 3.3: Legal representative.
  public static let people3 = Rule(
    "3.3", .people, .sure, ["MATSU-I", "KASAI", "URUMA"],
    ja: ("法定代理人", "15歳未満の人と成年被後見人は、ひとりでは手続できない。法定代理人が申請するか同行する。"),
    en: (
      "Legal representative",
      "People under 15 and wards cannot do any procedure alone; the legal representative applies or comes along."
    ))

  /// 3.4: Proof of the legal representative's power.
  public static let people4 = Rule(
    "3.4", .people, .sure, ["TAGAWA", "SAKURAGAWA-R", "DAZAIFU", "KIKUCHI", "URUMA"],
    ja: (
      "法定代理人の資格の証明",
      "戸籍謄本、または後見の登記事項証明書。親子が同一世帯のとき、または本籍がその市区町村のときは不要。"
    ),
    en: (
      "Proof of the legal representative's power",
      "The family register, or the registration certificate of guardianship. Left out when parent and child share the household or the office keeps the family register."
    ))

  /// 3.5: Legal representative without photo document.
  public static let people5 = Rule(
    "3.5", .people, .likely, ["KASAI"],
    ja: ("写真つき書類のない法定代理人", "官公署の写真つき本人確認書類のない法定代理人は、その日に手続を終えられない。"),
    en: (
      "Legal representative without photo document",
      "A legal representative without an official photo document cannot finish the same day."
    ))

  /// 3.6: Opting out.
  public static let people6 = Rule(
    "3.6", .people, .sure, ["SEED", "AZUMINO", "NAKATSU"],
    ja: ("希望しない人には発行しない", "証明書は、申請者が不要としない限りカードに入る(証明書ごと)。後からの発行もできる。"),
    en: (
      "Opting out",
      "Certificates come with the card unless the applicant says no, per certificate. A later issue is always possible."
    ))

  /// 3.7: Cards with one certificate.
  public static let people7 = Rule(
    "3.7", .people, .sure, ["SEED", "TARUI"],
    ja: ("片方だけのカード", "署名用だけ、または利用者証明用だけのカードもある。"),
    en: ("Cards with one certificate", "A card may carry sign without auth, or auth without sign."))

  /// 3.8: Place.
  public static let people8 = Rule(
    "3.8", .people, .likely, ["SEED", "KASAOKA", "NAKATSU"],
    ja: (
      "手続の場所",
      "住民登録のある市区町村の窓口だけ(確実)。更新と初期化を扱う郵便局のある市もある(おそらく。代理人は不可)。"
    ),
    en: (
      "Place",
      "Only the office of the registered address (sure). Some post offices act for their city for renewal and PIN reset, without proxies (likely)."
    ))

  /// 3.9: The card must be valid.
  public static let people9 = Rule(
    "3.9", .people, .sure, ["SEED", "NAHA", "KUWANA"],
    ja: ("カードが有効であること", "期限切れ、廃止、一時停止のカードには証明書を発行できない。"),
    en: ("The card must be valid", "A lapsed, abolished or stopped card cannot take certificates."))

  /// 3.10: What a minor gets.
  public static let people10 = Rule(
    "3.10", .people, .likely, ["SEED", "MINAMATA", "KOUNOSU", "ISESAKI"],
    ja: (
      "未成年者が持てるもの",
      "15歳未満: 5回目の誕生日までのカード、利用者証明用、法定代理人が設定する4桁の暗証番号(確実)。2024年12月2日から1歳未満は写真なし(おそらく)。15〜17歳: 証明書2つ、5回目の誕生日までのカード、ひとりで申請できる(確実)。"
    ),
    en: (
      "What a minor gets",
      "Under 15: a card for 5 birthdays, auth, and 4-digit PINs set by the legal representative (sure); under 1, since 2024-12-02, a card without photograph (likely). 15 to 17: both certificates, a card for 5 birthdays, applying alone (sure)."
    ))

  /// 3.11: Face-authentication card.
  public static let people11 = Rule(
    "3.11", .people, .sure, ["ASHIKAGA", "MINAMATA-F"],
    ja: (
      "顔認証マイナンバーカード",
      "2023年12月15日から、暗証番号に不安のある人は暗証番号と署名用のない顔認証カードを選べる。どちらの向きにも切り替えられる。"
    ),
    en: (
      "Face-authentication card",
      "Since 2023-12-15 anyone who has difficulty with PINs may choose a card without PINs and without sign. It can be switched both ways."
    ))
}
