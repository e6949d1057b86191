import Authority
import CardRules
import Cryptography
import MyNumberCard

extension ResidentReader {
  /// What the file asks for of one certificate.
  struct CertificateWish {
    let kind: CertificateKind
    /// The days of issue in order; the last one is the certificate on the card.
    var issues: [(day: CalendarDay, place: ResidentFault.Position?)]
    var end: CalendarDay?
    var isForced = false
    var defect: Resident.CertificateFacts.Defect?
    var serial: String?
    var state: Resident.CertificateFacts.State?
    let map: YAMLMap
    let place: ResidentFault.Position?
  }

  /// An event with the person as he or she was before it.
  struct EventWish {
    var event: ResidentEvent
    var before: (name: String?, address: String?, municipality: Municipality?, stayUntil: CalendarDay?)
    var isSpecialPeriod = false
    let map: YAMLMap
  }

  /// Plays the life of the card from its issue to the day of minting.
  func readLife(
    of holder: Resident.Holder, card map: YAMLMap, certificates: YAMLMap, title: LocalizedText
  ) -> Resident? {
    let card = readCard(map, holder: holder)
    let wishes = [CertificateKind.auth, .sign].compactMap { readCertificate(certificates, $0, card: card?.facts) }
    certificates.finish()
    let events = readEvents(card: card?.facts)
    guard var card else { return nil }
    // Backwards from today to the issue of the card.
    var first = holder
    var forward: [EventWish] = []
    for var wish in events.reversed() {
      if let name = wish.before.name { (wish.event.name, first.name) = (first.name, name) }
      if let address = wish.before.address { (wish.event.address, first.address) = (first.address, address) }
      if let place = wish.before.municipality {
        (wish.event.municipality, first.municipality) = (first.municipality, place)
      }
      if let until = wish.before.stayUntil {
        if case .stay(let now) = first.residence { wish.event.stayUntil = now }
        first.residence = .stay(until: until)
      }
      forward.insert(wish, at: 0)
    }
    checkStay(first, card, events)
    guard let end = cardEnd(card, first) else { return nil }
    card.facts.end = end
    var resident = Resident(name: name, title: title, holder: first, registered: first, card: card.facts)
    // What the file says of the card is how it is today.
    if card.status == .undelivered || events.contains(where: { $0.event.event == .unclaimed }) {
      resident.card.status = .undelivered
    }
    if events.contains(where: { $0.event.event == .toFaceAuthentication }) {
      resident.card.isForFaceAuthentication = false
    }
    play(forward, wishes, in: &resident)
    finish(&resident, wishes, status: card.status)
    return resident
  }

  /// No card is issued to somebody whose stay is over.
  private func checkStay(_ first: Resident.Holder, _ card: CardWish, _ events: [EventWish]) {
    guard case .stay(let until) = first.residence, until < card.facts.issued, !card.isForced else { return }
    let event = events.first { $0.before.stayUntil != nil }
    (event?.map ?? root.map("holder"))?.complain(
      "the stay ended on \(until), before the card was issued on \(card.facts.issued)",
      at: event == nil ? "stayUntil" : "before", fix: "write a later end of the stay, or an earlier issue")
  }

  private func play(_ events: [EventWish], _ wishes: [CertificateWish], in resident: inout Resident) {
    let days = Set(wishes.flatMap { $0.issues.map(\.day) } + events.map(\.event.on)).sorted()
    for day in days {
      let due = wishes.filter { $0.issues.contains { $0.day == day } }
      // The card comes with its certificates. Later, what happens on a day goes before what is issued on it: a move, then the
      // new certificate.
      let isWithCard = day == resident.card.issued
      if isWithCard, !due.isEmpty { issue(due, on: day, in: &resident) }
      for wish in events where wish.event.on == day { happen(wish, in: &resident) }
      if !isWithCard, !due.isEmpty { issue(due, on: day, in: &resident) }
    }
  }

  private func happen(_ wish: EventWish, in resident: inout Resident) {
    var event = wish.event
    let status = WardOffice.status(of: resident, on: event.on)
    let ruling = Eligibility.mayHappen(event.event, to: status, holderDiedOn: resident.death)
    if event.event == .stayExtension, event.on > resident.card.end {
      wish.map.complain(
        "the card ended on \(resident.card.end), so it cannot be extended (rule R12)", at: "day",
        fix: "write an earlier date")
    } else if !ruling.isAllowed {
      wish.map.complain(
        "on \(event.on) this cannot happen: \(ruling.reason.en) (rule \(ruling.rule.id))", at: "event",
        fix: "leave it out, or put right what comes before it")
    }
    switch event.event {
    case .stayExtension: extend(wish, &event, resident)
    case .leavingJapanContinuing:
      if resident.registered.residence != .japanese {
        wish.map.complain(
          "only Japanese nationals keep their card abroad (rule \(Rule.leavingJapan.id))", at: "event",
          fix: "write leavingJapan")
      }
      event.address = event.address ?? Resident.Holder.addressAbroad(since: event.on)
    default: break
    }
    resident.apply(event)
  }

  /// The end of the card that a longer stay or the special period gives (rules R11, R12).
  private func extend(_ wish: EventWish, _ event: inout ResidentEvent, _ resident: Resident) {
    guard case .stay = resident.registered.residence else {
      wish.map.complain(
        "the holder's residence has no end (rule R11)", at: "event",
        fix: "write residence: stay and stayUntil, or leave it out")
      return
    }
    if wish.isSpecialPeriod, let granted = resident.card.specialPeriod {
      wish.map.complain(
        "the special period was written on \(granted) already, and there is only one (rule R12)", at: "event",
        fix: "leave it out, or write the new stay between the two")
    }
    if wish.isSpecialPeriod { event.stayUntil = nil }
    guard let wished = event.stayUntil ?? (wish.isSpecialPeriod ? CardEnd.specialPeriod(after: resident.card.end) : nil)
    else { return }
    let end = resident.card.extendedEnd(to: wished, born: resident.registered.birth.day)
    if end <= resident.card.end, event.on <= resident.card.end {
      wish.map.complain(
        "the card ends on \(resident.card.end) and this makes it no longer, to \(end) (rule R11)", at: "event",
        fix: "leave it out; a card lasts to the birthday or to the end of the stay")
    }
    event.cardEnd = end
  }

  private func issue(_ wishes: [CertificateWish], on day: CalendarDay, in resident: inout Resident) {
    for wish in wishes where !wish.isForced { checkIssue(wish, on: day, resident) }
    var request = Resident.Issue(Set(wishes.map(\.kind)), on: day)
    for wish in wishes where wish.issues.last?.day == day {
      if let end = wish.end, wish.isForced || resident.registered.birth.day == nil { request.ends[wish.kind] = end }
    }
    let decision = resident.issue(request)
    for wish in wishes where request.ends[wish.kind] == nil {
      let place = wish.issues.first { $0.day == day }?.place ?? wish.place
      guard let decision else {
        wish.map.complain(
          "the birth date is not known, so no rule gives this certificate an end", at: place,
          fix: "give its end: under \(wish.kind.rawValue), write issued: and end:")
        continue
      }
      if let rule = decision[wish.kind].refusal {
        wish.map.complain(
          "this holder may not have this certificate (rule \(rule.id): \(rule.sentence.en))", at: place,
          fix: "write \(wish.kind.rawValue): none, or give its end and force: true for a card that cannot exist")
      } else if let end = wish.end, wish.issues.last?.day == day, let ruled = decision[wish.kind].term?.end,
        end != ruled
      {
        wish.map.complain(
          "by the rules this certificate ends on \(ruled), not on \(end)", at: "end",
          fix: "leave 'end' out, or add force: true for a card that cannot exist")
      }
    }
  }

  /// A card that is there takes certificates only while it is active, and one for face authentication never takes sign.
  private func checkIssue(_ wish: CertificateWish, on day: CalendarDay, _ resident: Resident) {
    let place = wish.issues.first { $0.day == day }?.place ?? wish.place
    if wish.kind == .sign, resident.card.isForFaceAuthentication {
      wish.map.complain(
        "a face-authentication card has no signature certificate (rule \(Rule.faceAuthentication.id))", at: place,
        fix: "write sign: none, or leave 'faceAuthentication' out")
    }
    guard day > resident.card.issued, day <= resident.card.end || resident.card.status != .active else { return }
    let status = WardOffice.status(of: resident, on: day)
    let ruling = Eligibility.mayHappen(.issue, to: status, holderDiedOn: resident.death)
    guard !ruling.isAllowed else { return }
    wish.map.complain(
      "no certificate is issued on \(day): \(ruling.reason.en) (rule \(ruling.rule.id))", at: place,
      fix: "write an earlier day, or put right what happens before it")
  }

  /// What the file says of the certificates and the card against all rules, and what the calendar does.
  private func finish(_ resident: inout Resident, _ wishes: [CertificateWish], status: CardRules.CardStatus?) {
    for wish in wishes {
      guard let index = resident.certificates.lastIndex(where: { $0.kind == wish.kind && $0.isOnCard }) else {
        continue
      }
      resident.certificates[index].defect = wish.defect
      resident.certificates[index].serial = wish.serial
      if let state = wish.state { resident.certificates[index].state = state }
    }
    if let status {
      resident.card.status = status
    } else if resident.card.status == .active, resident.card.end < today {
      resident.card.status = .lapsed
      resident.card.statusSince = resident.card.end.adding(days: 1)
    }
  }

  private func readCertificate(
    _ map: YAMLMap, _ kind: CertificateKind, card: Resident.CardFacts?
  ) -> CertificateWish? {
    let key = kind.rawValue
    let (inner, word) = map.mapOrWord(key, words: ["withCard", "none"])
    if word == nil && inner == nil, !map.has(key) {
      map.complain("'\(key)' is missing", fix: "write \(key): withCard, or none")
    }
    guard let card else { return nil }
    guard let inner else {
      guard word == "withCard" else { return nil }
      return CertificateWish(kind: kind, issues: [(card.issued, map.place(key))], map: map, place: map.place(key))
    }
    defer { inner.finish() }
    var wish = CertificateWish(kind: kind, issues: readIssues(inner, card: card), map: inner, place: map.place(key))
    wish.end = day(inner, "end")
    wish.isForced = inner.flag("force") ?? false
    wish.defect = inner.word("defect")
    wish.serial = readSerial(inner)
    wish.state = readState(inner)
    if let end = wish.end, let last = wish.issues.last?.day, end < last {
      inner.complain(
        "the certificate ends on \(end), before it begins on \(last)", at: "end", fix: "write a later date")
    }
    if wish.isForced, wish.end == nil {
      inner.complain("'force' wants an end to force", at: "force", fix: "give 'end' too, or leave 'force' out")
    }
    if wish.defect == .tampered, kind == .auth {
      inner.complain("an auth certificate holds no address to tamper with", at: "defect", fix: "write it under sign")
    }
    return wish
  }

  private func readIssues(_ map: YAMLMap, card: Resident.CardFacts) -> [(CalendarDay, ResidentFault.Position?)] {
    guard map.has("issued") else { return [(card.issued, map.position)] }
    var issues: [(CalendarDay, ResidentFault.Position?)] = []
    for (text, place) in map.texts("issued") {
      guard let day = text == "withCard" ? card.issued : day(text, in: map, at: place) else { continue }
      if day > today {
        map.complain(
          "the certificate is issued on \(day), after today (\(today))", at: place, fix: "write an earlier date")
      }
      if day < card.issued {
        map.complain(
          "the certificate is issued on \(day), before its card (\(card.issued))", at: place, fix: "write a later date")
      }
      if let previous = issues.last?.0, day <= previous {
        map.complain(
          "the issue on \(day) comes after one on \(previous)", at: place, fix: "write the days of issue in their order"
        )
      }
      issues.append((day, place))
    }
    return issues
  }

  private func readSerial(_ map: YAMLMap) -> String? {
    guard let text = map.text("serial") else { return nil }
    guard let serial = SerialNumber.normal(hex: text), serial.utf8.count <= 40 else {
      map.complain(
        "'\(text)' is no serial number", at: "serial", fix: "write 1 to 20 bytes above zero in hexadecimal digits")
      return nil
    }
    return serial
  }

  private func readState(_ map: YAMLMap) -> Resident.CertificateFacts.State? {
    func second(_ day: CalendarDay) -> Int { JapanInstant(startOf: day).unixSeconds + 9 * 3600 }
    if map.has("revoked"), map.has("hold") {
      map.complain("a certificate is revoked or on hold, not both", at: "hold", fix: "leave one of the two out")
    }
    if let since = pastDay(map, "hold", of: "the hold") { return .hold(since: second(since)) }
    guard map.has("revoked"), let inner = map.map("revoked") else { return nil }
    defer { inner.finish() }
    let since = pastDay(inner, "since", of: "the revocation", required: true)
    let names = Cryptography.RevocationReason.allCases.map(\.name).filter { $0 != "certificateHold" }
    guard let reason = inner.requiredText("reason", fix: "use one of: " + names.joined(separator: ", ")) else {
      return nil
    }
    guard names.contains(reason) else {
      inner.complain(
        "'\(reason)' is no reason for a revocation", at: "reason", fix: "use one of: " + names.joined(separator: ", "))
      return nil
    }
    return since.map { .revoked(reason: reason, since: second($0)) }
  }
}
