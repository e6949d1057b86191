import CardImage
import CardKernel
import CardRules
import Foundation
import MyNumberCard
import Personalization
import Testing

/// What the ward office refuses: by the card's status, after a death, beyond a stay, with locked PINs.
@Suite("What the ward office refuses")
struct OfficeRefusalTests {
  typealias Desk = WardOfficeTests.Desk

  struct Case: Sendable, CustomTestStringConvertible {
    let card: String
    /// What was done before.
    var before: [OfficeOrder] = []
    let order: OfficeOrder
    /// The rule that refuses it; `nil` when the order itself is wrong.
    let rule: Rule?
    var at = "2026-11-20T11:00:00+09:00"
    /// A part of the advice.
    var fix = ""
    var testDescription: String { "\(card): \(before) \(order)" }
  }

  static let newPINs: [PINName: String] = [
    .sign: "ABC123", .auth: "2580", .residentRecord: "2580", .textInput: "2580",
  ]
  static let address = "愛知県名古屋市中区架空町９丁目９番９号"
  static func move(_ address: String, face: Bool = true) -> OfficeOrder {
    .move(address: address, municipality: nil, isFaceUpdated: face)
  }
  static func day(_ text: String) -> CalendarDay { CalendarDay(text) ?? .first }

  static let status: [Case] = [
    Case(card: "fresh-adult", order: .event(.release), rule: .release, fix: "only a stopped card"),
    Case(card: "fresh-adult", order: .event(.unclaimed), rule: .handOver, fix: "surrender"),
    Case(card: "fresh-adult", order: .handOver(pins: newPINs), rule: .handOver, fix: "reset"),
    Case(card: "undelivered", order: .event(.release), rule: .release),
    Case(card: "undelivered", order: .event(.stop), rule: .people9, fix: "hand-over"),
    Case(card: "undelivered", order: .resetPIN(.auth, new: "2580"), rule: .people9, fix: "hand-over"),
    Case(card: "stopped", order: .event(.stop), rule: .people9, fix: "release"),
    Case(card: "stopped", order: .event(.unclaimed), rule: .handOver),
    Case(card: "stopped", order: .issue([.auth], pins: [:]), rule: .people9, fix: "release"),
    Case(card: "stopped", order: move(address), rule: .people9),
    Case(card: "abolished", order: .event(.release), rule: .release),
    Case(card: "abolished", order: .event(.surrender), rule: .people9),
    Case(card: "abolished", order: .event(.reissue), rule: .people9),
    Case(card: "card-expired", order: .event(.stop), rule: .people9, fix: "reissue"),
    Case(card: "card-expired", order: .event(.toFaceAuthentication), rule: .people9),
  ]

  static let death: [Case] =
    [
      .event(.death), .event(.reissue), .event(.release), .event(.surrender), .resetPIN(.auth, new: "2580"),
      .issue([.auth], pins: [:]), .event(.leavingJapan),
    ].flatMap { order in
      [
        Case(card: "deceased", order: order, rule: .death),
        Case(card: "fresh-adult", before: [.event(.death)], order: order, rule: .death),
        Case(card: "fresh-adult", before: [.event(.surrender), .event(.death)], order: order, rule: .death),
      ]
    }

  static let stay: [Case] = [
    Case(card: "foreign-special", order: .specialPeriod, rule: .r12, fix: "--until"),
    Case(card: "foreign-stay", before: [.specialPeriod], order: .specialPeriod, rule: .r12),
    Case(
      card: "foreign-stay", before: [.extendStay(until: day("2070-01-01"))],
      order: .extendStay(until: day("2071-01-01")), rule: .r11, fix: "renew the card"),
    Case(card: "foreign-stay", order: .extendStay(until: day("2026-12-01")), rule: .r12, fix: "later"),
    Case(card: "fresh-adult", order: .specialPeriod, rule: .r11),
    Case(card: "foreign-stay", order: .event(.leavingJapanContinuing), rule: .leavingJapan, fix: "lapse"),
    Case(card: "permanent", order: .event(.leavingJapanContinuing), rule: .leavingJapan),
  ]

  static let pins: [Case] = [
    Case(card: "sign-locked", order: .issue([.sign], pins: [:]), rule: .asked, fix: "reset-pin sign"),
    Case(card: "sign-locked", order: .issue([.sign], pins: [.sign: "ABC123"]), rule: .asked),
    Case(card: "sign-locked", order: .issue([.auth], pins: [:]), rule: .asked, fix: "reset-pin sign"),
    Case(
      card: "both-locked", order: .renew([.sign, .auth], pins: [:]), rule: .asked, at: "2030-07-01T11:00:00+09:00"),
    Case(
      card: "sign-locked", before: [.revoke([.sign])], order: .issue([.sign], pins: [:]), rule: .laterIssue,
      fix: "--pin sign="),
    Case(card: "no-certs", order: .issue([.auth], pins: [:]), rule: .laterIssue, fix: "--pin auth="),
    Case(
      card: "fresh-adult", order: .issue([.auth], pins: [.auth: "2580", .sign: "ABC999"]), rule: .laterIssue,
      fix: "leave '--pin sign=…' out"),
    Case(card: "fresh-adult", order: .resetPIN(.numberA, new: "999999999999"), rule: .numberReset, fix: "printed"),
    Case(card: "num-b-locked", order: .resetPIN(.numberB, new: "11111111111111"), rule: .numberReset),
  ]

  static let orders: [Case] = [
    Case(card: "fresh-adult", order: .issue([.auth], pins: [:]), rule: nil, at: "2020-01-01T00:00:00+09:00"),
    Case(card: "fresh-adult", order: .event(.death), rule: nil, at: "2020-01-01T00:00:00+09:00"),
    Case(card: "fresh-adult", order: move("　"), rule: nil, fix: "write 1 to"),
    Case(card: "fresh-adult", order: .rename("  \t", isFaceUpdated: true), rule: nil),
    Case(card: "fresh-adult", order: move(String(repeating: "見", count: 180)), rule: nil, fix: "shorten the address"),
    Case(
      card: "fresh-adult", order: .rename(String(repeating: "見", count: 180), isFaceUpdated: false), rule: nil,
      fix: "shorten the name"),
    Case(card: "fresh-adult", before: [move(address)], order: move(address), rule: .move, fix: "another"),
    Case(
      card: "fresh-adult", before: [move(address, face: false)], order: move(address, face: false), rule: .move,
      fix: "--face-later"),
  ]

  @Test("refuses with the rule and advice, and nothing changes", arguments: status + death + stay + pins + orders)
  func refusal(example: Case) throws {
    var desk = try Desk(example.card)
    for order in example.before { try desk.order(order) }
    let record = try OfficeRecord(resident: desk.resident).json()
    do {
      try desk.order(example.order, at: example.at)
      Issue.record("it was done")
    } catch let refusal as OfficeRefusal {
      #expect(refusal.rule == example.rule, "\(refusal.problem)")
      #expect(example.fix.isEmpty || refusal.fix.contains(example.fix), "\(refusal.fix)")
    }
    #expect(try OfficeRecord(resident: desk.resident).json() == record)
  }

  @Test("every status takes the events of the table, and no other", arguments: CardStatus.allCases)
  func table(status: CardStatus) {
    let taken = LifeEvent.allCases.filter { Eligibility.mayHappen($0, to: status).isAllowed }
    let always: Set<LifeEvent> = [.death, .certificateExpiry, .cardExpiry, .lock, .turning15]
    let more: Set<LifeEvent> =
      switch status {
      case .undelivered: [.handOver, .unclaimed, .leavingJapan, .continuingUseMissed]
      case .active: Set(LifeEvent.allCases).subtracting([.handOver, .unclaimed, .release])
      case .stopped: [.release, .surrender, .reissue, .leavingJapan, .continuingUseMissed]
      case .abolished: []
      case .lapsed: [.reissue]
      }
    #expect(Set(taken) == always.union(more))
    for event in LifeEvent.allCases {
      let ruling = Eligibility.mayHappen(event, to: status, holderDiedOn: Self.day("2026-11-01"))
      #expect(!ruling.isAllowed && ruling.rule == .death)
    }
  }

  @Test("a death leaves an abolished card abolished", arguments: [LifeEvent.surrender, .reissue])
  func abolished(event: LifeEvent) throws {
    var desk = try Desk("fresh-adult")
    try desk.order(.event(event))
    try desk.order(.event(.death))
    #expect(desk.resident.card.status == .abolished)
    #expect(desk.resident.death == Self.day("2026-11-20"))
    // And the record that is written knows it.
    #expect(try OfficeRecord(json: OfficeRecord(resident: desk.resident).json())?.resident.death != nil)
  }

  @Test("a record of an earlier release, which knows of no death and no special period, is read")
  func older() throws {
    let desk = try Desk("foreign-special")
    let json = String(decoding: try OfficeRecord(resident: desk.resident).json(), as: UTF8.self)
    let lines = json.split(separator: "\n").filter { !$0.contains("\"specialPeriod\"") }
    #expect(lines.count < json.split(separator: "\n").count)
    let record = try #require(OfficeRecord(json: Data(lines.joined(separator: "\n").utf8)))
    #expect(record.resident.card.specialPeriod == nil)
    #expect(record.resident.death == nil)
  }

  @Test("a new stay opens another special period, and no stay goes beyond the birthday (R11, R12)")
  func stays() throws {
    var desk = try Desk("foreign-stay")
    try desk.order(.specialPeriod)
    try desk.order(.extendStay(until: Self.day("2030-11-30")))
    try desk.order(.specialPeriod)
    #expect(desk.resident.card.end == Self.day("2031-01-30"))
    let outcome = try desk.order(.extendStay(until: Self.day("2070-01-01")))
    // The tenth birthday after the issue.
    #expect(desk.resident.card.end == Self.day("2035-07-07"))
    #expect(outcome.remarks.contains { $0.en.contains("birthday 2035-07-07") })
    #expect(desk.resident.registered.residence == .stay(until: Self.day("2070-01-01")))
  }

  @Test("abroad the record, the face and the next sign certificate say so (4.18)")
  func abroad() throws {
    var desk = try Desk("fresh-adult")
    let address = "国外転出（令和８年１１月２０日）"
    try desk.order(.event(.leavingJapanContinuing))
    #expect(desk.resident.registered.address == address && desk.resident.holder.address == address)
    #expect(try desk.states(.sign) == [.revoked] && desk.states(.auth) == [.good])
    try desk.order(.issue([.sign], pins: [:]))
    #expect(try desk.certificate(.sign).subjectOtherNames.map(\.text).contains(address))
  }

  @Test("writing on the face what the record has already revokes nothing (4.11)", arguments: [true, false])
  func faceLater(isMove: Bool) throws {
    func order(face: Bool) -> OfficeOrder {
      isMove ? Self.move(Self.address, face: face) : .rename("見本　咲子", isFaceUpdated: face)
    }
    var desk = try Desk("fresh-adult")
    try desk.order(order(face: false))
    try desk.order(.issue([.sign], pins: [:]))
    let outcome = try desk.order(order(face: true))
    #expect(outcome.changes.contains { $0.path == FilePath(.textInput, 0x0002) })
    #expect(try desk.states(.sign) == [.revoked, .good])
    #expect(desk.resident.holder == desk.resident.registered)
    #expect(throws: OfficeRefusal.self) { try desk.order(order(face: true)) }
  }

  @Test(
    "a weak PIN is taken, with a word (1.2.10)",
    arguments: [("1111", "repeated"), ("1234", "in a row"), ("0910", "birth date"), ("2580", "")])
  func weak(pin: String, word: String) throws {
    var desk = try Desk("fresh-adult")
    for order in [OfficeOrder.resetPIN(.auth, new: pin), .changePIN(.auth, new: pin)] {
      let said = try desk.order(order).remarks.filter { $0.en.contains("rule 1.2.10") }
      #expect(said.count == (word.isEmpty ? 0 : 1))
      #expect(said.allSatisfy { $0.en.contains(word) })
    }
  }

  @Test("the printed number is taken, before and after an extension", arguments: [PINName.numberA, .numberB])
  func numbers(name: PINName) throws {
    var desk = try Desk("foreign-stay")
    for _ in 0..<2 {
      let printed = String(decoding: try #require(desk.card.pin(name.path)?.value), as: UTF8.self)
      try desk.order(.resetPIN(name, new: printed))
      if desk.resident.card.specialPeriod == nil { try desk.order(.specialPeriod) }
    }
  }
}
