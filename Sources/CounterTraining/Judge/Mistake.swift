import CardRules

/// A mistake of the common list, or something that can be left out: what it is, what it leads to, and the rule.
public struct Mistake: Sendable, Hashable {
  /// `E3`, or a short name.
  public let code: String
  /// What went wrong.
  public let text: BilingualText
  /// What it leads to.
  public let consequence: BilingualText
  /// The id of the rule.
  public let rule: String

  init(_ code: String, _ rule: String, ja: (String, String), en: (String, String)) {
    self.code = code
    self.rule = rule
    text = BilingualText(ja: ja.0, en: en.0)
    consequence = BilingualText(ja: ja.1, en: en.1)
  }

  /// The mistake of a code.
  public static func named(_ code: String) -> Mistake? { (all + omissions).first { $0.code == code } }

  /// E1 to E18, and mistakes without a number that every lesson knows.
  public static let all: [Mistake] = [
    Mistake(
      "E1", "4.0-status", ja: ("カードと証明書の状態を見ないまま手続きを始めた", "使えない証明書の暗証番号だけを直すことになり、お客様はもう一度来ることになります。"),
      en: (
        "a procedure was begun before card and certificates were read",
        "The PIN of a dead certificate is mended, and the customer has to come back."
      )),
    Mistake(
      "E2", "4.11", ja: ("券面を書き換えたが、失効した署名用証明書の再発行を案内しなかった", "次の2月、e-Taxがこのカードの署名を受け付けません。"),
      en: (
        "the face was written, but a new signature certificate was not offered",
        "Next February e-Tax refuses this card's signature."
      )),
    Mistake(
      "E3", "1.2.6", ja: ("知らない暗証番号を続けて試させた", "暗証番号がロックします。待っても戻りません。"),
      en: (
        "the customer was let guess at a PIN", "The PIN locks, and waiting does not bring it back."
      )),
    Mistake(
      "E4", "4.6", ja: ("困っていない暗証番号を初期化・変更した", "使えていた暗証番号が変わり、使えない方はそのままです。"),
      en: (
        "a PIN was set anew that had no trouble",
        "A PIN that worked is another one now, and the one in trouble is as before."
      )),
    Mistake(
      "E5", "4.0-identity", ja: ("本人を確かめないまま、または別の人の記録で手続きした", "別の人にカードや証明書が渡る事故になります。"),
      en: (
        "the person was not made sure of, or the record was another one's",
        "A card or certificate goes to the wrong person: an incident that has to be published."
      )),
    Mistake(
      "E6", "4.0-help", ja: ("エラーのとき、ヘルプデスクではなく隣の係の助言に従った", "状態がさらに悪くなり、直すのに時間がかかります。"),
      en: (
        "at an error the next desk was asked instead of the help desk", "The error gets worse and takes longer to mend."
      )),
    Mistake(
      "E7", "C4", ja: ("確認書類が足りない、または封のない照会書で手続きした", "本人確認の決まりに反します。他人が暗証番号を変えられることになります。"),
      en: (
        "the papers were not enough, or the letter was not sealed",
        "The rule of identity is broken: somebody else could have set the PIN."
      )),
    Mistake(
      "E8", "4.0-letter", ja: ("照会書に書かれた暗証番号が違ったのに、もう一度試した", "暗証番号がロックし、初期化のためにもう一度来ていただくことになります。"),
      en: (
        "the PIN of the letter was tried again after it was wrong",
        "The PIN locks, and a second visit with a reset is needed."
      )),
    Mistake(
      "E9", "R7", ja: ("更新期間の前に発行し直し、損になることを説明しなかった", "有効期限が更新のときより1年短くなります。"),
      en: (
        "a certificate was replaced before its window, without a word about the loss",
        "It ends a year earlier than a renewal in the window."
      )),
    Mistake(
      "E10", "3.1", ja: ("15歳未満または成年被後見人に署名用証明書を発行しようとした・約束した", "発行できない証明書を約束したことになり、無効な発行は取り消されます。"),
      en: (
        "a signature certificate was tried or promised for somebody who may not have one",
        "Such an issue is void, and the promise has to be taken back."
      )),
    Mistake(
      "E11", "4.0-free", ja: ("手数料を間違えた", "返金するか、後から払っていただくことになります。"),
      en: ("the fee was wrong", "It has to be paid back, or asked for later.")),
    Mistake(
      "E12", "R12", ja: ("在留期間の更新中の方を「あとで」と帰した", "カードが失効し、再交付に1,000円かかります。"),
      en: (
        "a resident whose stay is being extended was sent away to come later",
        "The card lapses, and a new one costs 1,000 yen."
      )),
    Mistake(
      "E13", "4.0-write", ja: ("書き込み中にカードを動かした", "鍵だけあって証明書がない、壊れた状態になります。"),
      en: ("the card was lifted during a write", "A key without its certificate is left: it cannot be used.")),
    Mistake(
      "E14", "4.1", ja: ("暗証番号を設定しないままカードを渡した", "カードは交付前のままで、何にも使えません。"),
      en: ("the card was given away without PINs", "It is not handed over and can be used for nothing.")),
    Mistake(
      "E15", "R1", ja: ("有効期限を今日から5年と伝えた・書いた", "実際の期限は誕生日です。期限が切れてから気づくことになります。"),
      en: (
        "five years from today were told or written as the end",
        "The end is a birthday: the customer will notice when it is over."
      )),
    Mistake(
      "E16", "4.0-return", ja: ("カードや書類を返していない、または暗証番号の書類を破棄していない", "次のお客様に渡ったり、暗証番号が人目に触れたりします。"),
      en: (
        "a card or paper was not handed back, or a paper with PINs not destroyed",
        "It goes to the next customer, or somebody reads the PINs."
      )),
    Mistake(
      "E17", "4.14", ja: ("一時停止を解除して「すべて元どおり」とした", "署名用証明書は失効したままで、e-Taxで使えません。"),
      en: (
        "the stop was released as if all were well", "The signature certificate is dead, and e-Tax refuses it."
      )),
    Mistake(
      "E18", "4.11", ja: ("90日の期限を伝えなかった", "期限を過ぎるとカードが失効します。"),
      en: ("the limit of 90 days was not told", "After it the card lapses.")),
    Mistake(
      "broken-card", "4.0-write", ja: ("書き込みに失敗したカードをそのまま返した", "証明書のないカードで、次に使うときに断られます。"),
      en: ("a card with a broken write was handed back", "It has no certificate and is refused at its next use.")),
    Mistake(
      "false-statement", "1.2.8", ja: ("事実と違うことを言った", "お客様はそれを信じて動き、あとで困ることになります。"),
      en: ("something was said that is not so", "The customer relies on it and is in trouble later.")),
    Mistake(
      "sent-home", "4.2", ja: ("今日できる手続きなのに、お客様を帰した", "お客様はもう一度、仕事や家のことを休んで来ることになります。"),
      en: ("the customer was sent home although it could be done today", "Another day has to be taken off for it.")),
    Mistake(
      "tell-pin", "1.2.8", ja: ("暗証番号を教えると言った", "窓口では暗証番号を見ることも教えることもできません。"),
      en: ("it was said that the office can tell a PIN", "Nobody at the office can see or tell it.")),
  ]

  /// What can be left out, or be done without need.
  public static let omissions: [Mistake] = [
    Mistake(
      "missing-explanation", "4.2", ja: ("説明が足りない: ", "お客様はあとで困ることになります。"),
      en: ("an explanation is missing: ", "The customer will be at a loss later.")),
    Mistake(
      "missing-step", "4.0-status", ja: ("手順が抜けている: ", "確かめないままの手続きになります。"),
      en: ("a step is missing: ", "Something was done that nobody made sure of.")),
    Mistake(
      "missing-order", "4.2", ja: ("手続きが終わっていない: ", "お客様はもう一度来ることになります。"),
      en: ("a procedure is missing: ", "The customer has to come back.")),
    Mistake(
      "missing-return", "4.0-return", ja: ("返していない物がある", "お客様が取りに戻ることになります。"),
      en: ("something was not handed back", "The customer has to come back for it.")),
    Mistake(
      "unneeded-order", "4.6", ja: ("必要のない手続きをした: ", "使えていたものが変わってしまいます。"),
      en: ("a procedure was not needed: ", "Something that worked is another now.")),
    Mistake(
      "reissue-instead", "4.6", ja: ("初期化で足りるのに証明書を発行し直した", "銀行やe-Taxの登録がすべてやり直しになります。"),
      en: (
        "certificates were issued anew where a reset was enough", "Bank, e-Tax and others have to be registered again."
      )),
    Mistake(
      "order-of-steps", "4.6", ja: ("手続きの順番が違う", "先に初期化しないと、その先へ進めません。"),
      en: ("the procedures were done in another order", "A reset comes before what asks for the PIN.")),
    Mistake(
      "unneeded-document", "4.5", ja: ("必要のない書類を求めた", "お客様に余分な手間をかけます。"),
      en: ("a document was asked for without need", "The customer is put to trouble for nothing.")),
    Mistake(
      "unneeded-try", "1.2.5", ja: ("必要のない暗証番号の入力をさせた", "試せる回数が減ります。"),
      en: ("a PIN was tried without need", "There are fewer tries left.")),
  ]
}
