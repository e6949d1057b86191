import Authority
import CardImage
import CardKernel
import CardRules
import Foundation
import MyNumberCard
import Personalization
import Testing

/// The gallery's own description: what every card is on 2026-11-20. `-` for what is not there, `*` for what is not said.
/// Tries are those of sign, auth, residentRecord and textInput.
enum GalleryTable {
  static let day = CalendarDay("2026-11-20") ?? .first

  struct Row: Sendable, CustomTestStringConvertible {
    let fixture, name, cardEnd, sign, auth, tries, signState, authState, cardStatus: String
    var testDescription: String { "\(fixture) \(name)" }
  }

  //  fixture name  card end  sign end  auth end  tries S/A/J/K  registry: sign auth  card status
  private static let text = """
    F01 fresh-adult         2035-09-10 2030-09-10 2030-09-10 5/3/3/3 good       good       active
    F02 child-10            2031-04-20 -          2031-04-20 -/3/3/3 -          good       active
    F03 minor-15-17         2030-08-01 2030-08-01 2030-08-01 5/3/3/3 good       good       active
    F04 just-15             2030-10-15 -          2030-10-15 -/3/3/3 -          good       active
    F05 sign-locked         2035-09-10 2030-09-10 2030-09-10 0/3/3/3 good       good       active
    F06 auth-locked         2035-09-10 2030-09-10 2030-09-10 5/0/3/3 good       good       active
    F07 both-locked         2035-09-10 2030-09-10 2030-09-10 0/0/3/3 good       good       active
    F08 all-locked          2035-09-10 2030-09-10 2030-09-10 0/0/0/0 good       good       active
    F09 sign-1-left         2035-09-10 2030-09-10 2030-09-10 1/3/3/3 good       good       active
    F10 auth-1-left         2035-09-10 2030-09-10 2030-09-10 5/1/3/3 good       good       active
    F11 juki-locked         2035-09-10 2030-09-10 2030-09-10 5/3/0/3 good       good       active
    F12 input-help-locked   2035-09-10 2030-09-10 2030-09-10 5/3/3/0 good       good       active
    F13 num-b-locked        2035-09-10 2030-09-10 2030-09-10 5/3/3/3 good       good       active
    F14 num-ab-locked       2035-09-10 2030-09-10 2030-09-10 5/3/3/3 good       good       active
    F15 in-window           2031-12-15 2026-12-15 2026-12-15 5/3/3/3 good       good       active
    F16 last-day            2031-11-20 2026-11-20 2026-11-20 5/3/3/3 good       good       active
    F17 expired-yesterday   2031-11-19 2026-11-19 2026-11-19 5/3/3/3 expired    expired    active
    F18 expired-long        2030-10-01 2025-10-01 2025-10-01 5/3/3/3 expired    expired    active
    F19 sign-expired-only   2031-10-01 2026-10-01 2029-10-01 5/3/3/3 expired    good       active
    F20 auth-expired-only   2035-09-10 2030-09-10 2026-10-01 5/3/3/3 good       expired    active
    F21 revoked-after-move  2035-02-03 2030-02-03 2030-02-03 5/3/3/3 revoked:affiliationChanged good active
    F22 revoked-after-name  2035-02-03 2030-02-03 2030-02-03 5/3/3/3 revoked:affiliationChanged good active
    F23 moved-not-continued 2035-02-03 2030-02-03 2030-02-03 5/3/3/3 revoked:affiliationChanged good active
    F24 lapsed-90-days      2035-02-03 2030-02-03 2030-02-03 5/3/3/3 revoked:affiliationChanged \
    revoked:cessationOfOperation lapsed
    F25 stopped             2035-09-10 2030-09-10 2030-09-10 5/3/3/3 hold       hold       stopped
    F26 released            2035-09-10 2030-09-10 2030-09-10 5/3/3/3 revoked:cessationOfOperation good active
    F27 abolished           2035-09-10 2030-09-10 2030-09-10 5/3/3/3 revoked:cessationOfOperation \
    revoked:cessationOfOperation abolished
    F28 card-expired        2025-11-01 2025-11-01 2025-11-01 5/3/3/3 expired    expired    lapsed
    F29 card-window         2026-12-20 2026-12-20 2026-12-20 5/3/3/3 good       good       active
    F30 substitute-chars    2033-05-05 2028-05-05 2028-05-05 5/3/3/3 good       good       active
    F31 long-address        2035-09-10 2030-09-10 2030-09-10 5/3/3/3 good       good       active
    F32 long-foreign-name   2027-11-30 2027-11-30 2027-11-30 5/3/3/3 good       good       active
    F33 foreign-stay        2027-11-30 2027-11-30 2027-11-30 5/3/3/3 good       good       active
    F34 foreign-special     2026-12-31 2026-12-31 2026-12-31 5/3/3/3 good       good       active
    F35 foreign-lapsed      2026-11-13 2026-11-13 2026-11-13 5/3/3/3 expired    expired    lapsed
    F36 permanent           2035-03-30 2030-03-30 2030-03-30 5/3/3/3 good       good       active
    F37 feb-29              2036-02-29 2031-02-28 2031-02-28 5/3/3/3 good       good       active
    F38 no-certs            2035-09-10 -          -          -/-/3/3 -          -          active
    F39 auth-only-adult     2035-09-10 -          2030-09-10 -/3/3/3 -          good       active
    F40 sign-only           2035-09-10 2030-09-10 -          5/-/3/3 good       -          active
    F41 undelivered         2035-09-10 2030-09-10 2030-09-10 -/-/-/- good       good       undelivered
    F42 face-auth           2035-09-10 -          2030-09-10 -/-/-/- -          good       active
    F43 abroad              2034-06-30 2031-06-30 2031-06-30 5/3/3/3 good       good       active
    F44 infant-no-photo     2031-04-10 -          2031-04-10 -/3/3/3 -          good       active
    F45 note-space-full     2035-09-10 2030-09-10 2030-09-10 5/3/3/3 good       good       active
    F46 wrong-root          2035-09-10 2030-09-10 2030-09-10 5/3/3/3 unknown    unknown    active
    F47 old-root            2035-09-10 2030-09-10 2030-09-10 5/3/3/3 *          *          active
    F48 tampered            2035-09-10 2030-09-10 2030-09-10 5/3/3/3 *          *          active
    F49 same-pins           2035-09-10 2030-09-10 2030-09-10 5/3/3/3 good       good       active
    F50 pin-s-16            2035-09-10 2030-09-10 2030-09-10 5/3/3/3 good       good       active
    F51 pin-s-6             2035-09-10 2030-09-10 2030-09-10 5/3/3/3 good       good       active
    F52 birth-unknown       2035-09-10 2030-09-10 2030-09-10 5/3/3/3 good       good       active
    F53 serial-top-bit      2035-09-10 2030-09-10 2030-09-10 5/3/3/3 good       good       active
    F54 dead-chip           *          *          *          *       *          *          active
    F55 removed-mid-sign    2035-09-10 2030-09-10 2030-09-10 5/3/3/3 good       good       active
    F56 slow-card           2035-09-10 2030-09-10 2030-09-10 5/3/3/3 good       good       active
    F57 phone-token         2035-09-10 2030-09-10 2030-09-10 5/3/-/- good       good       active
    F58 pre-2022-19y        2027-01-15 2027-01-15 2027-01-15 5/3/3/3 good       good       active
    F59 adult-ward          2031-12-15 -          2026-12-15 -/3/3/3 -          good       active
    F60 deceased            2035-09-10 2030-09-10 2030-09-10 5/3/3/3 revoked:cessationOfOperation \
    revoked:cessationOfOperation lapsed
    F61 renewed-pair        2031-12-15 2031-12-15 2031-12-15 5/3/3/3 good       good       active
    F62 next-gen            *          *          *          *       *          *          active
    """

  static let rows: [Row] = text.split(separator: "\n").map { line in
    let w = line.split(separator: " ").map(String.init)
    return Row(
      fixture: w[0], name: w[1], cardEnd: w[2], sign: w[3], auth: w[4], tries: w[5], signState: w[6], authState: w[7],
      cardStatus: w[8])
  }

  static let gallery = Gallery(
    folder: URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("CardImages"))

  static func resident(_ name: String, on day: CalendarDay = day) throws -> Resident {
    var resident = try ResidentFile.load(try #require(gallery.file(of: name)), today: day)
    // What the table says has nothing to do with pictures, and drawing takes most of the time.
    resident.card.options.isFaceDrawn = false
    return resident
  }
}
