/// The eras that cards and certificates number. A day belongs to the era that began last on or before it.
public enum JapaneseEra: Int, CaseIterable, Sendable {
  /// 明治, from 1868-01-25.
  case meiji = 1
  /// 大正, from 1912-07-30.
  case taisho = 2
  /// 昭和, from 1926-12-25.
  case showa = 3
  /// 平成, from 1989-01-08.
  case heisei = 4
  /// 令和, from 2019-05-01.
  case reiwa = 5

  /// The era of that day; `nil` before 明治.
  public init?(of day: CalendarDay) {
    guard let era = Self.allCases.last(where: { $0.start <= day }) else { return nil }
    self = era
  }

  /// The digit that stands for the era in a certificate's birth date.
  public var digit: Int { rawValue }

  /// The era's first day.
  public var start: CalendarDay {
    switch self {
    case .meiji: CalendarDay(year: 1868, month: 1, day: 25) ?? .first
    case .taisho: CalendarDay(year: 1912, month: 7, day: 30) ?? .first
    case .showa: CalendarDay(year: 1926, month: 12, day: 25) ?? .first
    case .heisei: CalendarDay(year: 1989, month: 1, day: 8) ?? .first
    case .reiwa: CalendarDay(year: 2019, month: 5, day: 1) ?? .first
    }
  }

  /// The era's name.
  public var name: BilingualText {
    switch self {
    case .meiji: BilingualText(ja: "明治", en: "Meiji")
    case .taisho: BilingualText(ja: "大正", en: "Taisho")
    case .showa: BilingualText(ja: "昭和", en: "Showa")
    case .heisei: BilingualText(ja: "平成", en: "Heisei")
    case .reiwa: BilingualText(ja: "令和", en: "Reiwa")
    }
  }
}

extension CalendarDay {
  /// Era and year of the era, the first year being 1; `nil` before 明治.
  public var eraYear: (era: JapaneseEra, year: Int)? {
    guard let era = JapaneseEra(of: self) else { return nil }
    return (era, year - era.start.year + 1)
  }

  /// `YYMMDD` with the year of the era: the form on the card's face, in 照合番号B and in the birth date PIN.
  public var eraYearMonthDay: String? {
    guard let (_, year) = eraYear, year < 100 else { return nil }
    return Digits.padded(year, to: 2) + Digits.padded(month, to: 2) + Digits.padded(day, to: 2)
  }

  /// Era digit and Gregorian date, `EYYYYMMDD`: the form of the certificate's birth date. 0 before 明治.
  public var eraDigitAndCompact: String {
    String(JapaneseEra(of: self)?.digit ?? 0) + compact
  }
}
