import CardHost
import CardImage
import CardKernel
import CardRules
import Cryptography
import Foundation
import ISO7816
import MyNumberCard
import Personalization
import Testing

@Suite("The gallery")
struct GalleryTests {
  @Test("has the 62 cards of the table and no other")
  func names() {
    #expect(GalleryTable.gallery.names == GalleryTable.rows.map(\.name).sorted())
  }

  @Test("is on 2026-11-20 what the table says", arguments: GalleryTable.rows)
  func golden(row: GalleryTable.Row) throws {
    let resident = try GalleryTable.resident(row.name)
    let image = try Minter(today: GalleryTable.day).mint(resident)
    #expect(resident.fixture == row.fixture)
    #expect(image.manifest.cardStatus == row.cardStatus)
    // Certificates, keys and what tells of them belong together.
    if image.manifest.generation != NextGeneration.name { #expect(image.faults(location: row.name).isEmpty) }
    func check(_ what: String, _ expected: String, _ actual: String) {
      if expected != "*" { #expect(actual == expected, "\(what) of \(row.name)") }
    }
    check("card end", row.cardEnd.filter { $0 != "-" }, image.manifest.holder.cardEnd)
    check("sign end", row.sign, Self.end(JPKIApplication.signCertificate, image))
    check("auth end", row.auth, Self.end(JPKIApplication.authCertificate, image))
    check("tries", row.tries, Self.tries(image))
    check("sign state", row.signState, Self.state("sign", image))
    check("auth state", row.authState, Self.state("auth", image))
    #expect(resident.story != nil && resident.sees != nil)
    for text in [resident.story?.japanese, resident.story?.english] {
      #expect(text?.split(separator: "\n").count == 2, "the story of \(row.name) has two lines")
    }
    if row.name != "next-gen" { _ = try image.makeCard(location: row.name) }
  }

  /// The last day, told by the certificate itself.
  static func end(_ file: FileID, _ image: CardImage) -> String {
    guard let der = image.data[FilePath(.jpki, file)], let certificate = try? X509Certificate(der: der) else {
      return "-"
    }
    return JapanInstant(unixSeconds: Int(certificate.notAfter)).day.description
  }

  static func tries(_ image: CardImage) -> String {
    [PINName.sign, .auth, .residentRecord, .textInput].map { name in
      guard let entry = image.manifest.pins[name.path.description] else { return "-" }
      return String(entry.triesLeft ?? (name == .sign ? 5 : 3))
    }.joined(separator: "/")
  }

  static func state(_ kind: String, _ image: CardImage) -> String {
    let file = kind == "sign" ? JPKIApplication.signCertificate : JPKIApplication.authCertificate
    guard let der = image.data[FilePath(.jpki, file)], let serial = try? X509Certificate(der: der).serialHex else {
      return "-"
    }
    guard let entry = image.manifest.registry?.first(where: { $0.kind == kind && $0.serial == serial }) else {
      return "unknown"
    }
    return entry.status + (entry.status == "revoked" ? ":\(entry.reason ?? "?")" : "")
  }

  @Test("some rows in what no column shows")
  func details() throws {
    func image(_ name: String) throws -> CardImage {
      try Minter(today: GalleryTable.day).mint(GalleryTable.resident(name))
    }
    func resident(_ name: String) throws -> Resident { try GalleryTable.resident(name) }
    #expect(try resident("in-window").registered.birth.description == "1988-12-15")
    #expect(try resident("feb-29").registered.birth.description == "2000-02-29")
    #expect(try resident("pre-2022-19y").card.applied?.description == "2022-03-20")
    #expect(try resident("sign-expired-only").auth?.issued.description == "2025-02-10")
    #expect(try resident("card-expired").sign?.issued.description == "2020-09-15")
    #expect(try resident("renewed-pair").certificates.map(\.isOnCard) == [false, false, true, true])
    let renewed = try image("renewed-pair").manifest.registry ?? []
    #expect(renewed.map(\.status).sorted() == ["good", "good", "superseded", "superseded"])
    #expect(renewed.filter { $0.status == "superseded" }.allSatisfy { $0.supersededBy != nil })
    #expect(try resident("abroad").registered.address == "国外転出（令和８年１１月１日）")
    #expect(try image("birth-unknown").manifest.holder.birth == "19500000")
    let moved = try resident("moved-not-continued")
    #expect(moved.holder.address != moved.registered.address && moved.sign?.holder.address == moved.holder.address)
    let name = try resident("revoked-after-name")
    #expect(name.holder.name == "架空　恵子" && name.sign?.holder.name == "見本　恵子")
    #expect(try image("serial-top-bit").manifest.registry?.map(\.serial).sorted() == ["F1000053", "F2000053"])
    #expect(try image("dead-chip").manifest.faults == ["dead"])
    #expect(try image("removed-mid-sign").manifest.faults == ["removed-while-signing"])
    #expect(try image("slow-card").manifest.faults == ["slow"])
    let flags = try CertifiedFlags.of(image("substitute-chars"))
    #expect(flags.contains("1"))
    let numberB = try image("num-b-locked").manifest
    #expect(numberB.pins[PINName.numberB.path.description]?.triesLeft == 0)
    #expect(throws: ImageFault.self) { try image("next-gen").makeCard(location: "next-gen") }
  }

  @Test("mints the same bytes from the same seed, and others from another")
  func repeatable() throws {
    for name in GalleryTable.gallery.names {
      let resident = try GalleryTable.resident(name)
      let first = try Minter(today: GalleryTable.day).mint(resident)
      #expect(try first == Minter(today: GalleryTable.day).mint(resident), "\(name)")
      if resident.auth != nil {
        #expect(try first != Minter(today: GalleryTable.day, seed: 1).mint(resident), "\(name)")
      }
    }
  }
}

/// The flags of replaced characters in a sign certificate.
enum CertifiedFlags {
  static func of(_ image: CardImage) throws -> String {
    let der = try #require(image.data[FilePath(.jpki, JPKIApplication.signCertificate)])
    return try X509Certificate(der: der).subjectOtherNames.map(\.text).filter { $0.allSatisfy { "01".contains($0) } }
      .joined()
  }
}
