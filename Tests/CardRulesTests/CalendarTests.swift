import CardRules
import Testing

@Suite("Calendar")
struct CalendarTests {
  @Test("every day of 800 years follows the one before and parses back")
  func everyDay() {
    var expected = day("1600-01-01")
    for _ in 0..<292_194 {
      let next = expected.adding(days: 1)
      guard next.ordinal == expected.ordinal + 1, next > expected,
        CalendarDay(year: next.year, month: next.month, day: next.day) == next,
        CalendarDay(next.description) == next
      else {
        Issue.record("\(expected) is followed by \(next)")
        return
      }
      expected = next
    }
    #expect(expected.description == "2400-01-01")
  }

  @Test(
    "known ordinals",
    arguments: [("1970-01-01", 0), ("2000-03-01", 11_017), ("1969-12-31", -1), ("0001-01-01", -719_162)])
  func ordinals(text: String, ordinal: Int) { #expect(day(text).ordinal == ordinal) }

  @Test(
    "only YYYY-MM-DD of a day that exists",
    arguments: [
      "", "2026-2-03", "2026-02-30", "2026-13-01", "2026-00-10", "2026-01-00", "0000-01-01", "2100-02-29",
      "20260203", "2026/02/03", " 2026-02-03", "2026-02-03 ", "2026-02-031", "+026-02-03", "２０２６-０２-０３", "2026-02-0a",
    ])
  func refused(text: String) { #expect(CalendarDay(text) == nil) }

  @Test(
    "months are clamped",
    arguments: [
      ("2030-12-31", -3, "2030-09-30"), ("2031-05-31", -3, "2031-02-28"), ("2028-05-31", -3, "2028-02-29"),
      ("2026-01-15", -1, "2025-12-15"), ("2027-11-30", 2, "2028-01-30"), ("2026-12-31", 2, "2027-02-28"),
    ])
  func months(from: String, months: Int, to: String) { #expect(day(from).adding(months: months) == day(to)) }

  @Test("arithmetic stops at the calendar's ends")
  func ends() {
    #expect(CalendarDay.last.description == "9999-12-31")
    #expect(CalendarDay.first.description == "0001-01-01")
    #expect(CalendarDay.last.adding(days: 1) == .last)
    #expect(CalendarDay.last.adding(days: .max) == .last)
    #expect(CalendarDay.first.adding(days: .min) == .first)
    #expect(CalendarDay.last.adding(months: .max) == .last)
    #expect(CalendarDay.first.adding(months: .min) == .first)
    #expect(CalendarDay.first.adding(months: -1) == .first)
    #expect(CalendarDay(ordinal: .max) == nil)
    #expect(BirthdayRule(born: .last).birthday(.max, after: .last) == .last)
    #expect(JapanInstant(unixSeconds: .max).day == .last)
    #expect(JapanInstant(unixSeconds: .min).day == .first)
  }

  @Test(
    "instants",
    arguments: [
      ("2026-11-20T10:00:00+09:00", "20261120010000Z", "2026-11-20"),
      ("2026-11-20T15:00:00Z", "20261120150000Z", "2026-11-21"),
      ("2026-01-01T00:00:00-05:30", "20260101053000Z", "2026-01-01"),
      ("1969-12-31T23:59:59Z", "19691231235959Z", "1970-01-01"),
    ])
  func instants(text: String, utc: String, inJapan: String) throws {
    let instant = try #require(JapanInstant(text))
    #expect(instant.generalizedTime == utc)
    #expect(instant.day.description == inJapan)
    #expect(JapanInstant(instant.description) == instant)
  }

  @Test(
    "no instants",
    arguments: [
      "2026-11-20", "2026-11-20T24:00:00Z", "2026-11-20T10:60:00Z", "2026-11-20T10:00:60Z", "2026-11-31T10:00:00Z",
      "2026-11-20T10:00:00", "2026-11-20T10:00:00+0900", "2026-11-20 10:00:00Z", "2026-11-20T10:00:00+24:00", "",
    ])
  func noInstants(text: String) { #expect(JapanInstant(text) == nil) }

  @Test(
    "eras",
    arguments: [
      ("1980-02-17", "550217", "319800217"), ("1989-01-07", "640107", "319890107"),
      ("1989-01-08", "010108", "419890108"),
      ("2019-04-30", "310430", "420190430"), ("2019-05-01", "010501", "520190501"),
      ("1926-12-24", "151224", "219261224"),
      ("1926-12-25", "011225", "319261225"), ("1912-07-29", "450729", "119120729"),
      ("1912-07-30", "010730", "219120730"),
      ("2026-04-10", "080410", "520260410"),
    ])
  func eras(text: String, eraYear: String, eraDigit: String) {
    #expect(day(text).eraYearMonthDay == eraYear)
    #expect(day(text).eraDigitAndCompact == eraDigit)
  }

  @Test("before 明治 there is no era")
  func noEra() {
    #expect(JapaneseEra(of: day("1868-01-24")) == nil)
    #expect(day("1868-01-24").eraYearMonthDay == nil)
    #expect(day("1868-01-24").eraDigitAndCompact == "018680124")
  }

  @Test(
    "ages rise on the birthday",
    arguments: [
      ("2008-06-10", "2026-06-09", 17), ("2008-06-10", "2026-06-10", 18), ("2000-02-29", "2018-02-27", 17),
      ("2000-02-29", "2018-02-28", 18), ("2000-02-29", "2020-02-28", 19), ("2000-02-29", "2020-02-29", 20),
      ("2026-04-10", "2026-04-10", 0), ("2026-04-10", "2020-01-01", 0),
    ])
  func ages(born: String, on: String, age: Int) { #expect(BirthdayRule(born: day(born)).age(on: day(on)) == age) }
}
