import CardRules

extension ViewWriter {
  var reader: ExerciseView.Reader {
    ExerciseView.Reader(
      card: state.cardOnReader?.id, busy: state.writing != nil, step: state.writing == nil ? 0 : 1)
  }

  var pad: ExerciseView.Pad {
    ExerciseView.Pad(
      asks: state.pad.asks?.rawValue, title: state.pad.asks.map { Exercise.words(for: $0)[language] },
      dots: state.pad.dots, result: state.pad.result)
  }

  var terminal: ExerciseView.Terminal {
    let terminal = state.terminal
    return ExerciseView.Terminal(
      screen: terminal.screen.rawValue, records: terminal.found.compactMap(record), selected: terminal.selected,
      lamps: terminal.shown.map { lamps($0) }, rows: terminal.shown.map(rows) ?? [],
      tries: hidesTries ? [] : tries(terminal), message: message(terminal), isError: terminal.isError,
      actions: exercise.isFinished ? [] : actions, procedures: exercise.isFinished ? [] : procedures)
  }

  /// Tries left are told in messages too; an examination hides them there as well.
  private func message(_ terminal: ExerciseState.Terminal) -> String? {
    guard let message = terminal.message?[language] else { return nil }
    guard hidesTries, state.pad.result == "wrong", terminal.isError else { return message }
    return say("暗証番号が違います。", "The PIN is wrong.")
  }

  private func record(_ name: String) -> ExerciseView.Record? {
    guard let facts = exercise.record(name) else { return nil }
    return ExerciseView.Record(
      id: name, name: facts.name, birth: day(facts.birth), address: facts.address,
      actions: exercise.isFinished ? [] : [choice(.select(name))])
  }

  private func lamps(_ facts: RecordFacts) -> ExerciseView.Lamps {
    func names(_ isSo: (RecordFacts.Certificate) -> Bool) -> [String] {
      facts.certificates.filter(isSo).map { $0.kind.name[language] }
    }
    let locked = CardSecret.allCases.filter { secret in
      state.terminal.tries[secret].map { $0.isSet && $0.left == 0 } ?? false
    }
    var stopped: [String] = []
    if facts.status == .stopped { stopped = [facts.status.name[language]] }
    return ExerciseView.Lamps(
      locked: locked.map { Exercise.words(for: $0)[language] },
      expired: names { $0.standing == .expired }, revoked: names { $0.standing == .revoked }, stopped: stopped)
  }

  private func rows(_ facts: RecordFacts) -> [ExerciseView.Fact] {
    var rows = [
      ExerciseView.Fact(label: say("氏名", "Name"), value: facts.name),
      ExerciseView.Fact(label: say("生年月日", "Date of birth"), value: day(facts.birth)),
      ExerciseView.Fact(label: say("住所", "Address"), value: facts.address),
      ExerciseView.Fact(label: say("カード", "Card"), value: facts.status.name[language]),
      ExerciseView.Fact(label: say("カードの有効期限", "Card valid until"), value: day(facts.cardEnd)),
    ]
    if facts.isAdultWard {
      rows.append(ExerciseView.Fact(label: say("備考", "Remark"), value: say("成年被後見人", "adult ward")))
    }
    for kind in CertificateKind.allCases {
      let value = facts[kind].map { standing($0, until: day($0.end)) } ?? say("なし", "none")
      rows.append(ExerciseView.Fact(label: kind.name[language], value: value))
    }
    return rows
  }

  private func standing(_ certificate: RecordFacts.Certificate, until end: String) -> String {
    if certificate.isBroken { return say("書込み失敗 \(end)", "broken \(end)") }
    return switch certificate.standing {
    case .good: say("\(end)まで有効", "good until \(end)")
    case .expired: say("期限切れ \(end)", "expired \(end)")
    case .revoked: say("失効 \(end)", "revoked \(end)")
    case .hold: say("一時停止 \(end)", "on hold \(end)")
    case .superseded: say("更新済み \(end)", "replaced \(end)")
    }
  }

  private func tries(_ terminal: ExerciseState.Terminal) -> [ExerciseView.Tries] {
    [CardSecret.sign, .auth, .residentRecord, .textInput, .numberB].compactMap { secret in
      guard let counter = terminal.tries[secret] else { return nil }
      return ExerciseView.Tries(
        pin: secret.rawValue, title: Exercise.words(for: secret)[language], left: counter.isSet ? counter.left : nil,
        full: counter.full)
    }
  }

  // MARK: What can be done

  private var actions: [ExerciseView.Choice] {
    var actions: [Action] = [.search, .status]
    guard state.cardOnReader != nil else { return actions.map(choice) }
    let secrets: [CardSecret] = [.residentRecord, .sign, .auth, .textInput]
    actions += secrets.map { .enter($0, fromLetter: false) }
    actions += secrets.filter { exercise.letter(with: $0) != nil }.map { .enter($0, fromLetter: true) }
    return actions.map(choice)
  }

  private var procedures: [ExerciseView.Group] {
    func group(_ name: String, _ ja: String, _ en: String, _ orders: [CounterOrder]) -> ExerciseView.Group {
      ExerciseView.Group(
        group: name, title: say(ja, en), items: orders.map { choice(.order($0, card: nil)) })
    }
    return [
      group(
        "certificates", "証明書", "Certificates",
        [
          .renew([.sign, .auth]), .renew([.auth]), .renew([.sign]), .issue([.sign, .auth]), .issue([.sign]),
          .issue([.auth]), .revoke([.sign]), .revoke([.auth]), .revoke([.sign, .auth]),
        ]),
      group(
        "pins", "暗証番号", "PINs",
        [
          .reset([.sign]), .reset([.auth]), .reset([.sign, .auth]), .reset([.residentRecord]), .reset([.textInput]),
          .reset([.numberB]), .change(.sign), .change(.auth), .change(.residentRecord), .change(.textInput),
        ]),
      group(
        "face", "券面", "The card's face",
        [.plain(.move), .plain(.rename), .plain(.extendStay), .plain(.specialPeriod), .plain(.leaveJapan)]
          + [.plain(.toFaceAuthentication), .plain(.fromFaceAuthentication)]),
      group(
        "card", "カード", "The card",
        [.plain(.stop), .plain(.release), .plain(.reissue), .plain(.renewCard), .plain(.surrender), .plain(.handOver)]),
    ]
  }

  var desk: [ExerciseView.Group] {
    let prints = exercise.catalogue.papers.filter(\.isPrinted).map { choice(.print($0.id)) }
    let notes = exercise.impossible(.note("dates")) == nil ? Action.notes.map { choice(.note($0)) } : []
    return [
      ExerciseView.Group(group: "print", title: say("印刷", "Print"), items: prints),
      ExerciseView.Group(
        group: "charge", title: say("手数料", "Fee"), items: [0, 200, 800, 1000, 2000].map { choice(.charge($0)) }),
      ExerciseView.Group(group: "note", title: say("券面に書く", "Write on the card"), items: notes),
    ]
  }
}
