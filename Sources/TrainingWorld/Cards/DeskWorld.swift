import Authority
import CardHost
import CardImage
import CardKernel
import CardRules
import CardService
import CounterTraining
import MyNumberCard
import Personalization
import Synchronization

/// The real thing behind an exercise: cards of the engine in memory, the ward office with its records, the registry.
public final class DeskWorld: CounterWorld {
  /// The names of the records, the holder's first.
  public let records: [String]
  private let profile: MunicipalityProfile
  private let office = CardOffice()
  private let state: Mutex<State>

  private struct State {
    var cards: [String: DeskCard]
    var prepared: Prepared?
  }

  private struct Prepared {
    var record: String
    var outcomes: [WardOffice.Outcome]
    var kinds: Set<CertificateKind> = []
    var secrets: [PINName] = []
    var setting: CardOffice.Setting
  }

  init(_ made: VariantMaker.Made, profile: MunicipalityProfile) throws {
    var cards: [String: DeskCard] = [:]
    for (name, resident) in made.residents {
      var random = SeededChoice("portrait \(resident.name)", seed: made.variant.seed)
      let portrait =
        name == RecordName.holder && made.variant.lesson.customer.isHolder
        ? made.variant.customer.portrait : random.next() & 0xFFFF_FFFF
      cards[name] = try DeskCard(resident, today: made.today, portrait: portrait)
    }
    records = made.residents.map(\.name)
    self.profile = profile
    state = Mutex(State(cards: cards, prepared: nil))
  }

  /// The card of a record, to put it into a reader as well.
  public func card(_ record: String) -> CardHost? { state.withLock { $0.cards[record]?.host } }

  // MARK: What is seen

  public func record(_ name: String, at instant: JapanInstant) -> RecordFacts? {
    state.withLock { state in
      state.cards[name].map { Self.facts(name, $0, at: instant, profile: profile) }
    }
  }

  private static func facts(
    _ name: String, _ card: DeskCard, at instant: JapanInstant, profile: MunicipalityProfile
  ) -> RecordFacts {
    let resident = card.resident
    let (person, face) = (resident.registered, resident.holder)
    let registry = card.entries.map { entry in
      RecordFacts.RegistryLine(
        kind: entry.hierarchy == .sign ? .sign : .auth, serial: entry.serial,
        standing: standing(entry, at: instant))
    }
    let certificates = CertificateKind.allCases.compactMap { kind -> RecordFacts.Certificate? in
      guard let certificate = resident[kind] else { return nil }
      return RecordFacts.Certificate(
        kind: kind, end: certificate.end, issued: certificate.issued,
        standing: standing(certificate, on: instant.day),
        window: RenewalWindow(end: certificate.end, of: kind, profile: profile),
        isBroken: card.broken.contains(kind))
    }
    return RecordFacts(
      id: name, name: person.name, birth: person.birth.day, isWoman: person.sex == .female, address: person.address,
      municipality: person.municipality.code,
      office: OfficeName.office(of: person), residence: person.residence, isAdultWard: person.isAdultWard,
      face: RecordFacts.Face(
        name: face.name, address: face.address, end: resident.card.end, hasPhotograph: resident.card.hasPhotograph,
        isForFaceAuthentication: resident.card.isForFaceAuthentication, notes: resident.card.notes,
        freeLines: max(0, WardOffice.noteLines - resident.card.notes.count), portrait: card.portrait),
      status: WardOffice.status(of: resident, on: instant.day), cardEnd: resident.card.end,
      certificates: certificates, registry: registry)
  }

  private static func standing(_ certificate: Resident.CertificateFacts, on day: CalendarDay) -> RecordFacts.Standing {
    switch certificate.state {
    case .revoked: .revoked
    case .superseded: .superseded
    case .hold: .hold
    case .good: day > certificate.end ? .expired : .good
    }
  }

  private static func standing(_ entry: Registry.Entry, at instant: JapanInstant) -> RecordFacts.Standing {
    // What was issued this very minute is good from now on.
    let second = max(instant.unixSeconds, entry.notBefore.unixSeconds)
    return switch entry.standing(at: Instant(unixSeconds: second)) {
    case .good, .notYetValid: .good
    case .expired: .expired
    case .revoked: .revoked
    case .hold: .hold
    case .superseded: .superseded
    }
  }

  private static func name(_ secret: CardSecret) -> PINName? { PINName(rawValue: secret.rawValue) }

  public func counter(of secret: CardSecret, on record: String) -> SecretCounter? {
    state.withLock { state in
      guard let name = Self.name(secret), let pin = state.cards[record]?.host.pin(name) else { return nil }
      return SecretCounter(left: pin.triesLeft, full: pin.triesMax, isSet: pin.value != nil)
    }
  }

  // MARK: Entries

  public func enter(_ secret: CardSecret, _ typed: TypedPIN, on record: String) -> PINAnswer {
    state.withLock { state in
      guard let name = Self.name(secret), let card = state.cards[record], let pin = card.host.pin(name),
        let value = pin.value
      else { return .absent }
      guard pin.triesLeft > 0 else { return .locked }
      let status = card.verify(name, typed == .right ? value : DeskCard.wrong(value))
      if status?.isSuccess == true { return .right }
      return .wrong(left: card.host.pin(name)?.triesLeft ?? 0)
    }
  }

  public func powerOff(_ record: String) {
    state.withLock { $0.cards[record]?.host.powerOff() }
  }

  // MARK: Procedures

  public func prepare(
    _ order: CounterOrder, _ details: OrderDetails, on record: String, at instant: JapanInstant
  ) -> OrderAnswer {
    state.withLock { state in
      guard let card = state.cards[record] else {
        return .refused(rule: nil, reason: BilingualText(ja: "記録がありません。", en: "There is no such record."))
      }
      do {
        let wishes = try OrderTranslation(order, details, card: card, profile: profile, at: instant).orders()
        let office = WardOffice(image: card.host.image, profile: profile, now: instant)
        var pins: WardOffice.PINs = [:]
        for name in PINName.allCases { pins[name] = card.host.pin(name) }
        var outcomes: [WardOffice.Outcome] = []
        for wish in wishes {
          outcomes.append(try office.carryOut(wish, for: outcomes.last?.resident ?? card.resident, pins: pins))
        }
        var prepared = Prepared(
          record: record, outcomes: outcomes,
          setting: CardOffice.Setting(verb: "desk", now: instant, profile: profile))
        switch order {
        case .issue(let kinds), .renew(let kinds): prepared.kinds = kinds
        case .reset(let secrets): prepared.secrets = secrets.compactMap(Self.name)
        case .change(let secret): prepared.secrets = [secret].compactMap(Self.name)
        default: break
        }
        state.prepared = prepared
        return .possible(rule: outcomes.last?.rule.id ?? Rule.cardRenewal.id)
      } catch {
        return Self.refusal(error)
      }
    }
  }

  private static func refusal(_ error: any Error) -> OrderAnswer {
    switch error {
    case let refusal as OfficeRefusal:
      let ja = refusal.rule.map { "手続きできません。\($0.sentence.ja)" } ?? "手続きできません。"
      return .refused(rule: refusal.rule?.id, reason: BilingualText(ja: ja, en: refusal.problem))
    case let refusal as OrderTranslation.Refusal:
      return .refused(rule: refusal.rule?.id, reason: refusal.reason)
    default:
      return .refused(
        rule: nil, reason: BilingualText(ja: "手続きできません。", en: "It cannot be done: \(error)"))
    }
  }

  public func complete() -> OrderAnswer? {
    state.withLock { state in
      guard let prepared = state.prepared, var card = state.cards[prepared.record] else { return nil }
      state.prepared = nil
      do {
        for outcome in prepared.outcomes { try office.commit(outcome, on: card.host, prepared.setting) }
        if let last = prepared.outcomes.last { try card.update(last.resident) }
        card.broken.subtract(prepared.kinds)
        state.cards[prepared.record] = card
        return nil
      } catch {
        return Self.refusal(error)
      }
    }
  }

  public func breakOff() {
    state.withLock { state in
      guard let prepared = state.prepared, var card = state.cards[prepared.record] else { return }
      state.prepared = nil
      BrokenWrite(kinds: prepared.kinds, secrets: prepared.secrets, outcome: prepared.outcomes.last)
        .happen(to: &card, office, prepared.setting)
      card.host.powerOff()
      state.cards[prepared.record] = card
    }
  }

  public func endIfIssued(_ kind: CertificateKind, of record: String, at instant: JapanInstant) -> CalendarDay? {
    state.withLock { state in
      guard var resident = state.cards[record]?.resident else { return nil }
      resident.issue(.init([.sign, .auth], on: instant.day, at: instant.unixSeconds), profile: profile)
      guard let certificate = resident[kind], certificate.issued == instant.day else { return nil }
      return certificate.end
    }
  }
}
