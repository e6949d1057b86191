import Authority
import CardHost
import CardImage
import CardKernel
import CardRules
import Foundation
import MyNumberCard
import Personalization
import Testing

@testable import CardService

/// What the office and the registry know stays, whatever the card's history forgets and whoever else writes.
@Suite("The office's records, later")
struct OfficeHistoryTests {
  typealias Room = CardOfficeTests.Room
  private static let setting = CardOfficeTests.setting
  private static let tries = PINName.auth.path

  /// More events than a history keeps.
  private func forget(_ card: CardHost) throws {
    let before = card.history.last
    for number in 0...StateHistory.mostEvents {
      try card.apply([.triesLeft(Self.tries, 1 + number % 2)], cause: "set")
    }
    #expect(card.history.forgotten > before)
  }

  private func sign(_ room: Room) throws -> CertificateState? { try room.states(.sign).first }

  private func isRevoked(_ state: CertificateState?, _ reason: String? = nil) -> Bool {
    if case .revoked(let given, _)? = state { reason == nil || "\(given)" == reason } else { false }
  }

  @Test("what the history forgets, the office does not", arguments: [true, false])
  func forgotten(keepsState: Bool) throws {
    let room = try Room("fresh-adult")
    defer { room.clean() }
    let desk = CardOffice(registry: room.store)
    let card = try room.card(keepsState: keepsState)
    func expect(_ status: CardRules.CardStatus, revoked: Bool) throws {
      let record = try #require(desk.record(of: card))
      #expect(record.resident.card.status == status)
      try desk.register(card)
      #expect(try isRevoked(sign(room)) == revoked)
    }
    _ = try desk.carryOut(.revoke([.sign]), on: card, Self.setting)
    try card.snapshot("revoked")
    try expect(.active, revoked: true)
    try forget(card)
    try expect(.active, revoked: true)
    // A second one, and back.
    _ = try desk.carryOut(.event(.stop), on: card, Self.setting)
    try expect(.stopped, revoked: true)
    try card.undo()
    try expect(.active, revoked: true)
    try forget(card)
    try expect(.active, revoked: true)
    _ = try desk.carryOut(.event(.stop), on: card, Self.setting)
    try forget(card)
    try expect(.stopped, revoked: true)
    // To a snapshot whose event is forgotten, and what follows from it is forgotten too.
    try card.restore("revoked")
    try expect(.active, revoked: true)
    try forget(card)
    try expect(.active, revoked: true)
    try card.restore(StateHistory.imageName)
    try expect(.active, revoked: false)
    try forget(card)
    try expect(.active, revoked: false)
  }

  @Test("a state of format 2 that has forgotten a procedure finds its record, and keeps it")
  func oldState() throws {
    let room = try Room("fresh-adult")
    defer { room.clean() }
    do {
      let card = try room.card()
      _ = try CardOffice().carryOut(.event(.stop), on: card, Self.setting)
    }
    // As the older release left it after many events, and a record that a kill kept from being named.
    let journal = room.state.appendingPathComponent("state.journal")
    let last = StateEvent(number: 7, time: 0, cause: "compaction", changes: [.triesLeft(Self.tries, 2)])
    let header = "vmyna-state 2 card=\(StateJournal.fingerprint(of: room.image))\n"
    try Data((header + last.line + "\n").utf8).write(to: journal)
    let card = try room.card()
    let desk = CardOffice()
    #expect(desk.record(of: card)?.resident.card.status == .stopped)
    _ = try desk.carryOut(.event(.release), on: card, Self.setting)
    #expect(desk.record(of: card)?.resident.card.status == .active)
    try card.undo()
    #expect(desk.record(of: card)?.resident.card.status == .stopped)
  }

  @Test("a revocation by hand stays when a procedure changes something else, and when the card comes again")
  func byHand() throws {
    let room = try Room("fresh-adult")
    defer { room.clean() }
    func revokeByHand() throws {
      let serial = try #require(room.store.load().entries.first { $0.hierarchy == .sign }).serial
      try room.store.update {
        try $0.revoke(.virtual, .sign, serial: serial, reason: .keyCompromise, at: Instant(unixSeconds: 1_795_000_000))
      }
    }
    do {
      let card = try room.card()
      let desk = CardOffice(registry: room.store)
      try desk.register(card)
      try revokeByHand()
      _ = try desk.carryOut(.resetPIN(.auth, new: "4321"), on: card, Self.setting)
      #expect(try isRevoked(sign(room), "keyCompromise"))
      _ = try desk.carryOut(.event(.stop), on: card, Self.setting)
      #expect(try isRevoked(sign(room), "keyCompromise"))
      _ = try desk.carryOut(.event(.release), on: card, Self.setting)
      #expect(try isRevoked(sign(room), "keyCompromise"))
      try card.undo(2)
      try desk.register(card)
      #expect(try isRevoked(sign(room), "keyCompromise"))
    }
    try CardOffice(registry: room.store).register(room.card())
    #expect(try isRevoked(sign(room), "keyCompromise"))
    #expect(try room.states(.auth) == [.good])
  }

  @Test("another card's certificate of the same number gives way with a warning")
  func sameNumber() throws {
    let room = try Room("fresh-adult")
    defer { room.clean() }
    let warnings = Warnings()
    let desk = CardOffice(registry: room.store) { warnings.add($0) }
    try desk.register(room.card())
    #expect(warnings.all.isEmpty)
    var entry = try #require(room.store.load().entries.first)
    entry.notAfter = Instant(unixSeconds: entry.notAfter.unixSeconds - 90 * 86_400)
    try room.store.update { [entry] in $0.put(entry) }
    try desk.register(room.card())
    #expect(warnings.all.count == 1)
    #expect(warnings.all.first?.problem.contains(entry.serial) == true)
    #expect(warnings.all.first?.fix.contains("--seed N") == true)
    try desk.register(room.card())
    #expect(warnings.all.count == 1)
  }

  @Test("a new PIN of a wrong form costs no try, and the right old one gives them back")
  func changePIN() throws {
    let room = try Room("fresh-adult")
    defer { room.clean() }
    let desk = CardOffice()
    let card = try room.card()
    for old in ["1234", "0000"] {
      let fault = #expect(throws: ServiceFault.self) {
        try desk.carryOut(.changePIN(.auth, new: "12"), old: old, on: card, Self.setting)
      }
      #expect(fault?.problem.contains("form") == true)
      #expect(card.pin(.auth)?.triesLeft == 3)
    }
    #expect(card.history.last == 0)
    #expect(try card.present(.auth, Array("0000".utf8), cause: "test") == .wrong(triesLeft: 2))
    #expect(try card.present(.auth, Array("1234".utf8), cause: "test") == .right)
    #expect(card.pin(.auth)?.triesLeft == 3)
    #expect(card.history.events.map(\.cause) == ["test", "test", "test+"])
    _ = try desk.carryOut(.changePIN(.auth, new: "4321"), old: "1234", on: card, Self.setting)
    #expect(card.pin(.auth)?.value == Array("4321".utf8))
  }

  @Test("what is recorded in memory goes with the card")
  func papers() throws {
    let room = try Room("fresh-adult")
    defer { room.clean() }
    let desk = CardOffice()
    for _ in 0..<3 {
      let card = try room.card(keepsState: false)
      #expect(card.papers.names.isEmpty)
      _ = try desk.carryOut(.event(.stop), on: card, Self.setting)
      #expect(card.papers.names == ["1.json"])
    }
  }
}

/// Hears warnings.
private final class Warnings: @unchecked Sendable {
  private let lock = NSLock()
  private var faults: [ServiceFault] = []

  var all: [ServiceFault] { lock.withLock { faults } }
  func add(_ fault: ServiceFault) { lock.withLock { faults.append(fault) } }
}
