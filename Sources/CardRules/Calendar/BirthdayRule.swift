/// On which day somebody born on 29 February has the birthday of a leap year (rule R14).
public enum LeapDayBirthday: String, CaseIterable, Sendable {
  /// 29 February in leap years, 28 February in common years: the natural reading.
  case natural
  /// 28 February in every year.
  case alwaysTwentyEighth
}

/// Counts a holder's birthdays (rules R1 and R14).
public struct BirthdayRule: Hashable, Sendable {
  /// The day of birth.
  public let born: CalendarDay
  /// The reading of 29 February.
  public let leapDay: LeapDayBirthday

  /// Counts the birthdays of somebody born on that day.
  public init(born: CalendarDay, leapDay: LeapDayBirthday = .natural) {
    self.born = born
    self.leapDay = leapDay
  }

  /// The birthday in that year (rule R14); years beyond the calendar stop at its last year.
  public func birthday(inYear year: Int) -> CalendarDay {
    let year = min(max(year, CalendarDay.first.year), CalendarDay.last.year)
    let isLeapDay = born.month == 2 && born.day == 29
    let day = isLeapDay && (leapDay == .alwaysTwentyEighth || !CalendarDay.isLeap(year)) ? 28 : born.day
    return CalendarDay(year: year, month: born.month, day: day) ?? born
  }

  /// The n-th birthday strictly after a day (rule R1); n is 1 or more.
  public func birthday(_ n: Int, after day: CalendarDay) -> CalendarDay {
    let first = birthday(inYear: day.year) > day ? day.year : day.year + 1
    return birthday(inYear: first + min(max(n, 1), 200) - 1)
  }

  /// The age reached on a day: it rises on the birthday itself; 0 before birth.
  public func age(on day: CalendarDay) -> Int {
    let years = day.year - born.year - (birthday(inYear: day.year) > day ? 1 : 0)
    return max(0, years)
  }

  /// The day on which that age is reached.
  public func day(ofAge age: Int) -> CalendarDay {
    birthday(inYear: born.year + min(max(age, 0), 10_000))
  }
}
