import Authority
import CardImage
import CardKernel
import CardRules
import Cryptography
import Foundation
import MyNumberCard
import Personalization
import Testing

/// What the ward office does and refuses.
@Suite("The ward office")
struct WardOfficeTests {
  struct Desk {
    let image: CardImage
    var card: Card
    var resident: Resident

    init(_ name: String) throws {
      let minter = Minter(today: GalleryTable.day)
      image = try minter.mint(GalleryTable.resident(name))
      card = try image.makeCard(location: name)
      resident = try #require(OfficeRecord(image: image)).resident
    }

    /// Carries out an order and writes it to the card, all or nothing.
    @discardableResult
    mutating func order(
      _ order: OfficeOrder, at time: String = "2026-11-20T11:00:00+09:00", profile: MunicipalityProfile = .national
    ) throws -> WardOffice.Outcome {
      let office = WardOffice(image: image, profile: profile, now: try #require(JapanInstant(time)))
      var pins: WardOffice.PINs = [:]
      for name in PINName.allCases { pins[name] = card.pin(name.path) }
      let outcome = try office.carryOut(order, for: resident, pins: pins)
      for change in outcome.changes {
        let done = card.apply(change)
        #expect(done, "\(change.path)")
      }
      resident = outcome.resident
      return outcome
    }

    func certificate(_ kind: CertificateKind) throws -> X509Certificate {
      let file = kind == .sign ? JPKIApplication.signCertificate : JPKIApplication.authCertificate
      guard case .transparent(let bytes)? = card.file(FilePath(.jpki, file))?.content else {
        throw CancellationError()
      }
      return try X509Certificate(prefixOf: bytes)
    }

    func key(_ kind: CertificateKind) throws -> RSAPrivateKey {
      let file = kind == .sign ? JPKIApplication.signKey : JPKIApplication.authKey
      guard case .key(let key)? = card.file(FilePath(.jpki, file))?.content else { throw CancellationError() }
      return try RSAPrivateKey(pkcs8DER: key.material)
    }

    func states(_ kind: CertificateKind) throws -> [CertificateStanding] {
      let now = Instant(unixSeconds: try #require(JapanInstant("2026-11-20T12:00:00+09:00")).unixSeconds)
      return try OfficeRecord(resident: resident).entries(image: image)
        .filter { $0.hierarchy.rawValue == kind.rawValue }.map { $0.standing(at: now) }
    }

    func expectPair(_ kind: CertificateKind) throws {
      #expect(try certificate(kind).publicKey == key(kind).publicKey)
    }
  }

  private func end(_ certificate: X509Certificate) -> String {
    JapanInstant(unixSeconds: Int(certificate.notAfter)).day.description
  }

  @Test("renews a pair in its window to the 6th birthday (S08)")
  func renewal() throws {
    var desk = try Desk("in-window")
    let before = try desk.certificate(.auth)
    let outcome = try desk.order(.renew([.sign, .auth], pins: [:]))
    #expect(outcome.rule == .renewal)
    for kind in CertificateKind.allCases {
      #expect(try end(desk.certificate(kind)) == "2031-12-15")
      #expect(try desk.states(kind) == [.superseded, .good])
      try desk.expectPair(kind)
    }
    #expect(try desk.certificate(.auth).serial != before.serial)
    #expect(try desk.certificate(.auth).publicKey != before.publicKey)
    // What follows is seen in the registry with the successor's number.
    let entries = try OfficeRecord(resident: desk.resident).entries(image: desk.image)
    let old = try #require(entries.first { $0.serial == before.serialHex })
    #expect(old.state == .superseded(by: try desk.certificate(.auth).serialHex, at: try #require(old.state.since)))
  }

  @Test("renews on the last day, not the day after, and not a day early (S10, V07)")
  func window() throws {
    var last = try Desk("last-day")
    try last.order(.renew([.sign, .auth], pins: [:]), at: "2026-11-20T23:59:00+09:00")
    #expect(try end(last.certificate(.auth)) == "2031-11-20")
    var late = try Desk("last-day")
    #expect(throws: OfficeRefusal.self) {
      try late.order(.renew([.auth], pins: [:]), at: "2026-11-21T00:00:00+09:00")
    }
    var early = try Desk("fresh-adult")
    do {
      try early.order(.renew([.auth], pins: [:]), at: "2030-06-10T10:00:00+09:00")
      Issue.record("a day early")
    } catch let refusal as OfficeRefusal {
      #expect(refusal.rule == .r6)
    }
    try early.order(.issue([.sign, .auth], pins: [:]), at: "2030-06-10T10:00:00+09:00")
    #expect(try end(early.certificate(.auth)) == "2034-09-10")
  }

  @Test("issues after expiry to the card's end (S11)")
  func afterExpiry() throws {
    var desk = try Desk("expired-long")
    try desk.order(.issue([.sign, .auth], pins: [:]))
    #expect(try end(desk.certificate(.sign)) == "2030-10-01")
    #expect(try desk.states(.sign) == [.expired, .good])
  }

  @Test("caps sign issued alone by auth, and gives both a new term together (S19)")
  func moved() throws {
    var alone = try Desk("revoked-after-move")
    try alone.order(.issue([.sign], pins: [:]))
    #expect(try end(alone.certificate(.sign)) == "2030-02-03")
    #expect(try alone.states(.sign) == [.revoked, .good])
    var both = try Desk("revoked-after-move")
    try both.order(.issue([.sign, .auth], pins: [:]))
    #expect(try end(both.certificate(.sign)) == "2031-02-03")
  }

  @Test("writes a move on the face and into the next sign certificate")
  func move() throws {
    var desk = try Desk("fresh-adult")
    let address = "愛知県名古屋市中区架空町９丁目９番９号"
    let outcome = try desk.order(.move(address: address, municipality: nil, isFaceUpdated: true))
    #expect(outcome.changes.contains { $0.path == FilePath(.textInput, 0x0002) })
    #expect(try desk.states(.sign) == [.revoked])
    #expect(try desk.states(.auth) == [.good])
    try desk.order(.issue([.sign], pins: [:]))
    let texts = try desk.certificate(.sign).subjectOtherNames.map(\.text)
    #expect(texts.contains(address))
    try desk.expectPair(.sign)
  }

  @Test("stops, releases, and revokes by the profile (C3)")
  func stop() throws {
    var desk = try Desk("fresh-adult")
    try desk.order(.event(.stop))
    #expect(try desk.states(.sign) == [.hold])
    #expect(desk.resident.card.status == .stopped)
    #expect(throws: OfficeRefusal.self) { try desk.order(.issue([.sign], pins: [:])) }
    var strict = desk
    try desk.order(.event(.release))
    #expect(try desk.states(.auth) == [.good])
    #expect(try desk.states(.sign) == [.revoked])
    var profile = MunicipalityProfile(name: "strict")
    profile.release = .bothAnew
    try strict.order(.event(.release), profile: profile)
    #expect(try strict.states(.auth) == [.revoked])
  }

  @Test("extends a stay and its special period, before the card's end only (S31 to S33)")
  func stay() throws {
    var desk = try Desk("foreign-stay")
    try desk.order(.specialPeriod)
    #expect(desk.resident.card.end.description == "2028-01-30")
    #expect(try desk.states(.auth) == [.revoked])
    try desk.order(.issue([.sign, .auth], pins: [:]))
    #expect(try end(desk.certificate(.auth)) == "2028-01-30")
    let numberB = try #require(desk.card.pin(PINName.numberB.path)?.value)
    #expect(String(decoding: numberB, as: UTF8.self).dropFirst(6).hasPrefix("2028"))
    try desk.order(.extendStay(until: try #require(CalendarDay("2030-11-30"))))
    #expect(desk.resident.card.end.description == "2030-11-30")
    var late = try Desk("foreign-lapsed")
    #expect(throws: OfficeRefusal.self) { try late.order(.specialPeriod) }
  }

  @Test("resets the two key objects of PIN-J together, and hands a card over with all PINs")
  func pins() throws {
    var desk = try Desk("juki-locked")
    #expect(throws: OfficeRefusal.self) {
      try desk.order(.move(address: "架空町", municipality: nil, isFaceUpdated: true))
    }
    try desk.order(.resetPIN(.residentRecord, new: "5678"))
    for name in [PINName.residentRecord, .common] {
      #expect(desk.card.pin(name.path)?.value == Array("5678".utf8))
      #expect(desk.card.pin(name.path)?.triesLeft == 3)
    }
    #expect(throws: OfficeRefusal.self) { try desk.order(.resetPIN(.sign, new: "abc")) }
    var made = try Desk("undelivered")
    #expect(throws: OfficeRefusal.self) { try made.order(.handOver(pins: [.auth: "1234"])) }
    try made.order(
      .handOver(pins: [.sign: "ABC123", .auth: "1234", .residentRecord: "1234", .textInput: "1234"]))
    #expect(made.resident.card.status == .active)
    #expect(made.card.pin(PINName.common.path)?.value == Array("1234".utf8))
  }

  @Test("switches to a face-authentication card and back (S39)")
  func face() throws {
    var desk = try Desk("fresh-adult")
    try desk.order(.event(.toFaceAuthentication))
    #expect(desk.card.pin(PINName.auth.path)?.value == nil)
    #expect(try desk.states(.sign) == [.revoked])
    #expect(throws: (any Error).self) { try desk.certificate(.sign) }
    try desk.order(
      .fromFaceAuthentication(pins: [.auth: "1111", .residentRecord: "1111", .textInput: "1111"]))
    try desk.order(.issue([.sign], pins: [.sign: "ABC123"]))
    #expect(try desk.states(.sign) == [.revoked, .good])
  }

  @Test("a record that is written and read again is the same")
  func record() throws {
    for name in GalleryTable.gallery.names where name != "next-gen" {
      let desk = try Desk(name)
      let record = OfficeRecord(resident: desk.resident)
      let again = try #require(OfficeRecord(json: try record.json()), "\(name)")
      #expect(try again.entries(image: desk.image) == record.entries(image: desk.image))
      #expect(try record.entries(image: desk.image) == (desk.image.manifest.registry ?? []).compactMap(\.entry))
    }
  }

  @Test("the gallery's serial numbers are all different")
  func serials() throws {
    let entries = try GalleryTable.gallery.names.flatMap {
      try Minter(today: GalleryTable.day).registryEntries(GalleryTable.resident($0))
    }
    #expect(Set(entries.map { "\($0.hierarchy) \($0.serial)" }).count == entries.count)
  }
}
