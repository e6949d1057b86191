import CardRules
import CounterTraining
import Synchronization

/// Cards that do what a test wants, without cards.
final class FakeWorld: CounterWorld {
  struct State {
    var facts: [String: RecordFacts]
    var tries: [CardSecret: SecretCounter]
    var prepared: (order: CounterOrder, record: String)?
    var refusal: String?
  }

  let records: [String]
  let state: Mutex<State>

  init(_ facts: [RecordFacts], tries: [CardSecret: SecretCounter] = FakeWorld.full, refusal: String? = nil) {
    records = facts.map(\.id)
    var named: [String: RecordFacts] = [:]
    for record in facts { named[record.id] = record }
    state = Mutex(State(facts: named, tries: tries, prepared: nil, refusal: refusal))
  }

  static let full: [CardSecret: SecretCounter] = [
    .sign: SecretCounter(left: 5, full: 5, isSet: true), .auth: SecretCounter(left: 3, full: 3, isSet: true),
    .residentRecord: SecretCounter(left: 3, full: 3, isSet: true),
    .textInput: SecretCounter(left: 3, full: 3, isSet: true),
  ]

  func record(_ name: String, at instant: JapanInstant) -> RecordFacts? { state.withLock { $0.facts[name] } }
  func counter(of secret: CardSecret, on record: String) -> SecretCounter? { state.withLock { $0.tries[secret] } }

  func enter(_ secret: CardSecret, _ typed: TypedPIN, on record: String) -> PINAnswer {
    state.withLock { state in
      guard var counter = state.tries[secret] else { return .absent }
      guard counter.left > 0 else { return .locked }
      counter.left = typed == .right ? counter.full : counter.left - 1
      state.tries[secret] = counter
      return typed == .right ? .right : .wrong(left: counter.left)
    }
  }

  func powerOff(_ record: String) {}

  func prepare(
    _ order: CounterOrder, _ details: OrderDetails, on record: String, at instant: JapanInstant
  ) -> OrderAnswer {
    state.withLock { state in
      if state.refusal == order.description {
        return .refused(rule: "4.2", reason: BilingualText(ja: "できない", en: "not possible"))
      }
      state.prepared = (order, record)
      return .possible(rule: "4.2")
    }
  }

  func complete() -> OrderAnswer? {
    state.withLock { state in
      guard let (order, record) = state.prepared else { return nil }
      state.prepared = nil
      if case .issue(let kinds) = order {
        state.facts[record]?.certificates = CertificateKind.allCases.filter(kinds.contains).map {
          FakeWorld.certificate($0, end: "2031-09-10")
        }
      }
      if case .reset(let secrets) = order { for secret in secrets { state.tries[secret]?.left = 5 } }
      return nil
    }
  }

  func breakOff() {
    state.withLock { state in
      guard let (order, record) = state.prepared, case .issue = order else { return }
      for index in state.facts[record]?.certificates.indices ?? 0..<0 {
        state.facts[record]?.certificates[index].isBroken = true
      }
      state.prepared = nil
    }
  }

  func endIfIssued(_ kind: CertificateKind, of record: String, at instant: JapanInstant) -> CalendarDay? {
    CalendarDay("2031-09-10")
  }

  static func certificate(
    _ kind: CertificateKind, end: String = "2030-09-10", _ standing: RecordFacts.Standing = .good
  ) -> RecordFacts.Certificate {
    let end = CalendarDay(end) ?? .first
    return RecordFacts.Certificate(
      kind: kind, end: end, issued: CalendarDay("2026-06-01") ?? .first, standing: standing,
      window: RenewalWindow(end: end), isBroken: false)
  }

  static func holder(
    _ id: String = "holder", born: String = "1990-09-10", isAdultWard: Bool = false, face: String = "架空町１",
    status: CardStatus = .active,
    certificates: [RecordFacts.Certificate] = [FakeWorld.certificate(.sign), FakeWorld.certificate(.auth)]
  ) -> RecordFacts {
    let end = CalendarDay("2035-09-10") ?? .first
    return RecordFacts(
      id: id, name: "見本　花子", birth: CalendarDay(born), isWoman: true, address: "架空町１", municipality: "23106",
      office: BilingualText(ja: "中区役所", en: "Naka ward office"), residence: .japanese, isAdultWard: isAdultWard,
      face: RecordFacts.Face(
        name: "見本　花子", address: face, end: end, hasPhotograph: true, isForFaceAuthentication: false, notes: [],
        freeLines: 4, portrait: 1), status: status, cardEnd: end, certificates: certificates, registry: [])
  }
}

/// What a test says and has on the counter.
enum FakeLesson {
  static let text = BilingualText(ja: "文", en: "text")

  static let catalogue: Catalogue = {
    var phrases = [
      "ask.purpose", "ask.birth-date", "explain.window", "explain.ninety-days", "explain.sign-dead-after-release",
      "offer.sign", "offer.both", "explain.fee-1000", "refuse.no-second-document", "explain.next-day",
    ].map { id in
      Phrase(id: id, kind: Phrase.Kind(rawValue: String(id.prefix { $0 != "." })) ?? .ask, text: text)
    }
    var guess = Phrase(id: "explain.try-again", kind: .explain, text: text)
    guess.mistake = "E3"
    phrases.append(guess)
    return Catalogue(
      phrases: phrases,
      papers: [
        PaperKind(id: "driving-licence", title: text, proof: .photo, facts: [.name]),
        PaperKind(id: "health-insurance", title: text, proof: .plain, facts: [.name]),
        PaperKind(id: "inquiry-letter", title: text, proof: .letter, facts: [.name, .seal], isPrinted: true),
        PaperKind(id: "family-register", title: text, proof: .power, facts: [.name]),
        PaperKind(id: "slip", title: text, proof: .none, facts: [], isPrinted: true),
      ])
  }()

  static func lesson(
    _ orders: [String], role: Customer.Role = .holder, needs: [Need] = [],
    _ change: (inout Lesson) -> Void = { _ in }
  ) -> Lesson {
    var customer = Customer(role: role, opening: text)
    let isHolder = role == .holder
    customer.brings = [
      BroughtPaper(id: "card", kind: "card", owner: .holder),
      BroughtPaper(id: "driving-licence", kind: "driving-licence", owner: isHolder ? .holder : .customer),
      BroughtPaper(id: "health-insurance", kind: "health-insurance", owner: isHolder ? .holder : .customer),
      BroughtPaper(id: "family-register", kind: "family-register", owner: .holder),
    ]
    var letter = BroughtPaper(id: "inquiry-letter", kind: "inquiry-letter", owner: .holder)
    letter.isSealed = true
    letter.pins = [.sign: .wrong, .auth: .right, .residentRecord: .right]
    customer.brings.append(letter)
    let at = JapanInstant("2026-11-20T10:00:00+09:00") ?? JapanInstant(unixSeconds: 0)
    var lesson = Lesson(
      name: "T", title: text, about: text, at: at, reference: at.day, holder: .gallery("fresh-adult"),
      customer: customer, endings: [Ending(name: "right", text: text, orders: orders, needs: needs)])
    lesson.rules = ["4.6"]
    change(&lesson)
    return lesson
  }

  static func exercise(_ lesson: Lesson, _ world: FakeWorld, profile: MunicipalityProfile = .nagoya) -> Exercise {
    let variant = Variant(
      lesson: lesson, seed: 0, at: lesson.at, profile: profile, facts: lesson.facts, papers: lesson.customer.brings,
      customer: Variant.Person(name: "見本　花子", birth: nil, address: "架空町１", isWoman: true, portrait: 1))
    return Exercise(variant, catalogue: catalogue, world: world)
  }
}
