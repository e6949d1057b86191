import Authority
import CardRules

extension ResidentReader {
  /// The events that a file may tell: what changes certificates, card or person and is no issue.
  static let events: [LifeEvent] = [
    .moveWithin, .moveIn, .continuingUseMissed, .nameChange, .stop, .release, .revocationRequest, .surrender, .reissue,
    .unclaimed, .stayExtension, .leavingJapan, .leavingJapanContinuing, .death, .toFaceAuthentication,
  ]

  func readEvents(card: Resident.CardFacts?) -> [EventWish] {
    var events: [EventWish] = []
    for item in root.items("events") {
      guard let map = item.map else {
        root.complain(
          "an event has lines of its own", at: item.position, fix: "write: - event: stop, and below it day: today -3d")
        continue
      }
      guard let wish = readEvent(map, card: card) else { continue }
      if let previous = events.last?.event.on, wish.event.on < previous {
        map.complain(
          "this event is on \(wish.event.on), before the one above it (\(previous))", at: "day",
          fix: "write the events in their order")
      }
      events.append(wish)
    }
    return events
  }

  private func readEvent(_ map: YAMLMap, card: Resident.CardFacts?) -> EventWish? {
    defer { map.finish() }
    let names = Self.events.map(\.rawValue).joined(separator: ", ")
    let word = map.requiredText("event", fix: "use one of: \(names)")
    let on = pastDay(map, "day", of: "the event", required: true)
    let isFaceUpdated = map.flag("faceUpdated") ?? true
    let kinds = map.texts("certificates").compactMap { text, place -> CertificateKind? in
      guard let kind = CertificateKind(rawValue: text) else {
        map.complain("'\(text)' is no certificate", at: place, fix: "write sign or auth")
        return nil
      }
      return kind
    }
    let isSpecialPeriod = map.flag("specialPeriod") ?? false
    let before = readBefore(map)
    guard let word, let on else { return nil }
    guard let event = Self.events.first(where: { $0.rawValue == word }) else {
      map.complain("there is no event '\(word)'", at: "event", fix: "use one of: \(names)")
      return nil
    }
    if let card, on < card.issued {
      map.complain(
        "the event is on \(on), before the card is issued (\(card.issued))", at: "day", fix: "write a later date")
    }
    checkBefore(event, before, isSpecialPeriod, map)
    var wish = EventWish(event: ResidentEvent(event, on: on), before: before, map: map)
    wish.event.isFaceUpdated = isFaceUpdated
    if !kinds.isEmpty { wish.event.kinds = Set(kinds) }
    wish.isSpecialPeriod = isSpecialPeriod
    return wish
  }

  private func readBefore(
    _ map: YAMLMap
  ) -> (name: String?, address: String?, municipality: Municipality?, stayUntil: CalendarDay?) {
    guard map.has("before"), let inner = map.map("before") else { return (nil, nil, nil, nil) }
    defer { inner.finish() }
    let (name, address) = (composed(inner.text("name")), composed(inner.text("address")))
    if let name { checkText(name, inner, "name", [:], longest: CertifiedText.longestName) }
    if let address { checkText(address, inner, "address", [:], longest: CertifiedText.longestAddress) }
    return (name, address, readMunicipality(inner, "municipality"), day(inner, "stayUntil"))
  }

  private func checkBefore(
    _ event: LifeEvent,
    _ before: (name: String?, address: String?, municipality: Municipality?, stayUntil: CalendarDay?),
    _ isSpecialPeriod: Bool, _ map: YAMLMap
  ) {
    let missing: String? =
      switch event {
      case .moveWithin where before.address == nil: "address"
      case .moveIn where before.address == nil || before.municipality == nil: "address and municipality"
      case .nameChange where before.name == nil: "name"
      case .stayExtension where before.stayUntil == nil && !isSpecialPeriod: "stayUntil (or write specialPeriod: true)"
      default: nil
      }
    if let missing {
      map.complain(
        "what was before this event is missing", at: "event", fix: "add before: with the old \(missing) under it")
    }
  }
}
