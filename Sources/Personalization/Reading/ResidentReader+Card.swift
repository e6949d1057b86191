import Authority
import CardRules
import MyNumberCard

extension ResidentReader {
  /// What the `card` mapping says, the end not yet known.
  struct CardWish {
    var facts: Resident.CardFacts
    var end: CalendarDay?
    var isForced = false
    var status: CardRules.CardStatus?
    let map: YAMLMap
  }

  private enum TokenWord: String, CaseIterable {
    case card, android, iPhone, residentRegisterCard
    var carrier: TokenInformation.Carrier {
      switch self {
      case .card: .card
      case .android: .android
      case .iPhone: .iPhone
      case .residentRegisterCard: .residentRegisterCard
      }
    }
  }

  func readCard(_ map: YAMLMap, holder: Resident.Holder) -> CardWish? {
    defer { map.finish() }
    let issued = pastDay(map, "issued", of: "the issue of the card", required: true)
    let applied = pastDay(map, "applied", of: "the application")
    let renewing = day(map, "renewing")
    let end = day(map, "end")
    let isForced = map.flag("force") ?? false
    let ageLine = map.number("ageLine", in: 18...20)
    let status = map.word("status", as: CardRules.CardStatus.self)
    let code = readSecurityCode(map)
    let (personality, generation, carrier) = readKind(map)
    let options = CardOptions.read(from: map, generation: generation, today: today)
    let isForFaceAuthentication = map.flag("faceAuthentication") ?? false
    let hasPhotograph = map.flag("photograph") ?? true
    let notes = map.texts("notes").map(\.text)
    guard let issued else { return nil }
    if let born = holder.birth.day, issued < born {
      map.complain(
        "the card is issued on \(issued), before its holder is born", at: "issued", fix: "write a later date")
    }
    if let applied, applied > issued {
      map.complain(
        "the card is applied for on \(applied), after its issue on \(issued)", at: "applied",
        fix: "write an earlier date")
    }
    if let end, end < issued {
      map.complain("the card ends on \(end), before it begins on \(issued)", at: "end", fix: "write a later date")
    }
    var facts = Resident.CardFacts(
      issued: issued, applied: applied, end: issued, status: .active, securityCode: code, personality: personality,
      generation: generation)
    facts.renewing = renewing
    facts.ageLine = ageLine
    facts.carrier = carrier
    facts.isForFaceAuthentication = isForFaceAuthentication
    facts.hasPhotograph = hasPhotograph
    facts.notes = notes
    facts.options = options
    return CardWish(
      facts: facts, end: end, isForced: isForced, status: status, map: map)
  }

  /// A card's roots are those of its certificates, and for a kind that it lacks the root of its own day.
  func checkRoots(of resident: Resident, _ map: YAMLMap) {
    guard let first = try? RootGeneration(1).notBefore else { return }
    // What is issued on the day itself lies before the root's hour.
    let begin = JapanInstant(unixSeconds: first.unixSeconds).day
    var days = resident.certificates.filter { $0.defect != .oldRoot }.map(\.issued)
    if CertificateKind.allCases.contains(where: { resident[$0] == nil }) { days.append(resident.card.issued) }
    guard days.contains(where: { $0 <= begin }) else { return }
    map.complain(
      "the card is issued on \(resident.card.issued), and the first root of the authority began on \(begin)",
      at: "issued", fix: "write \(begin.adding(days: 1)) or later")
  }

  private func readSecurityCode(_ map: YAMLMap) -> String {
    let code = map.text("securityCode") ?? "1234"
    if code.utf8.count != 4 || !code.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
      map.complain("'\(code)' is no security code", at: "securityCode", fix: "use four digits in quotation marks")
    }
    return code
  }

  private func readKind(_ map: YAMLMap) -> (String, String, TokenInformation.Carrier) {
    let personality = map.text("personality") ?? Personality.defaultName
    if Personality.named(personality) == nil {
      map.complain(
        "there is no personality '\(personality)'", at: "personality",
        fix: "use one of: " + Personality.all.map(\.name).joined(separator: ", "))
    }
    let named = map.text("generation")
    let token =
      map.word("token", as: TokenWord.self)?.carrier ?? (named == CardGeneration.phone.name ? .android : .card)
    let generation = named ?? CardOptions.impliedGeneration(map, carrier: token).name
    if CardGeneration.named(generation) == nil, generation != NextGeneration.name {
      map.complain(
        "there is no generation '\(generation)'", at: "generation",
        fix: "use one of: " + (CardGeneration.all.map(\.name) + [NextGeneration.name]).joined(separator: ", "))
    }
    if token.isPhone != (generation == CardGeneration.phone.name) {
      map.complain(
        "a card of the generation '\(generation)' cannot have that token", at: "token",
        fix: "phones have token: android or iPhone and no generation:, cards the other way round")
    }
    return (personality, generation, token)
  }

  /// The last day of a card (rules R9 to R11).
  func cardEnd(_ wish: CardWish, _ holder: Resident.Holder) -> CalendarDay? {
    guard let born = holder.birth.day else {
      if wish.end == nil {
        wish.map.complain(
          "the birth date is not known, so no rule gives the card an end", fix: "give its end under card, end:")
      }
      return wish.end
    }
    let ruled = wish.facts.ruledEnd(born: born, residence: holder.residence)
    guard let end = wish.end, end != ruled else { return ruled }
    if !wish.isForced {
      wish.map.complain(
        "by the rules (R9 to R11) this card ends on \(ruled), not on \(end)", at: "end",
        fix: "leave 'end' out, or add force: true for a card that cannot exist")
    }
    return end
  }
}
