import CardRules

// Rule 4.7: the app's part at home, then within 24 hours the kiosk's.
extension Exercise {
  mutating func play(_ step: Action.AppStep) {
    note(.customerSide("\(Action.app(step))"))
    if step == .photograph {
      state.app = [step]
      hear("system", BilingualText(ja: "アプリ: カードの表面を撮影しました。", en: "App: the face of the card is photographed."))
      return
    }
    if case .enter(let secret) = step {
      guard isRight(secret, in: "アプリ") else { return }
    }
    state.app.append(step)
    guard step == .face else { return }
    guard state.app.contains(.photograph), state.app.contains(.enter(.auth)) || state.app.contains(.enter(.sign)) else {
      hear("system", BilingualText(ja: "アプリ: 最初の画面からやり直してください。", en: "App: begin again from the first screen."))
      return
    }
    guard record(RecordName.holder)?.face.hasPhotograph == true else {
      hear("system", BilingualText(ja: "アプリ: 顔写真を照合できません。", en: "App: there is no photograph to compare."))
      return
    }
    state.appDone = state.now
    hear(
      "system",
      BilingualText(ja: "アプリ: 予約しました。24時間以内に店舗の端末で手続きしてください。", en: "App: booked. Go to a kiosk within 24 hours."))
  }

  /// The customer types a PIN at home or in the shop: a real try.
  private mutating func isRight(_ secret: CardSecret, in place: String) -> Bool {
    let knowledge = knowledge(of: secret, on: RecordName.holder)
    var entry = CounterEvent.Entry(
      secret: secret, record: RecordName.holder, fromLetter: false, knowledge: knowledge,
      leftBefore: world.counter(of: secret, on: RecordName.holder)?.left ?? 0)
    let answer = world.enter(secret, knowledge == .right ? .right : .wrong, on: RecordName.holder)
    entry.answer = answer
    note(.typed(entry))
    guard answer != .right else { return true }
    hear(
      "system",
      BilingualText(ja: "\(place): 暗証番号が違うか、ロックされています。", en: "The PIN is wrong or locked."))
    return false
  }

  mutating func play(_ step: Action.KioskStep) {
    note(.customerSide("\(Action.kiosk(step))"))
    switch step {
    case .insert:
      state.kiosk = [step]
      hear(
        "system", BilingualText(ja: "店舗の端末: 行政サービスを選び、カードを置いた。", en: "Kiosk: administrative services, the card is in."))
    case .enter(let secret):
      if isRight(secret, in: "店舗の端末") { state.kiosk.append(step) }
    case .reset(let secret): reset(secret)
    }
  }

  private mutating func reset(_ secret: CardSecret) {
    let other: CardSecret = secret == .sign ? .auth : .sign
    if let trouble = kioskTrouble(secret, other: other) {
      hear("system", trouble)
      return
    }
    var details = OrderDetails()
    details.newPINs = [secret]
    guard case .possible = world.prepare(.reset([secret]), details, on: RecordName.holder, at: state.now),
      world.complete() == nil
    else {
      hear("system", BilingualText(ja: "店舗の端末: 手続きできません。", en: "Kiosk: this cannot be done."))
      return
    }
    state.knows[RecordName.holder, default: [:]][secret] = .right
    note(.done(.reset([secret]), on: RecordName.kiosk))
    hear("system", BilingualText(ja: "店舗の端末: 新しい暗証番号を設定しました。", en: "Kiosk: the new PIN is set."))
  }

  private func kioskTrouble(_ secret: CardSecret, other: CardSecret) -> BilingualText? {
    let minute = (state.now.unixSeconds + 9 * 3600) % 86_400 / 60
    guard (6 * 60 + 30..<23 * 60).contains(minute) else {
      return BilingualText(ja: "店舗の端末: 6時30分から23時までです。", en: "Kiosk: open from 06:30 to 23:00.")
    }
    guard let booked = state.appDone, state.now.unixSeconds - booked.unixSeconds <= 86_400 else {
      return BilingualText(ja: "店舗の端末: アプリの予約がありません。", en: "Kiosk: there is no booking from the app.")
    }
    guard state.kiosk.first == .insert, state.kiosk.contains(.enter(other)) else {
      return BilingualText(ja: "店舗の端末: もう一方の暗証番号を先に入力してください。", en: "Kiosk: the other PIN comes first.")
    }
    guard let holder = record(RecordName.holder) else { return nil }
    var question = PINCase(.reset, of: secret, at: .convenienceStore)
    question.otherPINWorks = true
    question.certificatesAreGood = holder[.sign]?.isAlive == true && holder[.auth]?.isAlive == true
    question.hasPhotograph = holder.face.hasPhotograph
    question.cardStatus = holder.status
    let ruling = question.ruling(profile: variant.profile)
    guard !ruling.isAllowed else { return nil }
    return BilingualText(ja: "店舗の端末: \(ruling.reason.ja)", en: "Kiosk: \(ruling.reason.en)")
  }
}

extension RecordName {
  /// The holder's card at the kiosk, in events.
  static let kiosk = "kiosk"
}
