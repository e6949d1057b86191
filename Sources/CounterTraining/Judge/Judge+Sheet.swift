import CardRules

extension Exercise {
  /// The judge's sheet, when the customer has left.
  public func sheet(_ language: Language) -> ScoreSheet? { isFinished ? Judge(self).sheet(language) : nil }
}

extension Judge {
  /// The ending that was reached, or came nearest.
  private var ending: (ending: Ending, unmet: [Need], sameOrders: Bool)? {
    let done = Self.canonical(doneOrders.map(\.text))
    let judged = lesson.endings.map { ending in
      (
        ending: ending, unmet: ending.needs.filter { met($0) == nil },
        sameOrders: Self.canonical(Self.texts(of: ending)) == done
      )
    }
    func distance(_ judged: (ending: Ending, unmet: [Need], sameOrders: Bool)) -> Int {
      let orders = Self.texts(of: judged.ending)
      let apart = orders.count { !done.contains($0) } + done.count { !orders.contains($0) }
      return (judged.sameOrders ? 0 : 10 + 10 * apart) + judged.unmet.count
    }
    return judged.enumerated().min { (distance($0.element), $0.offset) < (distance($1.element), $1.offset) }?.element
  }

  func sheet(_ language: Language) -> ScoreSheet {
    let reached = ending
    var mistakes = offences
    var omissions = reached.map { self.omissions(of: $0.ending, unmet: $0.unmet, sameOrders: $0.sameOrders) } ?? []
    omissions += unneeded(reached?.ending)
    // What the lesson lists is a mistake, even where it is only an omission elsewhere.
    for (index, listed) in lesson.mistakes.enumerated() where listed.when == nil {
      guard let place = omissions.firstIndex(where: { $0.code == listed.code }) else { continue }
      if !mistakes.contains(where: { $0.code == listed.code }) {
        mistakes.append(Offence(code: listed.code, turn: omissions[place].turn, lessonMistake: index))
      }
      omissions.removeAll { $0.code == listed.code }
    }
    // One thing is told once.
    let turns = Set(mistakes.compactMap(\.turn))
    omissions.removeAll { omission in
      omission.turn.map(turns.contains)
        ?? (omission.code == "unneeded-try" && mistakes.contains { ["E3", "E8"].contains($0.code) })
    }
    let isReached = reached.map { $0.sameOrders && $0.unmet.isEmpty } ?? lesson.endings.isEmpty
    let text = reached.map { exercise.filled($0.ending.text)[language] }
    return ScoreSheet(
      lesson: lesson.name, seed: exercise.variant.seed, ending: reached?.ending.name,
      endingText: isReached ? text : nil, aimText: isReached ? nil : text, isRight: isReached && mistakes.isEmpty,
      steps: steps(reached?.ending, language), mistakes: mistakes.map { finding($0, language) },
      omissions: omissions.map { finding($0, language) },
      tries: ScoreSheet.Tries(spent: spent(), unnecessary: unnecessaryTries),
      minutes: (exercise.now.unixSeconds - exercise.variant.at.unixSeconds + 59) / 60)
  }

  // MARK: Right steps

  private func steps(_ ending: Ending?, _ language: Language) -> [ScoreSheet.Step] {
    guard let ending else { return [] }
    var rules: [Int: String] = [:]
    for need in ending.needs {
      guard let turn = met(need), turn > 0 else { continue }
      rules[turn] = rule(of: need) ?? rules[turn] ?? ""
    }
    let orders = Self.texts(of: ending)
    for done in doneOrders where orders.contains(done.text) {
      // A write ends with the next action, so the order itself stands before it.
      let begun = events.last { entry in
        guard entry.turn <= done.turn, case .begun(let order) = entry.event else { return false }
        return order.refusal == nil
      }
      guard let begun, case .begun(let order) = begun.event else { continue }
      rules[begun.turn] = Self.rule(of: order.order)
    }
    return rules.keys.sorted().compactMap { turn in
      guard exercise.actions.indices.contains(turn - 1) else { return nil }
      let action = exercise.actions[turn - 1]
      return ScoreSheet.Step(
        action: action.description, text: exercise.words(for: action)[language],
        rule: rules[turn].flatMap { $0.isEmpty ? nil : $0 })
    }
  }

  private func rule(of need: Need) -> String? {
    switch need {
    case .say(let id): exercise.catalogue.phrase(id)?.rule
    case .identity: "4.0-identity"
    case .secondDocument, .twoDocuments: "C4"
    case .power: "3.4"
    case .seal, .destroyed: "4.0-letter"
    case .status, .checked: "4.0-status"
    case .returned: "4.0-return"
    case .called: "4.0-help"
    case .charged: "4.0-reissue"
    case .entered: "4.0-pins"
    case .or(let first, let second): met(first) != nil ? rule(of: first) : rule(of: second)
    default: nil
    }
  }

  static func rule(of order: CounterOrder) -> String {
    switch order {
    case .issue: return "4.2"
    case .renew: return "4.3"
    case .revoke: return "4.10"
    case .reset(let secrets): return secrets.contains(.numberB) || secrets.contains(.numberA) ? "4.22" : "4.6"
    case .change: return "4.5"
    case .plain(let plain):
      switch plain {
      case .move: return "4.11"
      case .rename: return "4.12"
      case .extendStay, .specialPeriod: return "4.17"
      case .stop: return "4.13"
      case .release: return "4.14"
      case .surrender: return "4.10"
      case .reissue: return "4.15"
      case .renewCard: return "4.16"
      case .leaveJapan: return "4.18"
      case .toFaceAuthentication, .fromFaceAuthentication: return "4.20"
      case .handOver: return "4.1"
      }
    }
  }

  // MARK: Omissions

  private struct Omission {
    var code: String
    var detail: BilingualText?
    var rule: String?
    var turn: Int?
  }

  private func omissions(of ending: Ending, unmet: [Need], sameOrders: Bool) -> [Omission] {
    var found = unmet.map { need in
      switch need {
      case .say(let id):
        Omission(
          code: "missing-explanation", detail: exercise.catalogue.phrase(id).map { exercise.filled($0.text) },
          rule: exercise.catalogue.phrase(id)?.rule)
      case .returned: Omission(code: "missing-return")
      default: Omission(code: "missing-step", detail: words(for: need), rule: rule(of: need))
      }
    }
    guard !sameOrders else { return found }
    let (orders, done) = (Self.texts(of: ending), doneOrders)
    let extra = done.filter { !orders.contains($0.text) }
    let missing = orders.filter { text in !done.contains { $0.text == text } }
    let isReissue = extra.contains { $0.text.hasPrefix("issue") } && missing.contains { $0.hasPrefix("reset") }
    if isReissue { found.append(Omission(code: "reissue-instead", turn: extra.first?.turn)) }
    found += missing.map { Omission(code: "missing-order", detail: Self.words(forOrder: $0)) }
    if !isReissue {
      found += extra.map { Omission(code: "unneeded-order", detail: Self.words(forOrder: $0.text), turn: $0.turn) }
    }
    if extra.isEmpty, missing.isEmpty { found.append(Omission(code: "order-of-steps")) }
    return found
  }

  private static func words(forOrder text: String) -> BilingualText {
    guard case .order(let order, let card)? = try? Action(text) else { return BilingualText(ja: text, en: text) }
    let words = Exercise.words(for: order)
    guard let card else { return words }
    return BilingualText(ja: "\(words.ja)(\(card))", en: "\(words.en) (\(card))")
  }

  private func words(for need: Need) -> BilingualText {
    switch need {
    case .status: BilingualText(ja: "手続きの前に状態を見る", en: "read the status before the first procedure")
    case .identity: BilingualText(ja: "写真つきの書類で本人を確かめる", en: "make sure of the person with a photograph")
    case .secondDocument: BilingualText(ja: "もう1点の確認書類", en: "a second document")
    case .power: BilingualText(ja: "代理権の確認", en: "the proof of the power to act")
    case .twoDocuments: BilingualText(ja: "代理人の書類2点(1点は写真つき)", en: "two documents of the proxy, one with a photograph")
    case .seal: BilingualText(ja: "封を確かめてから開ける", en: "look at the seal, then open the letter")
    case .printed(let paper):
      BilingualText(ja: "\(exercise.title(of: paper).ja)の印刷", en: "print \(exercise.title(of: paper).en)")
    case .charged(let yen): BilingualText(ja: "手数料\(yen)円", en: "a fee of \(yen) yen")
    case .destroyed(let paper):
      BilingualText(ja: "\(exercise.title(of: paper).ja)の破棄", en: "destroy \(exercise.title(of: paper).en)")
    case .checked: BilingualText(ja: "手続きの後に状態を見る", en: "read the status again afterwards")
    case .entered(let secret):
      BilingualText(ja: "\(Exercise.words(for: secret).ja)の入力", en: "the entry of \(Exercise.words(for: secret).en)")
    case .contact: BilingualText(ja: "連絡先を控える", en: "note the telephone number")
    case .or(let first, _), .before(let first, _): words(for: first)
    case .and(let first, let second):
      BilingualText(
        ja: "\(words(for: first).ja)、\(words(for: second).ja)", en: "\(words(for: first).en), \(words(for: second).en)")
    case .not(let need): BilingualText(ja: "しないこと: \(words(for: need).ja)", en: "not: \(words(for: need).en)")
    case .tries(let secret, let most):
      BilingualText(
        ja: "\(Exercise.words(for: secret).ja)を間違えるのは\(most)回まで",
        en: "at most \(most) wrong entries of \(Exercise.words(for: secret).en)")
    case .action(let text), .times(_, let text):
      (try? Action(text)).map { exercise.words(for: $0) } ?? BilingualText(ja: text, en: text)
    case .did(let text), .tried(let text): Self.words(forOrder: text)
    case .noted(let what): exercise.words(for: .note(what))
    case .called(let number): exercise.words(for: .call(number))
    case .say(let id): exercise.catalogue.phrase(id).map { exercise.filled($0.text) } ?? BilingualText(ja: id, en: id)
    default: BilingualText(ja: need.description, en: need.description)
    }
  }

  /// Documents and tries that nothing asked for.
  private func unneeded(_ ending: Ending?) -> [Omission] {
    var found: [Omission] = []
    if unnecessaryTries > 0 { found.append(Omission(code: "unneeded-try")) }
    guard let ending else { return found }
    let asksForDocument = ending.needs.contains { Self.asksForDocument($0) } || isResetWithDocuments
    for entry in events {
      guard !asksForDocument, customer.isHolder, case .took(let id) = entry.event,
        let proof = kind(id)?.proof, proof == .photo || proof == .plain
      else { continue }
      found.append(Omission(code: "unneeded-document", turn: entry.turn))
      break
    }
    return found
  }

  /// Whether a reset was carried out where the office asks for more than the card (difference C4).
  private var isResetWithDocuments: Bool {
    guard profile.resetDocuments != .cardOnly else { return false }
    return events.contains { if case .done(.reset, _) = $0.event { true } else { false } }
  }

  private static func asksForDocument(_ need: Need) -> Bool {
    switch need {
    case .secondDocument, .twoDocuments, .power: true
    case .action(let text), .times(_, let text): text.hasPrefix("take ") || text.hasPrefix("inspect ")
    case .not: false
    case .and(let first, let second), .or(let first, let second), .before(let first, let second):
      asksForDocument(first) || asksForDocument(second)
    default: false
    }
  }

  /// Wrong entries of a PIN that nobody knew, after the first one, and entries of a locked PIN.
  private var unnecessaryTries: Int {
    var seen: Set<String> = []
    return events.reduce(0) { count, entry in
      guard case .typed(let typed) = entry.event, typed.isWrong else { return count }
      let isFirst = seen.insert("\(typed.record) \(typed.secret.rawValue) \(typed.fromLetter)").inserted
      return isFirst && typed.knowledge != .forgotten ? count : count + 1
    }
  }

  // MARK: Findings

  private func finding(_ offence: Offence, _ language: Language) -> ScoreSheet.Finding {
    let listed =
      offence.isUntrue
      ? nil : offence.lessonMistake.map { lesson.mistakes[$0] } ?? lesson.mistakes.first { $0.code == offence.code }
    let common = Mistake.named(offence.code)
    let said = offence.phrase.map { phrase -> BilingualText in
      let text = exercise.filled(phrase.text)
      return BilingualText(ja: "お客様にこう言った: \(text.ja)", en: "it was said: \(text.en)")
    }
    let untrue =
      offence.isUntrue
      ? said.map { said in
        BilingualText(ja: "事実と違うことを言った。\(said.ja)", en: "something was said that is not so; \(said.en)")
      } : nil
    let text = untrue ?? listed?.text ?? common?.text ?? said ?? BilingualText(ja: offence.code, en: offence.code)
    let consequence =
      listed?.consequence ?? offence.phrase?.consequence ?? common?.consequence
      ?? BilingualText(ja: "お客様が困ることになります。", en: "The customer will be in trouble.")
    return finding(
      offence.code, text, consequence, listed?.rule ?? offence.phrase?.rule ?? common?.rule ?? lesson.rules.first,
      offence.turn, language)
  }

  private func finding(_ omission: Omission, _ language: Language) -> ScoreSheet.Finding {
    let common = Mistake.named(omission.code)
    let text = BilingualText(
      ja: (common?.text.ja ?? "") + (omission.detail?.ja ?? ""),
      en: (common?.text.en ?? "") + (omission.detail?.en ?? ""))
    return finding(
      omission.code, text, common?.consequence ?? text, omission.rule ?? lesson.rules.first ?? common?.rule,
      omission.turn, language)
  }

  private func finding(
    _ code: String, _ text: BilingualText, _ consequence: BilingualText, _ id: String?, _ turn: Int?,
    _ language: Language
  ) -> ScoreSheet.Finding {
    let rule = id.flatMap(Rule.named) ?? .laterIssue
    return ScoreSheet.Finding(
      code: code, text: exercise.filled(text)[language], consequence: exercise.filled(consequence)[language],
      rule: rule.id, ruleText: rule.sentence[language], certainty: rule.certainty.rawValue,
      sources: rule.sources.map { code in
        ScoreSheet.Source(code: code, address: RuleSource.named(code)?.address ?? "")
      }, turn: turn)
  }
}
