import CardRules
import Foundation
import Testing

/// A small generator with a seed that can be printed and given back.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// The properties that hold for any birth and any issue. `VMYNA_SEED=N` repeats a run.
@Suite("Properties of validity")
struct ValidityPropertyTests {
  static let pairs = 100_000

  @Test("100 000 random births and issues")
  func properties() {
    let given = ProcessInfo.processInfo.environment["VMYNA_SEED"].flatMap { UInt64($0) }
    let seed = given ?? UInt64.random(in: 0...UInt64.max)
    print("seed of the validity properties: \(seed)")
    var random = SeededGenerator(seed: seed)
    var failures: [String] = []
    for _ in 0..<Self.pairs where failures.count < 5 {
      let born = day("1900-01-01").adding(days: Int.random(in: 0...54_000, using: &random))
      let issued = day("2016-01-01").adding(days: Int.random(in: 0...20_000, using: &random))
      guard born <= issued else { continue }
      failures += check(born: born, issued: issued).map { "born \(born), issued \(issued), seed \(seed): \($0)" }
    }
    #expect(failures.isEmpty, "\(failures.joined(separator: "\n"))")
  }

  private func check(born: CalendarDay, issued: CalendarDay) -> [String] {
    var broken: [String] = []
    func hold(_ condition: Bool, _ what: String) { if !condition { broken.append(what) } }
    let whole = Issuance.decide(IssuanceRequest(born: born, issued: issued))
    guard let auth = whole.auth.term else { return ["no auth"] }
    hold(auth.end <= whole.cardEnd, "auth end ≤ card end")
    if let sign = whole.sign.term { hold(sign.end <= auth.end, "sign end ≤ auth end") }
    hold(whole.sign.term != nil || BirthdayRule(born: born).age(on: issued) < 15, "sign from 15")

    // Before capping: an existing card that ends far away.
    let far = issued.adding(months: 12 * 40)
    func uncapped(_ day: CalendarDay, replacing end: CalendarDay?) -> CalendarDay? {
      let request = IssuanceRequest(
        born: born, issued: day, card: .existing(end: far), auth: .issue(replacing: end), sign: .none)
      return Issuance.decide(request).auth.term?.end
    }
    guard let end = uncapped(issued, replacing: nil) else { return broken + ["no term"] }
    let window = RenewalWindow(end: end)
    hold((89...92).contains(end.days(since: window.opens) + 1), "window of 89 to 92 days")
    // With a birthday on 29 February the years are of unequal length; those are in the boundary tests.
    guard !(born.month == 2 && born.day == 29) else { return broken }
    hold(end > issued.adding(months: 48), "a new issue is longer than 4 years")
    hold(end <= issued.adding(months: 60), "a new issue is at most 5 years")
    let fiveLater = BirthdayRule(born: born).birthday(inYear: end.year + 5)
    let sixLater = BirthdayRule(born: born).birthday(inYear: end.year + 6)
    hold(uncapped(window.opens, replacing: end) == fiveLater, "renewal on the first day ends 5 years later")
    hold(uncapped(end.adding(days: -1), replacing: end) == fiveLater, "renewal on the last day but one: 5 years")
    hold(uncapped(end, replacing: end) == sixLater, "renewal on the last day ends 6 years later")
    let lapsed = uncapped(end.adding(days: 1), replacing: end)
    hold(lapsed == fiveLater, "re-issue the day after ends as a renewal would have")
    let lastBeforeBirthday = BirthdayRule(born: born).birthday(1, after: end).adding(days: -1)
    hold(uncapped(lastBeforeBirthday, replacing: end) == fiveLater, "re-issue before the next birthday too")
    let early = uncapped(window.opens.adding(days: -1), replacing: end)
    hold(early == BirthdayRule(born: born).birthday(inYear: end.year + 4), "one day early loses a year")
    return broken
  }

  @Test("births on 29 February keep the order of ends in every year")
  func leapDays() {
    for year in stride(from: 1904, through: 2024, by: 4) where CalendarDay.isLeap(year) {
      guard let born = CalendarDay(year: year, month: 2, day: 29) else { continue }
      for leapDay in LeapDayBirthday.allCases {
        let rule = BirthdayRule(born: born, leapDay: leapDay)
        for offset in 0..<3000 {
          let issued = day("2025-01-01").adding(days: offset)
          let fifth = rule.birthday(5, after: issued)
          if fifth <= issued.adding(months: 47) || fifth > issued.adding(months: 60).adding(days: 1) {
            Issue.record("born \(born), issued \(issued): \(fifth)")
            return
          }
        }
      }
    }
  }
}
