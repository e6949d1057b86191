import CardRules

extension ViewWriter {
  /// So many sentences of a kind are offered at least.
  private static let fewest = 6

  /// What can be said: what the lesson needs, its mistakes, and others of the catalogue drawn by the seed, in seeded order.
  var say: [ExerciseView.Group] {
    let lesson = exercise.variant.lesson
    var wanted = lesson.endings.flatMap { $0.needs.flatMap(Judge.phrases) }
    wanted += lesson.mistakes.compactMap(\.when).flatMap(Judge.phrases)
    wanted += lesson.phrases.map(\.id) + lesson.customer.answers.keys
    let codes = Set(lesson.mistakes.map(\.code))
    wanted += exercise.catalogue.phrases.filter { $0.mistake.map(codes.contains) ?? false }.map(\.id)
    let named = Set(wanted)
    let groups = Phrase.Kind.allCases.map { kind in
      ExerciseView.Group(
        group: kind.rawValue, title: Self.title(kind)[language],
        items: choices(kind, named: named).map { choice(.say($0)) })
    }
    return groups + [take]
  }

  private func choices(_ kind: Phrase.Kind, named: Set<String>) -> [String] {
    var random = SeededChoice(
      "say \(kind.rawValue) \(exercise.variant.lesson.name)", seed: exercise.variant.seed)
    let all = exercise.catalogue.phrases.filter { $0.kind == kind }
    let chosen = all.filter { named.contains($0.id) }
    let others = random.shuffled(all.filter { !named.contains($0.id) })
    let count = max(2, Self.fewest - chosen.count)
    return random.shuffled((chosen + others.prefix(count)).map(\.id))
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

  /// What can be asked for: everything that the office knows, whether the customer has it or not.
  private var take: ExerciseView.Group {
    let inBag = state.things.filter { ($0.place == .customer || $0.place == .office) && !$0.isPrinted }
    let ids = inBag.filter { $0.card != nil }.map(\.id)
    // A thing with a name of its own is asked for by its kind.
    let kinds = exercise.catalogue.papers.filter { kind in
      !kind.isPrinted && !state.things.contains { $0.paper.kind == kind.id && $0.place != .customer }
    }.map(\.id)
    let named = inBag.filter {
      $0.card == nil && $0.id != $0.paper.kind && $0.id != VariationRules.anyDocument
    }.map(\.id)
    return ExerciseView.Group(
      group: "take", title: say("出してもらう", "Ask for"),
      items: (ids + [VariationRules.anyDocument] + kinds + (named.count > 1 ? named : [])).map { choice(.paper(.take, $0)) })
  }
}
