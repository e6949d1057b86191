/// One day of the proleptic Gregorian calendar, from 0001-01-01 to 9999-12-31.
///
/// Arithmetic never traps and never leaves that range: it stops at the first or the last day.
public struct CalendarDay: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// Days since 1970-01-01, which is 0.
  public let ordinal: Int
  /// Year, 1 to 9999.
  public let year: Int
  /// Month, 1 to 12.
  public let month: Int
  /// Day of the month, 1 to 31.
  public let day: Int

  /// 0001-01-01.
  public static let first = CalendarDay(clampingOrdinal: -719_162)
  /// 9999-12-31.
  public static let last = CalendarDay(clampingOrdinal: 2_932_896)

  private static let ordinals = -719_162...2_932_896

  /// The day of that date, or `nil` when the calendar has no such day.
  public init?(year: Int, month: Int, day: Int) {
    guard (1...9999).contains(year), (1...12).contains(month),
      day >= 1, day <= Self.daysIn(month: month, year: year)
    else { return nil }
    self.init(uncheckedYear: year, month: month, day: day)
  }

  /// The day that many days after 1970-01-01, or `nil` outside the calendar's range.
  public init?(ordinal: Int) {
    guard Self.ordinals.contains(ordinal) else { return nil }
    self.init(clampingOrdinal: ordinal)
  }

  /// Parses exactly `YYYY-MM-DD`: ten ASCII characters, a day that exists.
  public init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count == 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
      let year = Digits.value(bytes[0..<4]), let month = Digits.value(bytes[5..<7]),
      let day = Digits.value(bytes[8..<10])
    else { return nil }
    self.init(year: year, month: month, day: day)
  }

  private init(uncheckedYear year: Int, month: Int, day: Int) {
    self.year = year
    self.month = month
    self.day = day
    // Years counted from March, so that the leap day comes last (the usual days-from-civil form).
    let shifted = month <= 2 ? year - 1 : year
    let era = (shifted >= 0 ? shifted : shifted - 399) / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    ordinal = era * 146_097 + dayOfEra - 719_468
  }

  private init(clampingOrdinal wanted: Int) {
    let ordinal = min(max(wanted, Self.ordinals.lowerBound), Self.ordinals.upperBound)
    let shifted = ordinal + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let marchMonth = (5 * dayOfYear + 2) / 153
    let month = marchMonth + (marchMonth < 10 ? 3 : -9)
    self.ordinal = ordinal
    self.month = month
    day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  }

  /// Whether that year has a 29 February.
  public static func isLeap(_ year: Int) -> Bool {
    (year.isMultiple(of: 4) && !year.isMultiple(of: 100)) || year.isMultiple(of: 400)
  }

  /// Number of days of that month; 0 for a month that does not exist.
  public static func daysIn(month: Int, year: Int) -> Int {
    switch month {
    case 2: isLeap(year) ? 29 : 28
    case 4, 6, 9, 11: 30
    case 1...12: 31
    default: 0
    }
  }

  /// The day that many days later (earlier when negative).
  public func adding(days: Int) -> CalendarDay {
    let (sum, overflow) = ordinal.addingReportingOverflow(days)
    if overflow { return days > 0 ? .last : .first }
    return CalendarDay(clampingOrdinal: sum)
  }

  /// The same day that many months later (earlier when negative), clamped to the month's length:
  /// 31 December minus three months is 30 September.
  public func adding(months: Int) -> CalendarDay {
    let (sum, overflow) = (year * 12 + month - 1).addingReportingOverflow(months)
    if overflow || sum >= 10_000 * 12 { return months > 0 ? .last : .first }
    if sum < 12 { return .first }
    let year = sum / 12
    let month = sum % 12 + 1
    return CalendarDay(
      uncheckedYear: year, month: month, day: min(day, Self.daysIn(month: month, year: year)))
  }

  /// The last day of this day's month.
  public var endOfMonth: CalendarDay {
    CalendarDay(uncheckedYear: year, month: month, day: Self.daysIn(month: month, year: year))
  }

  /// Number of days from `other` to this day.
  public func days(since other: CalendarDay) -> Int { ordinal - other.ordinal }

  /// `YYYY-MM-DD`.
  public var description: String {
    Digits.padded(year, to: 4) + "-" + Digits.padded(month, to: 2) + "-" + Digits.padded(day, to: 2)
  }

  /// `YYYYMMDD`, as certificates and card files write a day.
  public var compact: String {
    Digits.padded(year, to: 4) + Digits.padded(month, to: 2) + Digits.padded(day, to: 2)
  }

  /// Order in time.
  public static func < (left: CalendarDay, right: CalendarDay) -> Bool { left.ordinal < right.ordinal }
}

/// Decimal digits without Foundation.
enum Digits {
  /// The value of at most nine ASCII digits; `nil` for anything else.
  static func value(_ bytes: some Collection<UInt8>) -> Int? {
    guard !bytes.isEmpty, bytes.count <= 9 else { return nil }
    var value = 0
    for byte in bytes {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
      value = value * 10 + Int(byte - UInt8(ascii: "0"))
    }
    return value
  }

  static func padded(_ value: Int, to width: Int) -> String {
    let text = String(value)
    return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
  }

  static func areDigits(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
  }
}
