import Authority
import CardRules

/// A date of birth. Old records know only the year or the month of some people, or nothing: such parts are 0.
public struct BirthDate: Sendable, Hashable, CustomStringConvertible {
  /// The year; 0 when it is not known.
  public let year: Int
  /// The month; 0 when it is not known.
  public let month: Int
  /// The day; 0 when it is not known.
  public let dayOfMonth: Int

  /// A date of which everything is known.
  public init(_ day: CalendarDay) {
    self.init(year: day.year, month: day.month, dayOfMonth: day.day)
  }

  /// `1950-09-10`, or with zeros for what is not known: `1950-00-00`, `0000-00-00`.
  public init?(_ text: String) {
    if let day = CalendarDay(text) {
      self.init(day)
      return
    }
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.map(\.utf8.count) == [4, 2, 2], text.utf8.allSatisfy({ $0 == 0x2D || (0x30...0x39).contains($0) }),
      let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2])
    else { return nil }
    // What is known must be possible, and nothing is known below what is not.
    guard day == 0, year > 0 || month == 0, (0...12).contains(month) else { return nil }
    self.init(year: year, month: month, dayOfMonth: day)
  }

  private init(year: Int, month: Int, dayOfMonth: Int) {
    self.year = year
    self.month = month
    self.dayOfMonth = dayOfMonth
  }

  /// The day; `nil` when a part is not known.
  public var day: CalendarDay? { CalendarDay(year: year, month: month, day: dayOfMonth) }

  /// The last day that it can be, which decides the era; `nil` when not even the year is known.
  private var latest: CalendarDay? {
    day ?? CalendarDay(year: year, month: month == 0 ? 12 : month, day: 1)?.endOfMonth
  }

  /// `YYYYMMDD`, zeros for what is not known.
  public var compact: String { String(description.filter { $0 != "-" }) }

  /// `YYYY-MM-DD`, zeros for what is not known.
  public var description: String {
    func padded(_ value: Int, _ width: Int) -> String {
      let digits = String(value)
      return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
    return [padded(year, 4), padded(month, 2), padded(dayOfMonth, 2)].joined(separator: "-")
  }

  /// The nine digits of a certificate: era and date.
  public var eraDigitAndCompact: String {
    CertifiedHolder.birthDigits(year: year, month: month, day: dayOfMonth)
  }

  /// `YYMMDD` with the year of the era, zeros for what is not known; `nil` before 明治.
  public var eraYearMonthDay: String? {
    guard let latest else { return "000000" }
    return latest.eraYearMonthDay.map { String($0.prefix(2)) + compact.suffix(4) }
  }
}
