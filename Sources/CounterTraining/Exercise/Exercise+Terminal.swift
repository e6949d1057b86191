import CardRules

extension Exercise {
  /// Whether the terminal answers; tells so when it does not.
  private mutating func answers() -> Bool {
    guard happens(at: .terminal) == .unavailable else { return true }
    note(.unavailable)
    tell(
      BilingualText(
        ja: "ただいま利用できません。時間をおいてください。(照会は行われていません)", en: "Not available at present. Nothing was asked of the card."),
      isError: true)
    return false
  }

  mutating func search() {
    guard answers() else { return }
    note(.searched)
    guard let holder = record(RecordName.holder) else { return }
    state.terminal.found = world.records.filter { record($0)?.name == holder.name || $0 == RecordName.holder }
    state.terminal.found += world.records.filter { name in
      !state.terminal.found.contains(name) && state.things.contains { $0.card == name }
    }
    state.terminal.screen = .list
    state.terminal.message = nil
    state.terminal.isError = false
    if state.terminal.found.count == 1 { show(RecordName.holder) }
  }

  mutating func select(_ record: String) {
    show(record)
    note(.selected(record))
  }

  private mutating func show(_ record: String) {
    guard state.terminal.selected != record else { return }
    state.terminal.selected = record
    state.terminal.shown = nil
    state.terminal.tries = [:]
  }

  mutating func readStatus() {
    if state.terminal.selected == nil, let card = state.cardOnReader?.card { state.terminal.selected = card }
    guard let selected = state.terminal.selected else {
      tell(
        BilingualText(ja: "先に本人を検索するか、カードを置いてください。", en: "Search for the person or put the card on the reader first."))
      return
    }
    guard answers(), let facts = record(selected) else { return }
    state.terminal.screen = .status
    state.terminal.shown = facts
    state.terminal.message = nil
    state.terminal.isError = false
    state.terminal.tries = state.cardOnReader?.card == selected ? counters(of: selected) : [:]
    note(.statusRead(selected))
  }

  func counters(of record: String) -> [CardSecret: SecretCounter] {
    var counters: [CardSecret: SecretCounter] = [:]
    for secret in CardSecret.allCases { counters[secret] = world.counter(of: secret, on: record) }
    return counters
  }

  /// What whoever stands there knows of a PIN.
  func knowledge(of secret: CardSecret, on record: String) -> Knowledge {
    state.knows[record]?[secret]
      ?? (variant.lesson.customer.isHolder && record == RecordName.holder ? .right : .forgotten)
  }

  // MARK: Entries

  mutating func enter(_ secret: CardSecret, fromLetter: Bool) {
    guard let record = state.cardOnReader?.card else {
      tell(BilingualText(ja: "カードをリーダーに置いてください。", en: "Put the card on the reader."))
      return
    }
    guard answers() else { return }
    state.pad = ExerciseState.Pad(asks: secret)
    let knowledge =
      fromLetter ? letter(with: secret)?.paper.pins[secret] ?? .right : self.knowledge(of: secret, on: record)
    let left = world.counter(of: secret, on: record)?.left ?? 0
    var entry = CounterEvent.Entry(
      secret: secret, record: record, fromLetter: fromLetter, knowledge: knowledge, leftBefore: left)
    guard let typed = typed(secret, knowledge, fromLetter: fromLetter) else {
      state.pad.result = "nothing"
      note(.typed(entry))
      return
    }
    state.pad.dots = secret == .sign ? 6 : 4
    let answer = world.enter(secret, typed, on: record)
    entry.answer = answer
    note(.typed(entry))
    tell(answer, secret, on: record)
    if knowledge == .wrongFirst, !fromLetter { state.knows[record, default: [:]][secret] = .right }
    if state.terminal.shown != nil, state.terminal.selected == record { state.terminal.tries = counters(of: record) }
  }

  /// What is typed; `nil` when the customer types nothing.
  private mutating func typed(_ secret: CardSecret, _ knowledge: Knowledge, fromLetter: Bool) -> TypedPIN? {
    switch knowledge {
    case .right: return .right
    case .wrong, .wrongFirst: return .wrong
    case .unset:
      hear("customer", BilingualText(ja: "その暗証番号は決めた覚えがありません。", en: "I never set that one."))
      return nil
    case .forgotten:
      if fromLetter || state.confessed.contains(secret) { return .wrong }
      state.confessed.insert(secret)
      hear("customer", BilingualText(ja: "すみません、忘れてしまいました。", en: "I am sorry, I have forgotten it."))
      return nil
    }
  }

  private mutating func tell(_ answer: PINAnswer, _ secret: CardSecret, on record: String) {
    switch answer {
    case .right:
      state.pad.result = "right"
      state.entered.insert(secret)
      tell(BilingualText(ja: "暗証番号を確認しました。", en: "The PIN is right."))
    case .wrong(let left):
      state.pad.result = "wrong"
      tell(
        left > 0
          ? BilingualText(ja: "暗証番号が違います。あと\(left)回です。", en: "The PIN is wrong: \(left) tries left.")
          : BilingualText(ja: "暗証番号が違います。ロックされました。", en: "The PIN is wrong, and now it is locked."), isError: true)
    case .locked:
      state.pad.result = "locked"
      tell(BilingualText(ja: "この暗証番号はロックされています。", en: "This PIN is locked."), isError: true)
    case .absent:
      state.pad.result = "absent"
      tell(BilingualText(ja: "このカードにその暗証番号は設定されていません。", en: "This card has no such PIN."), isError: true)
    }
  }
}
