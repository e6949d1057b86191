import Cryptography
import Foundation
import ISO7816
import MyNumberCard
import Testing

@testable import Personalization

@Suite("Contents of the visual application")
struct VisualContentsTests {
  @Test(
    "Every file has its length and header",
    arguments: [
      (0x0001, 547, "FF1082021EDF1108"), (0x0003, 320, "FF3082013BDF310406030E01DF4210"),
      (0x0004, 568, "7F218202335F4E820129"), (0x0006, 16, "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"),
    ] as [(UInt16, Int, String)])
  func lengths(file: UInt16, length: Int, header: String) throws {
    let bytes = try ContentsPeople.image(ContentsPeople.anybody()).file(.visualInspection, FileID(file))
    #expect(bytes.count == length)
    #expect(bytes.hexString.hasPrefix(header.replacingOccurrences(of: "DF4210", with: "DF3210")))
  }

  @Test("Age record, face and number are the issuer's and carry the card's own key")
  func signatures() throws {
    let image = try ContentsPeople.image(ContentsPeople.anybody())
    let issuer = try image.certifiedKey(.visualInspection, .visualInspection)
    let own = try image.key(.visualInspection, 0x001A).publicKey.modulus

    let age = try TakenApart(try image.file(.visualInspection, 0x0001))
    #expect(try issuer.verifyPKCS1SHA256(try age.value(0xDF13), message: try age.whole(0xDF11, 0xDF12)))
    #expect(try age.value(0xDF11) == Array("19900910".utf8))
    #expect(try modulus(try age.value(0xDF12)) == own)

    let face = try TakenApart(try image.file(.visualInspection, 0x0002))
    #expect(face.tag == 0xFF20)
    #expect(face.objects.map(\.tag) == Array(0xDF21...0xDF2A))
    #expect(try face.value(0xDF21).prefix(2) == [0x00, 0x1A])
    try face.checkOffsets()
    #expect(face.bytes.count < 0x8000)
    let hashes = try [face.whole(0xDF22, 0xDF23, 0xDF24), face.whole(0xDF25, 0xDF26), face.whole(0xDF27)]
      .flatMap(SHA256.digest)
    let header = try #require([UInt8](hex: "3071300D060960864801650304020105000460"))
    #expect(try issuer.verifyPKCS1(try face.value(0xDF28), block: header + hashes))
    #expect(try modulus(try face.value(0xDF24)) == own)
    #expect(try face.value(0xDF23) == Array("2".utf8))
    #expect(try face.value(0xDF29) == Array("20350910".utf8))

    let number = try TakenApart(try image.file(.visualInspection, 0x0005))
    #expect(number.tag == 0xFF40)
    #expect(try issuer.verifyPKCS1SHA256(try number.value(0xDF43), message: try number.whole(0xDF41, 0xDF42)))
    #expect(try modulus(try number.value(0xDF42)) == own)
  }

  @Test("Basic information says what was measured")
  func basicInformation() throws {
    let record = try TakenApart(
      try ContentsPeople.image(ContentsPeople.testHolder()).file(.visualInspection, 0x0003))
    #expect(try record.value(0xDF32).hexString == "36303030303234080530303100000000")
    #expect(try record.value(0xDF33) == [0x00])
    #expect(try record.value(0xDF34) == Array("13221".utf8))
    #expect(try record.value(0xDF35).prefix(16).map { $0 }.hexString == "35393030303235080530303100000000")
    #expect(try record.value(0xDF35).count == 272)
  }

  @Test("Same seed, same bytes; another seed, another photograph and other keys")
  func determinism() throws {
    let text = ContentsPeople.anybody()
    let (a, b, c) = (
      try ContentsPeople.image(text, seed: 7), try ContentsPeople.image(text, seed: 7),
      try ContentsPeople.image(text, seed: 8)
    )
    #expect(a == b)
    let photographs = try [a, c].map { try TakenApart(try $0.file(.visualInspection, 0x0002)).value(0xDF27) }
    #expect(photographs[0] != photographs[1])
    #expect(try a.file(.visualInspection, 0x0001) != c.file(.visualInspection, 0x0001))
  }

  @Test("face: none leaves the two files with pictures empty, the rest as it is")
  func withoutFace() throws {
    let image = try ContentsPeople.image(ContentsPeople.anybody(card: "  face: none"))
    #expect(image.data[.init(.visualInspection, 0x0002)] == nil)
    #expect(image.data[.init(.visualInspection, 0x0005)] == nil)
    #expect(try image.file(.visualInspection, 0x0001).count == 547)
    _ = try image.makeCard(location: "test")
  }

  @Test("An infant's card has an empty photograph")
  func infant() throws {
    var resident = try ContentsPeople.resident(ContentsPeople.anybody())
    resident.card.hasPhotograph = false
    let image = try Minter(today: ContentsPeople.today).mint(resident)
    let photograph = try TakenApart(try image.file(.visualInspection, 0x0002)).value(0xDF27)
    #expect(photograph.count < 600)
  }
}
