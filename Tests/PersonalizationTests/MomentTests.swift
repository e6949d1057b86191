import Authority
import CardRules
import Cryptography
import Foundation
import Personalization
import Testing

/// The moment of minting: nothing on a new card lies after it, and a plain day gives what it always gave.
@Suite("Moment of minting") struct MomentTests {
  @Test("issued or stopped today, minted at five in the morning", arguments: ["today", "2026-06-01"])
  func early(issued: String) throws {
    let moment = try #require(JapanInstant("\(GalleryTable.day)T05:00:00+09:00"))
    let minter = Minter(at: moment)
    let stop = issued == "today" ? "" : "\nevents:\n  - event: stop\n    day: today\n"
    let text = BadResidentTests.good.replacingOccurrences(of: "2026-06-01", with: issued) + stop
    let resident = try ResidentFile.parse(text, file: "x.yaml", name: "x", today: GalleryTable.day)
    let image = try minter.mint(resident)
    #expect(image.manifest.minted.at == moment.description)
    for (_, der) in image.data where der.starts(with: [0x30, 0x82]) {
      guard let certificate = try? X509Certificate(der: der) else { continue }
      #expect(certificate.notBefore <= moment.unixSeconds)
    }
    for entry in image.manifest.registry ?? [] {
      if issued == "today" {
        #expect(entry.entry?.notBefore.unixSeconds == moment.unixSeconds)
      } else {
        #expect(entry.entry?.state.since?.unixSeconds == moment.unixSeconds)
      }
    }
    #expect(image.manifest.registry?.isEmpty == false)
    #expect(try minter.registryEntries(resident) == image.manifest.registry?.compactMap(\.entry))
  }

  @Test("ten o'clock is what a plain day means")
  func plain() throws {
    let text = BadResidentTests.good.replacingOccurrences(of: "2026-06-01", with: "today")
    let resident = try ResidentFile.parse(text, file: "x.yaml", name: "x", today: GalleryTable.day)
    let moment = try #require(JapanInstant("\(GalleryTable.day)T10:00:00+09:00"))
    #expect(try Minter(at: moment).mint(resident) == Minter(today: GalleryTable.day).mint(resident))
    // Later: the card is the same, and only the moment differs.
    let evening = try #require(JapanInstant("\(GalleryTable.day)T20:00:00+09:00"))
    #expect(try Minter(at: evening).mint(resident).data == Minter(today: GalleryTable.day).mint(resident).data)
  }
}
