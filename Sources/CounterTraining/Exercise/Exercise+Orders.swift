import CardRules

extension Exercise {
  mutating func begin(_ order: CounterOrder, card: String?) {
    let onReader = state.cardOnReader?.card
    let named = card.flatMap { state.thing($0)?.card }
    guard let record = named ?? (order.writes ? onReader : state.terminal.selected ?? onReader),
      let facts = self.record(record)
    else {
      tell(
        order.writes
          ? BilingualText(ja: "カードをリーダーに置いてください。", en: "Put the card on the reader.")
          : BilingualText(ja: "先に本人を検索してください。", en: "Search for the person first."))
      return
    }
    guard !order.writes || onReader == record else {
      tell(BilingualText(ja: "そのカードをリーダーに置いてください。", en: "Put that card on the reader."))
      return
    }
    guard !isUnavailable() else { return }
    state.terminal.screen = .procedure
    var begun = CounterEvent.Order(
      order: order, record: record, at: state.now, before: facts, tries: counters(of: record), refusal: nil)
    if order.writes, let selected = state.terminal.selected, selected != record {
      refuse(
        &begun, on: selected,
        BilingualText(ja: "選択中の記録と、リーダーのカードが違う人のものです。", en: "The card on the reader is not that of the chosen record."))
      return
    }
    let missing = asked(for: order, facts).filter { !state.entered.contains($0) }
    guard missing.isEmpty else {
      let names = missing.map(\.rawValue).joined(separator: ", ")
      tell(
        BilingualText(
          ja: missing.map { Self.words(for: $0).ja }.joined(separator: "、") + "の入力が必要です。",
          en: "These PINs have to be entered first: \(names)."))
      return
    }
    let new = newPINs(for: order, facts)
    if !new.isEmpty, let trouble = typeNewPINs(new) {
      tell(trouble, isError: true)
      return
    }
    var details = OrderDetails()
    details.facts = variant.facts
    details.newPINs = new
    details.withLegalRepresentative = variant.lesson.customer.role == .legalRepresentative
    switch world.prepare(order, details, on: record, at: state.now) {
    case .refused(_, let reason): refuse(&begun, on: record, reason)
    case .possible:
      note(.begun(begun))
      let isDoomed = order.writes && happens(at: .write) == .liftCard
      state.writing = ExerciseState.Writing(order: order, record: record, newPINs: new, isDoomed: isDoomed)
      if order.writes {
        state.terminal.screen = .writing
        tell(BilingualText(ja: "書き込み中です。カードを動かさないでください。", en: "Writing. Do not move the card."))
      } else {
        endWrite()
      }
    }
  }

  private mutating func isUnavailable() -> Bool {
    guard happens(at: .terminal) == .unavailable else { return false }
    note(.unavailable)
    tell(
      BilingualText(
        ja: "ただいま利用できません。時間をおいてください。(手続きは行われていません)", en: "Not available at present. Nothing was done."), isError: true)
    return true
  }

  private mutating func refuse(
    _ begun: inout CounterEvent.Order, on record: String, _ reason: BilingualText
  ) {
    begun.record = record
    begun.refusal = reason.en
    note(.begun(begun))
    tell(reason, isError: true)
  }

  // MARK: PINs that are asked, and those that are set

  /// The PINs that have to be entered before an order (rules 4.0-pins, 4.5, 4.11).
  func asked(for order: CounterOrder, _ facts: RecordFacts) -> [CardSecret] {
    let isSet: (CardSecret) -> Bool = { world.counter(of: $0, on: facts.id)?.isSet == true }
    let proof: [CardSecret] = isSet(.residentRecord) ? [.residentRecord] : []
    switch order {
    case .issue, .renew:
      return proof
        + [CertificateKind.sign, .auth].filter { facts[$0]?.isAlive == true }.map(Self.secret).filter(isSet)
    case .change(let secret): return [secret]
    case .plain(let plain):
      switch plain {
      case .move, .rename, .extendStay, .specialPeriod, .leaveJapan: return proof
      default: return []
      }
    case .reset, .revoke: return []
    }
  }

  /// The PINs that are typed anew with an order.
  private func newPINs(for order: CounterOrder, _ facts: RecordFacts) -> Set<CardSecret> {
    switch order {
    case .reset(let secrets): return Set(secrets)
    case .change(let secret): return [secret]
    case .issue(let kinds), .renew(let kinds):
      return Set(
        kinds.map(Self.secret).filter { secret in
          let isSet = world.counter(of: secret, on: facts.id)?.isSet == true
          // What was entered stays; a dead certificate's PIN that nobody knows is replaced.
          return !(isSet && state.entered.contains(secret)) && !facts.face.isForFaceAuthentication
        })
    case .plain(.handOver), .plain(.fromFaceAuthentication):
      let certificates = [CertificateKind.sign, .auth].filter { facts[$0] != nil }.map(Self.secret)
      return Set(certificates + [.residentRecord, .textInput])
    case .plain, .revoke: return []
    }
  }

  static func secret(_ kind: CertificateKind) -> CardSecret { kind == .sign ? .sign : .auth }

  /// The customer types new PINs; what went wrong, if anything did.
  private mutating func typeNewPINs(_ secrets: Set<CardSecret>) -> BilingualText? {
    let secret = CardSecret.allCases.first(where: secrets.contains)
    // Printed numbers are not chosen.
    guard secret != .numberA, secret != .numberB else { return nil }
    state.pad = ExerciseState.Pad(asks: secret, dots: secret == .sign ? 6 : 4, result: "set")
    switch happens(at: .newPIN) {
    case .wrongForm:
      state.pad.result = "wrongForm"
      return BilingualText(
        ja: "新しい暗証番号の形が違います。カードには何も送っていません。", en: "The new PIN has not the right form. Nothing went to the card.")
    case .unequal:
      state.pad.result = "unequal"
      return BilingualText(
        ja: "2回の入力が一致しません。もう一度入力してください。", en: "The two entries differ. Both have to be typed again.")
    default: return nil
    }
  }

  // MARK: The write

  /// Ends a write that has begun: carried out, or broken off by the customer.
  mutating func endWrite() {
    guard let writing = state.writing else { return }
    if writing.isDoomed {
      breakOff(byClerk: false)
      return
    }
    state.writing = nil
    if case .refused(_, let reason)? = world.complete() {
      tell(reason, isError: true)
      return
    }
    for secret in writing.newPINs {
      state.knows[writing.record, default: [:]][secret] = .right
      state.entered.insert(secret)
    }
    state.terminal.screen = .procedure
    state.terminal.shown = nil
    tell(BilingualText(ja: "終わりました。", en: "Done."))
    note(.done(writing.order, on: writing.record))
    switch writing.order {
    case .plain(.surrender):
      if let card = state.things.first(where: { $0.card == writing.record })?.id {
        change(card) { $0.place = .destroyed }
      }
    default: break
    }
  }

  mutating func breakOff(byClerk: Bool) {
    guard let writing = state.writing else { return }
    state.writing = nil
    world.breakOff()
    state.terminal.shown = nil
    tell(
      BilingualText(ja: "カードが取り外されました。書き込みは終わっていません。", en: "The card was removed. The write did not end."),
      isError: true)
    note(.broken(writing.order, on: writing.record, byClerk: byClerk))
    guard !byClerk else { return }
    if let card = state.cardOnReader?.id { change(card) { $0.place = .counter } }
    state.entered = []
    hear(
      "customer", BilingualText(ja: "あ、もういいのかと思って、カードを取ってしまいました。", en: "Oh, I thought it was over and took the card."))
  }
}
