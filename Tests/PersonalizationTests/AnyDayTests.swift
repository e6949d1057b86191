import Authority
import CardRules
import Foundation
import Personalization
import Testing

/// Every predicament stays true whatever the day of minting is.
@Suite("The gallery on any day")
struct AnyDayTests {
  /// The seed of this run; set `VMYNA_TEST_SEED` to repeat one.
  static let seed: UInt64 =
    ProcessInfo.processInfo.environment["VMYNA_TEST_SEED"].flatMap { UInt64($0) } ?? UInt64.random(in: 0...UInt64.max)

  /// Days from September 2026 (before, the oldest card of the gallery has no root) to 2043 (certificates cannot say a year
  /// beyond 2049): every day around the end of each February,
  /// year ends, and random ones.
  static let days: [CalendarDay] = {
    print("AnyDayTests seed \(seed)")
    var random = Generator(state: seed)
    var days: [CalendarDay] = []
    for year in 2027...2043 {
      let march = CalendarDay(year: year, month: 3, day: 1) ?? .first
      days += (-3...2).map { march.adding(days: $0) }
      days += [CalendarDay(year: year, month: 12, day: 31), CalendarDay(year: year, month: 1, day: 1)].compactMap { $0 }
    }
    let first = CalendarDay(year: 2026, month: 9, day: 1) ?? .first
    days += (0..<110).map { _ in first.adding(days: Int.random(in: 0...6238, using: &random)) }
    return days
  }()

  struct Generator: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
  }

  /// What must hold of a card on its day of minting.
  typealias Predicament = @Sendable (Resident, CalendarDay) -> Bool

  private static func age(_ resident: Resident, _ today: CalendarDay) -> Int {
    resident.registered.birth.day.map { BirthdayRule(born: $0).age(on: today) } ?? -1
  }
  private static func isGood(_ facts: Resident.CertificateFacts?, _ today: CalendarDay) -> Bool {
    guard let facts else { return false }
    return facts.state == .good && facts.end >= today
  }
  private static func isInWindow(_ facts: Resident.CertificateFacts?, _ today: CalendarDay) -> Bool {
    guard let facts else { return false }
    return isGood(facts, today) && RenewalWindow(end: facts.end).contains(today)
  }
  private static func isRevoked(_ facts: Resident.CertificateFacts?, _ reason: String) -> Bool {
    if case .revoked(let name, _)? = facts?.state { name == reason } else { false }
  }
  private static func isHeld(_ facts: Resident.CertificateFacts?) -> Bool {
    if case .hold? = facts?.state { true } else { false }
  }

  /// A card with two good certificates, far from their ends.
  private static let fresh: Predicament = { resident, today in
    isGood(resident.sign, today) && isGood(resident.auth, today) && !isInWindow(resident.sign, today)
      && !isInWindow(resident.auth, today) && resident.card.status == .active
  }
  private static let authOnly: Predicament = { resident, today in
    resident.sign == nil && isGood(resident.auth, today) && resident.card.status == .active
  }
  private static let moved: Predicament = { resident, today in
    isRevoked(resident.sign, "affiliationChanged") && isGood(resident.auth, today) && resident.card.status == .active
  }
  private static let ended: Predicament = { resident, today in
    resident.card.end < today && resident.card.status == .lapsed && resident.sign?.end == resident.card.end
      && resident.auth?.end == resident.card.end
  }

  static let predicaments: [String: Predicament] = [
    "child-10": { authOnly($0, $1) && age($0, $1) == 10 },
    "minor-15-17": { fresh($0, $1) && (15...17).contains(age($0, $1)) },
    "just-15": { authOnly($0, $1) && age($0, $1) == 15 && age($0, $1.adding(days: -40)) == 14 },
    "in-window": { isInWindow($0.sign, $1) && isInWindow($0.auth, $1) && $0.sign?.end == $1.adding(days: 25) },
    "last-day": { $0.sign?.end == $1 && $0.auth?.end == $1 && $0.card.end > $1 && $0.card.status == .active },
    "expired-yesterday": {
      $0.sign?.end == $1.adding(days: -1) && $0.auth?.end == $1.adding(days: -1) && $0.card.status == .active
    },
    "expired-long": {
      guard let sign = $0.sign, let auth = $0.auth else { return false }
      return sign.end <= $1.adding(days: -366) && auth.end == sign.end && $0.card.end > $1
    },
    "sign-expired-only": { ($0.sign?.end ?? .last) < $1 && isGood($0.auth, $1) && $0.card.status == .active },
    "auth-expired-only": { ($0.auth?.end ?? .last) < $1 && isGood($0.sign, $1) },
    "revoked-after-move": { moved($0, $1) && $0.holder == $0.registered },
    "revoked-after-name": { moved($0, $1) && $0.holder == $0.registered && $0.sign?.holder.name != $0.holder.name },
    "moved-not-continued": { moved($0, $1) && $0.holder.address != $0.registered.address },
    "lapsed-90-days": { resident, _ in
      isRevoked(resident.sign, "affiliationChanged") && isRevoked(resident.auth, "cessationOfOperation")
        && resident.card.status == .lapsed
    },
    "stopped": { resident, _ in isHeld(resident.sign) && isHeld(resident.auth) && resident.card.status == .stopped },
    "released": {
      isRevoked($0.sign, "cessationOfOperation") && isGood($0.auth, $1) && $0.card.status == .active
    },
    "abolished": { resident, _ in
      isRevoked(resident.sign, "cessationOfOperation") && isRevoked(resident.auth, "cessationOfOperation")
        && resident.card.status == .abolished
    },
    "card-expired": ended,
    "card-window": {
      RenewalWindow(end: $0.card.end).contains($1) && $0.sign?.end == $0.card.end && $0.auth?.end == $0.card.end
    },
    "foreign-lapsed": ended,
    "foreign-special": {
      isGood($0.sign, $1) && isGood($0.auth, $1) && $0.sign?.end == $0.card.end && $0.card.status == .active
        && $0.registered.residence == .stay(until: $1.adding(days: -20))
    },
    "feb-29": { resident, today in
      fresh(resident, today) && resident.registered.birth.month == 2 && resident.registered.birth.dayOfMonth == 29
    },
    "no-certs": { resident, _ in resident.sign == nil && resident.auth == nil && resident.card.status == .active },
    "auth-only-adult": { authOnly($0, $1) && age($0, $1) >= 18 },
    "sign-only": { isGood($0.sign, $1) && $0.auth == nil },
    "undelivered": { resident, _ in resident.card.status == .undelivered && resident.pins.isEmpty },
    "face-auth": authOnly,
    "infant-no-photo": { authOnly($0, $1) && age($0, $1) == 0 && !$0.card.hasPhotograph },
    "pre-2022-19y": {
      guard isInWindow($0.sign, $1), let born = $0.registered.birth.day, let applied = $0.card.applied else {
        return false
      }
      return BirthdayRule(born: born).age(on: applied) == 19 && $0.card.end == $0.sign?.end
    },
    "adult-ward": { $0.sign == nil && isInWindow($0.auth, $1) && age($0, $1) >= 18 },
    "deceased": { resident, _ in
      isRevoked(resident.sign, "cessationOfOperation") && isRevoked(resident.auth, "cessationOfOperation")
        && resident.card.status == .lapsed
    },
    "renewed-pair": { resident, today in
      fresh(resident, today)
        && resident.certificates.filter { !$0.isOnCard }.allSatisfy {
          if case .superseded = $0.state { today <= $0.end } else { false }
        }
        && resident.certificates.count == 4
    },
    "dead-chip": { resident, _ in resident.faults == [.dead] },
    "next-gen": { resident, _ in resident.card.generation == "next" },
  ]

  @Test("keeps its predicament", arguments: GalleryTable.gallery.names)
  func predicament(name: String) throws {
    let predicament = Self.predicaments[name] ?? Self.fresh
    for day in Self.days {
      let resident = try GalleryTable.resident(name, on: day)
      #expect(predicament(resident, day), "\(name) on \(day), seed \(Self.seed)")
    }
  }
}
