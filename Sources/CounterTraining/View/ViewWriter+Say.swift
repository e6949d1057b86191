import CardRules

extension ViewWriter {
  /// So many sentences of a kind are offered at least, where the catalogue has them.
  private static let fewest = 6
  /// More are hard to survey, and the keyboard has nine digits.
  private static let most = 9

  /// What can be said: what the lesson needs, its mistakes, and others of the catalogue drawn by the seed, in seeded order.
  var say: [ExerciseView.Group] {
    let lesson = exercise.variant.lesson
    let codes = Set(lesson.mistakes.map(\.code))
    // What comes first is offered in any case.
    var wanted = lesson.endings.flatMap { $0.needs.flatMap(Judge.phrases) } + lesson.phrases.map(\.id)
    wanted += lesson.mistakes.compactMap(\.when).flatMap(Judge.phrases)
    wanted += exercise.catalogue.phrases.filter { $0.mistake.map(codes.contains) ?? false }.map(\.id)
    wanted += lesson.customer.answers.keys.sorted()
    let groups = Phrase.Kind.allCases.map { kind in
      ExerciseView.Group(
        group: kind.rawValue, title: Self.title(kind)[language],
        items: choices(kind, wanted: wanted).map { choice(.say($0)) })
    }
    return groups + [take]
  }

  private func choices(_ kind: Phrase.Kind, wanted: [String]) -> [String] {
    var random = SeededChoice(
      "say \(kind.rawValue) \(exercise.variant.lesson.name)", seed: exercise.variant.seed)
    let all = exercise.catalogue.phrases.filter { $0.kind == kind }.map(\.id)
    var chosen: [String] = []
    for id in wanted where all.contains(id) && !chosen.contains(id) && chosen.count < Self.most { chosen.append(id) }
    let others = random.shuffled(all.filter { !chosen.contains($0) })
    let count = min(max(2, Self.fewest - chosen.count), Self.most - chosen.count)
    return random.shuffled(chosen + others.prefix(count))
  }

  private static func title(_ kind: Phrase.Kind) -> BilingualText {
    switch kind {
    case .ask: BilingualText(ja: "聞く", en: "Ask")
    case .explain: BilingualText(ja: "説明する", en: "Explain")
    case .offer: BilingualText(ja: "案内する", en: "Offer")
    case .refuse: BilingualText(ja: "断る", en: "Refuse")
    case .refer: BilingualText(ja: "他を案内する", en: "Refer")
    }
  }

  /// What can be asked for: what the customer has, any other document, and papers drawn by the seed that the customer has
  /// not got. The order stays the same through the exercise.
  private var take: ExerciseView.Group {
    let papers = exercise.variant.papers
    let own = papers.map { paper in
      // Two of one kind are asked for by name, and a document without its kind.
      let isNamed = paper.kind == CardThing.kind || paper.id == VariationRules.anyDocument
      return isNamed || papers.filter { $0.kind == paper.kind }.count > 1 ? paper.id : paper.kind
    }
    var random = SeededChoice("take \(exercise.variant.lesson.name)", seed: exercise.variant.seed)
    var wanted = own
    for id in [CardThing.kind, VariationRules.anyDocument] where !wanted.contains(id) { wanted.append(id) }
    let kinds = exercise.catalogue.papers.filter { kind in
      !kind.isPrinted && !papers.contains { $0.kind == kind.id }
    }.map(\.id)
    wanted += random.shuffled(kinds).prefix(max(0, Self.most - wanted.count))
    let ids = random.shuffled(Array(wanted.prefix(Self.most))).filter { id in
      // What lies on the counter is not asked for.
      let thing = state.thing(id) ?? state.things.first { $0.paper.kind == id && !$0.isPrinted }
      return thing.map { $0.place == .customer || $0.place == .office } ?? true
    }
    return ExerciseView.Group(
      group: "take", title: say("出してもらう", "Ask for"), items: ids.map { choice(.paper(.take, $0)) })
  }
}
