import CardRules
import Foundation
import Personalization
import Testing

/// Lives that no office allows, and what files may say of people who have no PINs.
@Suite("Impossible lives in resident files")
struct LifeFaultTests {
  struct Case: Sendable, CustomTestStringConvertible {
    /// Lines of the file that are replaced, each by the next.
    let changes: [(String, String)]
    let place, problem: String
    var testDescription: String { "\(problem) \(changes)" }
    init(_ place: String, _ problem: String, _ changes: (String, String)...) {
      (self.changes, self.place, self.problem) = (changes, place, problem)
    }
  }

  private static func events(_ events: String...) -> (String, String) {
    ("pins:", "events:\n" + events.map { "  - " + $0 + "\n" }.joined() + "pins:")
  }
  private static let stay = ("sex: female", "sex: female\n  residence: stay\n  stayUntil: 2027-01-01")
  private static let special = "{event: stayExtension, day: 2026-08-01, specialPeriod: true}"

  static let cases: [Case] = [
    Case(
      "11:29", "the holder died on 2026-08-01 (rule 4.19)",
      ("sign: withCard", "sign: {issued: [withCard, 2026-10-01]}"), events("{event: death, day: 2026-08-01}")),
    Case(
      "11:29", "the card is stopped (rule 3.9)",
      ("sign: withCard", "sign: {issued: [withCard, 2026-10-01]}"), events("{event: stop, day: 2026-08-01}")),
    Case(
      "12:29", "the card is abolished (rule 3.9)",
      ("auth: withCard", "auth: {issued: [withCard, 2026-10-01]}"), events("{event: surrender, day: 2026-08-01}")),
    Case("14:13", "the card is not stopped, it is active (rule 4.14)", events("{event: release, day: 2026-08-01}")),
    Case(
      "15:13", "the holder died on 2026-08-01 (rule 4.19)",
      events(
        "{event: death, day: 2026-08-01}", "{event: moveWithin, day: 2026-09-01, before: {address: 架空町}}")),
    Case(
      "15:13", "the card is abolished (rule 3.9)",
      events("{event: surrender, day: 2026-08-01}", "{event: reissue, day: 2026-08-02}")),
    Case(
      "17:13", "the special period was written on 2026-08-01 already", stay,
      ("sign: withCard", "sign: none"), events(special, special)),
    Case("14:13", "the holder's residence has no end (rule R11)", events(special)),
    Case(
      "15:13", "only Japanese nationals keep their card abroad (rule 4.18)",
      ("sex: female", "sex: female\n  residence: permanent"),
      events("{event: leavingJapanContinuing, day: 2026-08-01}")),
    Case(
      "7:14", "the stay ended on 2025-01-01, before the card was issued on 2026-06-01",
      ("sex: female", "sex: female\n  residence: stay\n  stayUntil: 2025-01-01")),
    Case(
      "12:9", "a face-authentication card has no signature certificate (rule 4.20)",
      ("issued: 2026-06-01", "issued: 2026-06-01\n  faceAuthentication: true")),
    Case(
      "15:3", "a face-authentication card has no PINs (rule 4.20)",
      ("issued: 2026-06-01", "issued: 2026-06-01\n  faceAuthentication: true")),
    Case(
      "16:3", "a face-authentication card has no PINs (rule 4.20)",
      events("{event: toFaceAuthentication, day: 2026-08-01}")),
    Case(
      "14:9", "a child under 15 has no sign PIN (rule R15)", ("1990-09-10", "2016-04-20"),
      ("sign: withCard", "sign: none")),
    Case("3:9", "'name' is empty", ("見本　花子", "　")),
    Case("3:9", "'name' is empty", ("見本　花子", "\"   \"")),
    Case("3:9", "'name' is empty", ("見本　花子", "~")),
    Case("6:12", "'address' is empty", ("愛知県名古屋市中区架空町１丁目２番３号", "null")),
  ]

  private func text(_ changes: [(String, String)]) -> String {
    changes.reduce(BadResidentTests.good) { $0.replacingOccurrences(of: $1.0, with: $1.1) }
  }

  @Test("are refused at their line", arguments: cases)
  func fault(example: Case) throws {
    let faults = SchemaTests.faults(text(example.changes))
    let fault = try #require(
      faults.first { $0.problem.contains(example.problem) }, "\(faults.map(\.description))")
    #expect(fault.location == "x.yaml:" + example.place)
    #expect(!fault.fix.isEmpty)
  }

  static let fine: [[(String, String)]] = [
    // Stopped and released, and new certificates on the same day.
    [
      ("sign: withCard", "sign: {issued: [withCard, 2026-08-02]}"),
      events("{event: stop, day: 2026-08-01}", "{event: release, day: 2026-08-02}"),
    ],
    // Never fetched.
    [events("{event: unclaimed, day: 2026-08-01}")],
    // Two special periods, a new stay between them.
    [
      stay,
      events(
        special, "{event: stayExtension, day: 2026-08-02, before: {stayUntil: 2026-10-01}}",
        "{event: stayExtension, day: 2026-08-03, specialPeriod: true}"),
    ],
    // Stopped on the day of issue: the certificates were there before.
    [events("{event: stop, day: 2026-06-01}")],
    [events("{event: leavingJapanContinuing, day: 2026-08-01}")],
  ]

  @Test("and possible ones are taken", arguments: fine)
  func possible(changes: [(String, String)]) {
    #expect(SchemaTests.faults(text(changes)).map(\.description) == [])
  }

  private func resident(_ changes: (String, String)...) throws -> Resident {
    try ResidentFile.parse(text(changes), file: "x.yaml", name: "x", today: GalleryTable.day)
  }

  @Test("no stay takes a child's card beyond the 5th birthday (R11)")
  func child() throws {
    let child = try resident(
      ("1990-09-10", "2016-04-20"), ("sign: withCard", "sign: none"), ("  sign: ABC123\n", ""),
      ("sex: female", "sex: female\n  residence: stay\n  stayUntil: 2045-01-01"),
      Self.events("{event: stayExtension, day: 2026-08-01, before: {stayUntil: 2027-01-01}}"))
    #expect(child.card.end.description == "2031-04-20")
  }

  @Test("a certificate of somebody who left Japan says so (4.18)")
  func abroad() throws {
    let gone = try resident(
      ("sign: withCard", "sign: {issued: [withCard, 2026-08-02]}"),
      Self.events("{event: leavingJapanContinuing, day: 2026-08-01}"))
    #expect(gone.sign?.holder.address == "国外転出（令和８年８月１日）")
    #expect(gone.registered.address == gone.sign?.holder.address)
  }

  @Test("texts are composed once, for the card's files and the certificates")
  func composed() throws {
    let name = "見本　か\u{3099}く"
    let holder = try resident(("見本　花子", name)).holder
    #expect(holder.name.unicodeScalars.elementsEqual("見本　がく".unicodeScalars))
  }
}
