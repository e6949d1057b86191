import Authority
import CardHost
import CardImage
import CardRules
import Foundation
import MyNumberCard
import Personalization
import Testing

@testable import CardService

/// Card, record and registry change together, whenever the service dies.
@Suite("The office's records")
struct CardOfficeTests {
  static let day = CalendarDay("2026-11-20") ?? .first
  static let setting = CardOffice.Setting(
    verb: "test", now: JapanInstant("2026-11-20T11:00:00+09:00") ?? JapanInstant(unixSeconds: 0), profile: .national)

  struct Room {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("vmyna-\(UUID().uuidString)")
    let image: CardImage
    var state: URL { folder.appendingPathComponent("state") }
    var store: RegistryStore { RegistryStore(folder: folder.appendingPathComponent("registry").path) }

    init(_ name: String) throws {
      let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("CardImages/\(name).yaml")
      var resident = try ResidentFile.load(file, today: CardOfficeTests.day)
      resident.card.options.isFaceDrawn = false
      image = try Minter(today: CardOfficeTests.day).mint(resident)
    }

    func card(keepsState: Bool = true) throws -> CardHost {
      try CardHost(image: image, location: "test", stateFolder: keepsState ? state : nil)
    }

    func states(_ kind: Hierarchy) throws -> [CertificateState] {
      try store.load().entries.filter { $0.hierarchy == kind }.map(\.state)
    }

    func clean() { try? FileManager.default.removeItem(at: folder) }
  }

  private func isRevoked(_ state: CertificateState?) -> Bool {
    if case .revoked? = state { true } else { false }
  }

  @Test("killed before the card's event: nothing has happened")
  func beforeEvent() throws {
    let room = try Room("fresh-adult")
    defer { room.clean() }
    // What step 1 leaves behind: a record that no event names.
    var record = try #require(OfficeRecord(image: room.image))
    record.resident.apply(ResidentEvent(.surrender, on: Self.day))
    let office = room.state.appendingPathComponent("office")
    try FileManager.default.createDirectory(at: office, withIntermediateDirectories: true)
    try record.json().write(to: office.appendingPathComponent("1.json"))
    let desk = CardOffice(registry: room.store)
    let card = try room.card()
    try desk.register(card)
    #expect(try room.states(.auth) == [.good])
    #expect(desk.record(of: card)?.resident.card.status == .active)
    // And it is not in the way of the next procedure.
    _ = try desk.carryOut(.event(.stop), on: card, Self.setting)
    #expect(desk.record(of: card)?.resident.card.status == .stopped)
  }

  @Test("a new PIN writes no record, and a record that no event names goes", arguments: [true, false])
  func few(keepsState: Bool) throws {
    let room = try Room("fresh-adult")
    defer { room.clean() }
    let desk = CardOffice()
    let card = try room.card(keepsState: keepsState)
    func records() -> [String] {
      let folder = room.state.appendingPathComponent("office").path
      return ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    }
    for _ in 0..<5 { _ = try desk.carryOut(.resetPIN(.auth, new: "4321"), on: card, Self.setting) }
    #expect(records().count <= 1)
    let before = records()
    _ = try desk.carryOut(.event(.stop), on: card, Self.setting)
    for _ in 0..<5 { _ = try? desk.carryOut(.resetPIN(.auth, new: "4321"), on: card, Self.setting) }
    #expect(desk.record(of: card)?.resident.card.status == .stopped)
    if keepsState { #expect(records().count == before.count + 1) }
    // Back to before the stop, and on: the record of that place holds.
    _ = try card.undo()
    #expect(desk.record(of: card)?.resident.card.status == .active)
    _ = try desk.carryOut(.resetPIN(.auth, new: "1234"), on: card, Self.setting)
    #expect(desk.record(of: card)?.resident.card.status == .active)
    // A record that was written and never named.
    if keepsState {
      let stray = room.state.appendingPathComponent("office/3.json")
      try Data("{}".utf8).write(to: stray)
      _ = try desk.carryOut(.event(.surrender), on: card, Self.setting)
      #expect(!FileManager.default.fileExists(atPath: stray.path))
    }
  }

  @Test("killed before the registry: it is told when the card comes again")
  func beforeRegistry() throws {
    let room = try Room("fresh-adult")
    defer { room.clean() }
    try CardOffice(registry: room.store).register(room.card())
    do {
      let card = try room.card()
      _ = try CardOffice(registry: nil).carryOut(.revoke([.sign]), on: card, Self.setting)
    }
    #expect(try room.states(.sign) == [.good])
    let card = try room.card()
    let desk = CardOffice(registry: room.store)
    try desk.register(card)
    #expect(try isRevoked(room.states(.sign).first))
    #expect(try room.states(.auth) == [.good])
  }

  @Test("undo takes record and registry along", arguments: [true, false])
  func undo(keepsState: Bool) throws {
    let room = try Room("in-window")
    defer { room.clean() }
    let card = try room.card(keepsState: keepsState)
    let desk = CardOffice(registry: room.store)
    let report = try desk.carryOut(.renew([.sign, .auth], pins: [:]), on: card, Self.setting)
    #expect(report.certificates.map(\.status).sorted() == ["good", "good", "superseded", "superseded"])
    _ = try desk.carryOut(.event(.stop), on: card, Self.setting)
    try card.undo()
    try desk.register(card)
    #expect(desk.record(of: card)?.resident.card.status == .active)
    try card.undo()
    try desk.register(card)
    let record = try #require(desk.record(of: card))
    #expect(record.resident.certificates.count == 2)
    let old = try #require(record.entries(image: room.image).first)
    #expect(try room.store.load().entry(.virtual, old.hierarchy, serial: old.serial)?.state == .good)
  }

  @Test("a wrong old PIN costs a try, and the refusal says how many are left")
  func changePIN() throws {
    let room = try Room("fresh-adult")
    defer { room.clean() }
    let card = try room.card()
    let desk = CardOffice()
    for left in [2, 1, 0] {
      do {
        _ = try desk.carryOut(.changePIN(.auth, new: "4321"), old: "0000", on: card, Self.setting)
        Issue.record("a wrong PIN was taken")
      } catch {
        #expect(error.problem.contains("\(left) tries left"))
      }
    }
    #expect(card.pin(.auth)?.triesLeft == 0)
    do {
      _ = try desk.carryOut(.changePIN(.auth, new: "4321"), old: "1234", on: card, Self.setting)
      Issue.record("a locked PIN was changed")
    } catch {
      #expect(error.problem.contains("locked"))
    }
  }

  @Test("a damaged registry is one clear error, and the card is not taken in")
  func damagedRegistry() throws {
    let room = try Room("fresh-adult")
    defer { room.clean() }
    try FileManager.default.createDirectory(atPath: room.store.folder, withIntermediateDirectories: true)
    try Data("{\n  \"format\": \"vmyna registry 1\",\n".utf8).write(to: URL(fileURLWithPath: room.store.path))
    do {
      try CardOffice(registry: room.store).register(room.card())
      Issue.record("a damaged registry was taken")
    } catch let fault as ServiceFault {
      #expect(fault.problem.contains("the registry is damaged") && fault.problem.contains("line"))
    }
  }
}
