import CardRules

// Names of things and actions, as the notebook and the page show them.
extension Exercise {
  static func words(for secret: CardSecret) -> BilingualText {
    switch secret {
    case .sign: BilingualText(ja: "署名用の暗証番号", en: "the sign password")
    case .auth: BilingualText(ja: "利用者証明用の暗証番号", en: "the auth PIN")
    case .residentRecord: BilingualText(ja: "住民基本台帳用の暗証番号", en: "the resident record PIN")
    case .textInput: BilingualText(ja: "券面事項入力補助用の暗証番号", en: "the text input PIN")
    case .numberA: BilingualText(ja: "照合番号A", en: "number A")
    case .numberB: BilingualText(ja: "照合番号B", en: "number B")
    }
  }

  static func words(for kinds: Set<CertificateKind>) -> BilingualText {
    if kinds.count == 2 { return BilingualText(ja: "署名用と利用者証明用の証明書", en: "both certificates") }
    return kinds.contains(.sign)
      ? BilingualText(ja: "署名用証明書", en: "the sign certificate")
      : BilingualText(ja: "利用者証明用証明書", en: "the auth certificate")
  }

  static func words(for order: CounterOrder) -> BilingualText {
    switch order {
    case .issue(let kinds): text(words(for: kinds), ja: "を発行する", en: "issue")
    case .renew(let kinds): text(words(for: kinds), ja: "を更新する", en: "renew")
    case .revoke(let kinds): text(words(for: kinds), ja: "を失効させる", en: "revoke")
    case .reset(let secrets):
      BilingualText(
        ja: secrets.map { words(for: $0).ja }.joined(separator: "と") + "を初期化する",
        en: "reset " + secrets.map { words(for: $0).en }.joined(separator: " and "))
    case .change(let secret): text(words(for: secret), ja: "を変更する", en: "change")
    case .plain(let plain): words(for: plain)
    }
  }

  private static func text(_ what: BilingualText, ja: String, en: String) -> BilingualText {
    BilingualText(ja: what.ja + ja, en: "\(en) \(what.en)")
  }

  private static func words(for plain: CounterOrder.Plain) -> BilingualText {
    switch plain {
    case .move: BilingualText(ja: "住所を書き換える(継続利用・券面更新)", en: "write the new address")
    case .rename: BilingualText(ja: "氏名を書き換える", en: "write the new name")
    case .extendStay: BilingualText(ja: "在留期間に合わせて有効期限を書き換える", en: "write the end of the longer stay")
    case .specialPeriod: BilingualText(ja: "特例期間で有効期限を2か月延ばす", en: "special period: two months more")
    case .stop: BilingualText(ja: "カードを一時停止する", en: "stop the card")
    case .release: BilingualText(ja: "一時停止を解除する", en: "release the stop")
    case .surrender: BilingualText(ja: "カードの返納を受ける", en: "take the card back for good")
    case .reissue:
      BilingualText(ja: "カードの再交付を受け付ける(今のカードは廃止)", en: "take an application for a new card; this one is abolished")
    case .renewCard: BilingualText(ja: "カードの更新申請を受け付ける", en: "take an application to renew the card")
    case .leaveJapan: BilingualText(ja: "国外転出後の継続利用の手続きをする", en: "arrange use after leaving Japan")
    case .toFaceAuthentication: BilingualText(ja: "顔認証マイナンバーカードに切り替える", en: "make it a face-authentication card")
    case .fromFaceAuthentication: BilingualText(ja: "顔認証の設定を解除する", en: "make it an ordinary card again")
    case .handOver: BilingualText(ja: "カードを交付し暗証番号を設定する", en: "hand the card over and set its PINs")
    }
  }

  func title(of id: String) -> BilingualText {
    let isHidden = state.thing(id).map { $0.place == .customer && !events.contains(.took(id)) } ?? true
    if id == VariationRules.anyDocument, isHidden {
      return BilingualText(ja: "カードのほかの確認書類", en: "a document beside the card")
    }
    guard let thing = state.thing(id) else {
      return id == CardThing.kind
        ? BilingualText(ja: "マイナンバーカード", en: "My Number card")
        : catalogue.paper(id)?.title ?? BilingualText(ja: id, en: id)
    }
    if thing.card == RecordName.holder { return BilingualText(ja: "マイナンバーカード", en: "My Number card") }
    if let card = thing.card {
      let name = record(card)?.face.name ?? card
      return BilingualText(ja: "\(name)さんのマイナンバーカード", en: "the card of \(name)")
    }
    return catalogue.paper(thing.paper.kind)?.title ?? BilingualText(ja: id, en: id)
  }

  /// An action in words.
  func words(for action: Action) -> BilingualText {
    switch action {
    case .say(let id): return catalogue.phrase(id).map { filled($0.text) } ?? BilingualText(ja: id, en: id)
    case .paper(let verb, let id): return words(for: verb, title(of: id))
    case .returnAll: return BilingualText(ja: "カウンターの物をすべて返す", en: "hand everything back")
    case .place(let id): return Self.text(title(of: id), ja: "をリーダーに置く", en: "put on the reader:")
    case .lift(let id): return Self.text(title(of: id), ja: "をリーダーから取る", en: "lift from the reader:")
    case .search: return BilingualText(ja: "本人を検索する", en: "search for the person")
    case .select(let name):
      guard let facts = record(name) else { return BilingualText(ja: name, en: name) }
      guard let birth = facts.birth else {
        return Self.text(BilingualText(ja: facts.name, en: facts.name), ja: "を選ぶ", en: "choose")
      }
      return BilingualText(
        ja: "\(facts.name)(\(Self.words(for: birth, .ja))生)を選ぶ",
        en: "choose \(facts.name) (born \(Self.words(for: birth, .en)))")
    case .status: return BilingualText(ja: "カードと証明書の状態を見る", en: "read the status")
    case .enter(let secret, let fromLetter):
      return Self.text(
        Self.words(for: secret), ja: fromLetter ? "を照会書から入力する" : "を入力してもらう",
        en: fromLetter ? "type from the letter" : "let the customer type")
    case .order(let order, let card):
      let words = Self.words(for: order)
      guard let card else { return words }
      return BilingualText(ja: "\(title(of: card).ja): \(words.ja)", en: "\(words.en) (\(title(of: card).en))")
    case .note(let what): return Self.words(forNote: what)
    case .charge(let yen): return BilingualText(ja: "手数料\(yen)円を受け取る", en: "take \(yen) yen")
    case .print(let kind): return Self.text(title(of: kind), ja: "を印刷する", en: "print:")
    case .call(let number): return Self.words(forCall: number)
    case .recordContact: return BilingualText(ja: "連絡先の電話番号を控える", en: "note the telephone number")
    case .wait: return BilingualText(ja: "待つ", en: "wait")
    case .app(.photograph): return BilingualText(ja: "アプリ: カードを撮影する", en: "app: photograph the card")
    case .app(.enter(let secret)): return Self.text(Self.words(for: secret), ja: "をアプリに入力する", en: "app: type")
    case .app(.face): return BilingualText(ja: "アプリ: 顔を撮影する", en: "app: photograph the face")
    case .kiosk(.insert): return BilingualText(ja: "店舗の端末: カードを置く", en: "kiosk: put the card in")
    case .kiosk(.enter(let secret)): return Self.text(Self.words(for: secret), ja: "を店舗の端末に入力する", en: "kiosk: type")
    case .kiosk(.reset(let secret)):
      return Self.text(Self.words(for: secret), ja: "を店舗の端末で再設定する", en: "kiosk: set anew")
    case .finish: return BilingualText(ja: "お客様を見送る", en: "say good-bye")
    }
  }

  private func words(for verb: Action.PaperVerb, _ title: BilingualText) -> BilingualText {
    let (ja, en): (String, String) =
      switch verb {
      case .take: ("を出してもらう", "ask for:")
      case .inspect: ("を見る", "look at:")
      case .compare: ("を本人と見比べる", "compare with the person:")
      case .accept: ("を確認書類として受け入れる", "accept as proof:")
      case .reject: ("を確認書類として受け入れない", "do not accept:")
      case .open: ("を開封する", "open:")
      case .destroy: ("を破棄する", "destroy:")
      case .giveBack: ("を返す", "hand back:")
      }
    return Self.text(title, ja: ja, en: en)
  }

  private static func words(forNote what: String) -> BilingualText {
    switch what {
    case "address": BilingualText(ja: "追記欄に新しい住所を書く", en: "write the new address on the card")
    case "name": BilingualText(ja: "追記欄に新しい氏名を書く", en: "write the new name on the card")
    case "dates": BilingualText(ja: "証明書の有効期限を端末の表示どおりに書く", en: "write the certificates' end as the terminal shows it")
    case "dates today-plus-5": BilingualText(ja: "証明書の有効期限に今日から5年後の日付を書く", en: "write today plus five years as the end")
    default: BilingualText(ja: "追記欄に「顔認証」と書く", en: "write 顔認証 on the card")
    }
  }

  private static func words(forCall number: String) -> BilingualText {
    switch number {
    case "help-desk": BilingualText(ja: "ヘルプデスクに電話する", en: "call the help desk")
    case "call-centre": BilingualText(ja: "コールセンターに電話する", en: "call the call centre")
    default: BilingualText(ja: "隣の係に聞く", en: "ask the next desk")
    }
  }
}
