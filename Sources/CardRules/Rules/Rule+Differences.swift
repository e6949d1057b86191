// Where cities or sources differ, and what is chosen where no source was found. Profiles decide: MunicipalityProfile.

extension Rule {
  static let differenceRules: [Rule] = [
    differenceStores, differenceAuthRenewal, differenceAuthWindow, differenceRelease, differenceDocuments,
    differenceRestricted, differencePublication, differenceUnlock, differenceProxyRenewal, differenceDeceased,
    differenceFiveYears, differenceProof, differenceNextCard, differenceCardAge, differenceSignBesideAuth,
    choiceWrongLength, choiceWeakPIN, choiceLapsedFee, choiceOnline, choicePhone,
  ]

  /// C1: PIN-A at convenience stores.
  public static let differenceStores = Rule(
    "C1", .differences, .likely, ["SEED", "J-STORE", "KOKA", "NAHA"],
    ja: ("コンビニでのPIN-Aの初期化", "基準とした市(名古屋市): できない。J-LISの一覧と2市: セブン-イレブンでできる。設定 stores。nationalはJ-LISの一覧、nagoyaは市のページ。"),
    en: (
      "PIN-A at convenience stores",
      "The seed city: no. J-LIS's list and two cities: Seven-Eleven yes. Setting stores: national follows J-LIS's list, nagoya the city's page."
    ))

  /// C2: 6th birthday for auth.
  public static let differenceAuthRenewal = Rule(
    "C2", .differences, .likely, ["SEED", "J-PERIOD", "MATSU-R", "HIGASHIMURA"],
    ja: ("利用者証明用の6回目", "基準とした市(名古屋市)の文面は利用者証明用に5回目しか書かない。J-LISと2市は両方6回目。設定 authRenewal。"),
    en: (
      "6th birthday for auth",
      "The seed city's text knows only the 5th for auth; J-LIS and two cities give the 6th for both. Setting authRenewal."
    ))

  /// C2b: First renewal day of auth.
  public static let differenceAuthWindow = Rule(
    "C2b", .differences, .sure, ["SEED", "YOKO-P", "MATSU-R"],
    ja: ("利用者証明用の更新初日", "基準とした市(名古屋市)の文面では3か月前の日、他市の例ではその翌日。設定 authWindow。"),
    en: (
      "First renewal day of auth",
      "The seed city's text read literally: the day 3 months before; dated examples elsewhere: the day after. Setting authWindow."
    ))

  /// C3: After a release.
  public static let differenceRelease = Rule(
    "C3", .differences, .likely, ["J-GUIDE", "KATSURAGI-L", "J-LOST"],
    ja: ("一時停止の解除の後", "利用者証明用は戻り署名用は新規、と読むか、両方新規と読むか。設定 release。"),
    en: ("After a release", "auth resumes and sign is new, or both are new. Setting release."))

  /// C4: Documents for a reset.
  public static let differenceDocuments = Rule(
    "C4", .differences, .likely, ["SEED", "TSU", "URUMA", "KIKUCHI"],
    ja: ("初期化の本人確認書類", "基準とした市(名古屋市): カードとほかに1点。他市: カードだけ、Aを1点かBを2点、Aを1点かBを1点。設定 resetDocuments。"),
    en: (
      "Documents for a reset",
      "The seed city: card and one other. Elsewhere: card alone, one A or two B, one A or one B. Setting resetDocuments."
    ))

  /// C5: sign for under-15s and wards.
  public static let differenceRestricted = Rule(
    "C5", .differences, .likely, ["SEED", "MATSU-I"],
    ja: ("15歳未満と成年被後見人の署名用", "発行しない、または法定代理人とそろって来れば発行。設定 restrictedSign。"),
    en: (
      "sign for under-15s and wards",
      "Not issued, or issued when the legal representative comes along. Setting restrictedSign."
    ))

  /// C6: Moment of a revocation.
  public static let differencePublication = Rule(
    "C6", .differences, .likely, ["ACT", "ICHIKI", "P8N"],
    ja: ("転居による失効の時点", "法律では直ちに、ある市では翌日から、失効リストは1日1回。設定 publication。"),
    en: (
      "Moment of a revocation",
      "At once in law, from the next day in one city, revocation lists once a day. Setting publication."
    ))

  /// C7: Unlock that keeps the PIN.
  public static let differenceUnlock = Rule(
    "C7", .differences, .likely, ["BLOG-2017", "J-FAQ"],
    ja: ("番号を変えない解除", "古い案内には今の番号のままの解除がある。今は新しい番号の設定だけとする。"),
    en: (
      "Unlock that keeps the PIN",
      "An old account knows an unlock that keeps the PIN; here a reset always sets a new one."
    ))

  /// C8: Proxy renewal the same day.
  public static let differenceProxyRenewal = Rule(
    "C8", .differences, .likely, ["YOKO-P", "TAGAWA"],
    ja: ("代理人の更新の即日", "通知書の照会書があれば即日、または常に即日不可。設定 proxyRenewal。"),
    en: ("Proxy renewal the same day", "With the letter of the expiry notice, or never. Setting proxyRenewal."))

  /// C9: Card of the deceased.
  public static let differenceDeceased = Rule(
    "C9", .differences, .likely, ["TOKAI-L"],
    ja: ("亡くなった人のカード", "何もしなくてよい、または返す。設定 deceasedCard。"),
    en: ("Card of the deceased", "Nothing is needed, or it is given back. Setting deceasedCard."))

  /// C10: Five years from renewal.
  public static let differenceFiveYears = Rule(
    "C10", .differences, .sure, ["MIHARA"],
    ja: ("更新日から5年", "6回目の誕生日とし、更新日から5年とする1市のページは採らない(R21)。"),
    en: (
      "Five years from renewal",
      "The 6th birthday; the one page that says five years from the day is not followed (R21)."
    ))

  /// C11: Proof for under-15s.
  public static let differenceProof = Rule(
    "C11", .differences, .likely, ["TAGAWA", "KASAI"],
    ja: ("15歳未満の法定代理人の証明", "戸籍謄本(同一世帯や本籍地では不要)、または証明不要。設定 legalRepresentativeProof。"),
    en: (
      "Proof for under-15s",
      "The family register unless known to the office, or none. Setting legalRepresentativeProof."
    ))

  /// C12: The next card.
  public static let differenceNextCard = Rule(
    "C12", .differences, .likely, ["RECALL"],
    ja: ("次期カード", "2026年とも2028年度とも言われる。ここでは2028。設定 nextCardYear。"),
    en: ("The next card", "2026 or fiscal 2028; here 2028. Setting nextCardYear."))

  /// C13: Day that decides the card's term.
  public static let differenceCardAge = Rule(
    "C13", .differences, .likely, ["KOUNOSU", "OSAKASAYAMA", "KASUGAI", "TAKATSUKI"],
    ja: ("カードの期間を決める年齢の日", "申請を受け付けた日、または発行時。設定 cardAgeDay。"),
    en: (
      "Day that decides the card's term",
      "The day the application is received, or the day of issue. Setting cardAgeDay."
    ))

  /// V33: sign issued anew beside a renewal of auth.
  public static let differenceSignBesideAuth = Rule(
    "V33", .differences, .unknown, ["CHOICE", "SEED"],
    ja: ("利用者証明用の更新と同時の署名用の新規", "組で1つの更新とみて6回目、または有効な署名用の更新でないので5回目。設定 signBesideAuthRenewal。"),
    en: (
      "sign issued anew beside a renewal of auth",
      "The pair as one renewal, the 6th; or the 5th, since no live sign was renewed. Setting signBesideAuthRenewal."
    ))

  /// U1: PIN of a wrong length.
  public static let choiceWrongLength = Rule(
    "U1", .differences, .unknown, ["CHOICE"],
    ja: ("長さの違う暗証番号", "鍵の範囲の外の長さは回数を減らさず6700、範囲内の間違いは1回減るとする。"),
    en: (
      "PIN of a wrong length",
      "A length outside the key's range is answered 6700 without losing a try; a wrong PIN of a possible length loses one."
    ))

  /// U2: Weak PIN refused by the terminal.
  public static let choiceWeakPIN = Rule(
    "U2", .differences, .unknown, ["CHOICE"],
    ja: ("弱い番号を端末が拒むか", "警告だけとする。設定 weakPIN。"),
    en: ("Weak PIN refused by the terminal?", "A warning only. Setting weakPIN."))

  /// U3: Fee after the card simply expired.
  public static let choiceLapsedFee = Rule(
    "U3", .differences, .unknown, ["CHOICE"],
    ja: ("満了したカードの次のカードの手数料", "ただ満了しただけなら無料、期限に遅れた在留期間のある外国人は有料とする。設定 lapsedCardFee。"),
    en: (
      "Fee after the card simply expired",
      "Free when it simply expired, paid for foreign residents who missed the date. Setting lapsedCardFee."
    ))

  /// U4: Online renewal of the card's certificates.
  public static let choiceOnline = Rule(
    "U4", .differences, .unknown, ["CHOICE"],
    ja: ("カードの証明書のオンライン更新", "見つかった情報はない。できないとする。"),
    en: ("Online renewal of the card's certificates", "No source was found; it is not offered."))

  /// U5: Family reporting a loss by phone.
  public static let choicePhone = Rule(
    "U5", .differences, .unknown, ["CHOICE"],
    ja: ("家族による紛失の電話", "できるとし、一時停止になる。"),
    en: ("Family reporting a loss by phone", "Allowed; it ends in a stop."))
}
