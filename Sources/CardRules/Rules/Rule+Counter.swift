// What all procedures at the counter share: rules 4.0-status to 4.0-help.

extension Rule {
  static let counterRules: [Rule] = [
    counterStatus, counterIdentity, counterWrite, counterReturn, counterLetter, counterHelp,
    counterProxyIssue, counterProxyPIN,
  ]

  /// 4.0-status: Status first.
  public static let counterStatus = Rule(
    "4.0-status", .procedures, .likely, ["NAHA", "DERIVED"],
    ja: ("状態を先に見る", "手続きの前に、端末でカードの状態と証明書の状態を見る。終わったらもう一度見て、期限と回数を確かめる(公表された手順はなく、各市の案内から組み立てたもの)。"),
    en: (
      "Status first",
      "Card status and certificate status are read at the terminal before anything is done, and again when it is done (no procedure is public; put together from what cities tell)."
    ))

  /// 4.0-identity: Who stands there.
  public static let counterIdentity = Rule(
    "4.0-identity", .procedures, .likely, ["TANABE", "NEWS-PHOTO", "DERIVED"],
    ja: ("本人の確認", "写真を目の前の方と見比べる。同姓同名は生年月日、住所、写真で見分ける。取り違えは事故として公表されている。"),
    en: (
      "Who stands there",
      "The photograph is compared with the person; namesakes are told apart by birth date, address and photograph. Mix-ups have been published as incidents."
    ))

  /// 4.0-write: During a write.
  public static let counterWrite = Rule(
    "4.0-write", .procedures, .likely, ["DERIVED"],
    ja: ("書き込み中", "書き込みが終わるまでカードを動かさない。途中で外れると証明書が欠けるので、同じ手続きをもう一度行う。"),
    en: (
      "During a write",
      "The card is not moved until the write has ended. Broken off, it leaves a key without certificate, and the same procedure is done again."
    ))

  /// 4.0-return: Hand back and destroy.
  public static let counterReturn = Rule(
    "4.0-return", .procedures, .likely, ["DERIVED"],
    ja: ("返却と破棄", "カードと書類をすべて返し、開封した暗証番号の書類は破棄する。"),
    en: (
      "Hand back and destroy",
      "Card and papers are all handed back, and opened papers with PINs are destroyed."
    ))

  /// 4.0-letter: PINs of a letter.
  public static let counterLetter = Rule(
    "4.0-letter", .procedures, .likely, ["OGUNI"],
    ja: ("照会書の暗証番号", "封書の暗証番号は職員が入力する。違っていたら回数を使い切らずに止め、初期化の照会書を送る。"),
    en: (
      "PINs of a letter",
      "The clerk types the PINs of the sealed letter. When one is wrong the tries are not used up: a letter for a reset is sent."
    ))

  /// 4.0-help: At an error.
  public static let counterHelp = Rule(
    "4.0-help", .procedures, .likely, ["EXPY-2", "TANABE"],
    ja: ("エラーのとき", "めったにないエラーでは、J-LISのヘルプデスクに聞く。ほかの係の助言で誤った操作をした例が公表されている。"),
    en: (
      "At an error",
      "At a rare error the help desk of J-LIS is asked; wrong advice from another desk has been published as the cause of an incident."
    ))

  /// 4.0-proxy-issue: What a proxy brings to an issue.
  public static let counterProxyIssue = Rule(
    "4.0-proxy-issue", .procedures, .sure, ["SEED", "KASAOKA"],
    ja: (
      "代理人の申請書類",
      "証明書の発行や更新を代理人(法定代理人を含む)が申請するときは、本人の有効なカードに加え、照会書兼回答書または委任状と、代理人の本人確認書類を持参する(1点か2点かは市により異なる)。"
    ),
    en: (
      "Papers of a proxy: issue",
      "A proxy or legal representative who applies for certificates, renewal included, brings the holder's valid card, the inquiry letter with its answer or a letter of authority, and his or her own identity document (one or two, by city)."
    ))

  /// 4.0-proxy-pin: What a proxy brings to a reset or a change.
  public static let counterProxyPIN = Rule(
    "4.0-proxy-pin", .procedures, .sure, ["SEED", "KASAI", "MIYAZAKI"],
    ja: (
      "代理人の暗証番号の手続",
      "暗証番号の初期化や変更を任意代理人が申請するときは、本人のカード、本人が記入して封をした照会書兼回答書、代理人の本人確認書類2点(うち1点は写真つき)を持参する。照会書は本人の住所に送られるため、即日にはできない。法定代理人は資格を証明する(3.4)。"
    ),
    en: (
      "Papers of a proxy: PINs",
      "A proxy whom the holder chose brings, to a reset or a change of PINs, the holder's card, the inquiry letter answered and sealed by the holder, and two identity documents of his or her own, one with a photograph. The letter is sent to the holder's address, so it is never the same day. A legal representative proves the power to act instead (3.4)."
    ))
}
