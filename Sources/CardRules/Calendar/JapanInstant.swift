/// An instant of time, told in Japan standard time (UTC+9, no summer time).
///
/// The module has no clock: whoever asks passes the instant in.
public struct JapanInstant: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// Seconds since 1970-01-01T00:00:00Z.
  public let unixSeconds: Int

  private static let offset = 9 * 3600
  private static let daySeconds = 86_400
  /// 0001-01-01T00:00:00Z to 9999-12-31T14:59:59Z: both have four-digit years in Japan and in UTC.
  private static let range = (CalendarDay.first.ordinal * 86_400)...(CalendarDay.last.ordinal * 86_400 + 53_999)

  /// The instant that many seconds after 1970-01-01T00:00:00Z, held within years 1 to 9999.
  public init(unixSeconds: Int) {
    self.unixSeconds = min(max(unixSeconds, Self.range.lowerBound), Self.range.upperBound)
  }

  /// 00:00:00 Japan time of that day.
  public init(startOf day: CalendarDay) {
    self.init(unixSeconds: day.ordinal * Self.daySeconds - Self.offset)
  }

  /// 23:59:59 Japan time of that day: the last second on which a certificate that ends on it is good (rule R8).
  public init(endOf day: CalendarDay) {
    self.init(unixSeconds: day.ordinal * Self.daySeconds - Self.offset + Self.daySeconds - 1)
  }

  /// Parses `YYYY-MM-DDThh:mm:ss` followed by `Z`, `+hh:mm` or `-hh:mm` (RFC 3339 without fractions).
  public init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count == 20 || bytes.count == 25, bytes[10] == UInt8(ascii: "T"),
      bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
      let day = CalendarDay(String(text.prefix(10))),
      let hour = Digits.value(bytes[11..<13]), hour < 24,
      let minute = Digits.value(bytes[14..<16]), minute < 60,
      let second = Digits.value(bytes[17..<19]), second < 60
    else { return nil }
    let offset: Int
    if bytes.count == 20 {
      guard bytes[19] == UInt8(ascii: "Z") else { return nil }
      offset = 0
    } else {
      guard bytes[19] == UInt8(ascii: "+") || bytes[19] == UInt8(ascii: "-"), bytes[22] == UInt8(ascii: ":"),
        let hours = Digits.value(bytes[20..<22]), hours < 24,
        let minutes = Digits.value(bytes[23..<25]), minutes < 60
      else { return nil }
      offset = (hours * 3600 + minutes * 60) * (bytes[19] == UInt8(ascii: "-") ? -1 : 1)
    }
    self.init(unixSeconds: day.ordinal * Self.daySeconds + hour * 3600 + minute * 60 + second - offset)
  }

  /// The day in Japan.
  public var day: CalendarDay { Self.split(unixSeconds + Self.offset).day }

  /// `YYYYMMDDhhmmssZ` in UTC, the form of GeneralizedTime in certificates.
  public var generalizedTime: String {
    let (day, second) = Self.split(unixSeconds)
    return day.compact + Digits.padded(second / 3600, to: 2) + Digits.padded(second / 60 % 60, to: 2)
      + Digits.padded(second % 60, to: 2) + "Z"
  }

  /// `YYYY-MM-DDThh:mm:ss+09:00`.
  public var description: String {
    let (day, second) = Self.split(unixSeconds + Self.offset)
    return day.description + "T" + Digits.padded(second / 3600, to: 2) + ":"
      + Digits.padded(second / 60 % 60, to: 2) + ":" + Digits.padded(second % 60, to: 2) + "+09:00"
  }

  /// Order in time.
  public static func < (left: JapanInstant, right: JapanInstant) -> Bool { left.unixSeconds < right.unixSeconds }

  private static func split(_ seconds: Int) -> (day: CalendarDay, second: Int) {
    let second = ((seconds % daySeconds) + daySeconds) % daySeconds
    let ordinal = (seconds - second) / daySeconds
    return (CalendarDay.first.adding(days: ordinal - CalendarDay.first.ordinal), second)
  }
}
