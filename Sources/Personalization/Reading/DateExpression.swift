import CardRules

/// A date in a resident file: `1990-09-10`, or one that moves with the day of minting, `today -71d -36y`, so that a
/// predicament stays true on any day. Steps are taken from left to right; y, m and d are years, months and days.
enum DateExpression {
  /// What to write.
  static let advice = "write 1990-09-10, or from the day of minting: today -71d -36y"

  /// The day that the expression means.
  /// - Returns: `nil` when the text is no such expression or leads out of the calendar.
  static func day(_ text: String, today: CalendarDay) -> CalendarDay? {
    if let day = CalendarDay(text) { return day }
    let words = text.split(separator: " ")
    guard words.first == "today" else { return nil }
    var day = today
    for word in words.dropFirst() {
      guard let sign = word.first, sign == "+" || sign == "-", let unit = word.last,
        let count = Int(word.dropFirst().dropLast()), (0...40_000).contains(count)
      else { return nil }
      let steps = sign == "-" ? -count : count
      switch unit {
      case "d": day = day.adding(days: steps)
      case "m": day = day.adding(months: steps)
      case "y": day = day.adding(months: steps * 12)
      default: return nil
      }
    }
    return day
  }

  /// The birth of somebody who has a birthday on `birthday` and reaches the age `turns` then. There is no birthday on
  /// 29 February but for those born on one (rule R14), so on that day the birth is in the next earlier leap year.
  static func birth(birthday: CalendarDay, turns: Int) -> CalendarDay? {
    for year in stride(from: birthday.year - turns, through: max(1, birthday.year - turns - 8), by: -1) {
      if let day = CalendarDay(year: year, month: birthday.month, day: birthday.day) { return day }
    }
    return nil
  }
}
