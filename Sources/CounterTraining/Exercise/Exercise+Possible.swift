import CardRules

extension Exercise {
  /// Why an action is not possible at all; `nil` when it is, even where it is wrong.
  func impossible(_ action: Action) -> Impossible? {
    guard !isFinished else {
      return Impossible(
        ja: "お客様はもう帰りました", en: "the customer has left", fixJA: "最初からやり直す", fixEN: "begin the exercise again")
    }
    switch action {
    case .say(let id):
      guard catalogue.phrase(id) == nil else { return nil }
      let near = Nearest.word(to: id, among: catalogue.phrases.map(\.id))
      return Impossible(
        ja: "「\(id)」という文はない", en: "there is no sentence '\(id)'",
        fixJA: near.map { "「\($0)」のことか" } ?? "phrases.yaml とレッスンの phrases を見る",
        fixEN: near.map { "did you mean '\($0)'?" } ?? "see phrases.yaml and the lesson's own phrases")
    case .paper(let verb, let id): return impossible(verb, id)
    case .place(let id):
      guard let thing = state.thing(id), thing.card != nil else { return noThing(id) }
      if place(of: thing) != .counter { return notThere(id) }
      guard state.cardOnReader == nil || state.writing?.isDoomed == true else {
        return Impossible(
          ja: "リーダーには別のカードがある", en: "another card is on the reader", fixJA: "先に取り上げる", fixEN: "lift it first")
      }
      return nil
    case .lift(let id):
      guard let thing = state.thing(id) else { return noThing(id) }
      guard thing.place == .reader else { return notThere(id) }
      return nil
    case .select(let record):
      guard world.records.contains(record) else {
        return Impossible(
          ja: "「\(record)」という記録はない", en: "there is no record '\(record)'",
          fixJA: world.records.joined(separator: "、") + " から選ぶ",
          fixEN: "choose one of: \(world.records.joined(separator: ", "))")
      }
      return nil
    case .enter(let secret, true): return impossibleFromLetter(secret)
    case .order(_, let card?):
      guard state.thing(card)?.card != nil else { return noThing(card) }
      return nil
    case .note:
      guard state.things.contains(where: { $0.card != nil && ($0.place == .counter || $0.place == .reader) }) else {
        return notThere(CardThing.kind)
      }
      return nil
    case .print(let kind):
      guard catalogue.paper(kind)?.isPrinted != true else { return nil }
      let kinds = catalogue.papers.filter(\.isPrinted).map(\.id).joined(separator: ", ")
      return Impossible(
        ja: "「\(kind)」は印刷できない", en: "'\(kind)' cannot be printed", fixJA: "\(kinds) から選ぶ", fixEN: "use one of: \(kinds)"
      )
    case .app, .kiosk:
      guard let card = state.thing(CardThing.kind), card.place == .customer else {
        return Impossible(
          ja: "カードがお客様の手元にない", en: "the customer has not got the card", fixJA: "先に返す", fixEN: "hand it back first")
      }
      return nil
    default: return nil
    }
  }

  private func impossible(_ verb: Action.PaperVerb, _ id: String) -> Impossible? {
    if verb == .take {
      // Anything that exists can be asked for, whether the customer has it or not.
      guard state.thing(id) == nil, !state.things.contains(where: { $0.paper.kind == id }) else { return nil }
      if id == CardThing.kind || id == VariationRules.anyDocument { return nil }
      return catalogue.paper(id) != nil ? nil : noThing(id)
    }
    guard let thing = state.thing(id) else { return noThing(id) }
    guard place(of: thing) == .counter else { return notThere(id) }
    if verb == .open, thing.isSealed == nil {
      return Impossible(
        ja: "「\(id)」には封がない", en: "'\(id)' is nothing to open", fixJA: "照会書を開ける", fixEN: "open the letter")
    }
    if verb == .open, thing.isSealed == false {
      return Impossible(
        ja: "「\(id)」はもう開いている", en: "'\(id)' is open already", fixJA: "内容を確認する", fixEN: "look at it")
    }
    return nil
  }

  private func impossibleFromLetter(_ secret: CardSecret) -> Impossible? {
    guard letter(with: secret) == nil else { return nil }
    return Impossible(
      ja: "開いた照会書に\(secret.rawValue)の暗証番号がない", en: "no opened letter names the \(secret.rawValue) PIN",
      fixJA: "照会書を確認して開ける", fixEN: "take, inspect and open the letter")
  }

  /// The open letter on the counter in which a PIN stands.
  func letter(with secret: CardSecret) -> ExerciseState.Thing? {
    state.things.first { $0.place == .counter && $0.isSealed == false && $0.paper.pins[secret] != nil }
  }

  /// Where a thing will be when a write that is about to be broken off has ended.
  private func place(of thing: ExerciseState.Thing) -> ExerciseState.Thing.Place {
    thing.place == .reader && state.writing?.isDoomed == true ? .counter : thing.place
  }

  private func noThing(_ id: String) -> Impossible {
    let near = Nearest.word(to: id, among: state.things.map(\.id) + catalogue.papers.map(\.id))
    return Impossible(
      ja: "「\(id)」というものはない", en: "there is no '\(id)' here", fixJA: near.map { "「\($0)」のことか" } ?? "papers.yaml を見る",
      fixEN: near.map { "did you mean '\($0)'?" } ?? "see papers.yaml and what the lesson's customer brings")
  }

  private func notThere(_ id: String) -> Impossible {
    let place = state.thing(id)?.place
    let isOnReader = place == .reader
    return Impossible(
      ja: isOnReader ? "「\(id)」はリーダーの上にある" : "「\(id)」はそこにない",
      en: isOnReader ? "'\(id)' is on the reader" : "'\(id)' is not there",
      fixJA: isOnReader ? "lift \(id) で取り上げる" : "take \(id) で受け取る",
      fixEN: isOnReader ? "lift it first: lift \(id)" : "ask for it first: take \(id)")
  }
}
