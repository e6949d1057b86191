/// A second, as certificates, lists and the registry count time: since 1970-01-01T00:00:00Z. The clock is always passed in.
public struct Instant: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// Seconds since 1970-01-01T00:00:00Z.
  public let unixSeconds: Int

  /// Japan is nine hours ahead all year.
  static let japanOffset = 9 * 3600
  private static let daySeconds = 86_400

  /// An instant by its count.
  public init(unixSeconds: Int) { self.unixSeconds = unixSeconds }

  /// A civil date and time of day in UTC. Days and months beyond their end roll over, as arithmetic does.
  public init(year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0) {
    // Days from civil, after Howard Hinnant: years begin in March so that the leap day is the last of its year.
    let y = month <= 2 ? year - 1 : year
    let era = (y >= 0 ? y : y - 399) / 400
    let yearOfEra = y - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    let days = era * 146_097 + dayOfEra - 719_468
    unixSeconds = days * Self.daySeconds + hour * 3600 + minute * 60 + second
  }

  /// `YYYYMMDDhhmmssZ`, the form of a certificate's notAfter, or `YYYY-MM-DDThh:mm:ssZ`, the form of the registry.
  public init?(_ text: String) {
    let bytes = Array(text.utf8)
    let digits: [UInt8]
    switch bytes.count {
    case 15 where bytes[14] == UInt8(ascii: "Z"): digits = Array(bytes.prefix(14))
    case 20 where [4, 7, 10, 13, 16, 19].map({ bytes[$0] }) == Array("--T::Z".utf8):
      digits = bytes.enumerated().filter { ![4, 7, 10, 13, 16, 19].contains($0.offset) }.map(\.element)
    default: return nil
    }
    guard digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    func number(_ range: Range<Int>) -> Int { digits[range].reduce(0) { $0 * 10 + Int($1 & 15) } }
    self.init(
      year: number(0..<4), month: number(4..<6), day: number(6..<8), hour: number(8..<10), minute: number(10..<12),
      second: number(12..<14))
    // A date that does not exist rolls over and so comes back different.
    guard compact == String(decoding: digits, as: UTF8.self) + "Z" else { return nil }
  }

  /// The civil date and time of day in UTC.
  public var components: (year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int) {
    let (days, seconds) = (
      Self.floor(unixSeconds, by: Self.daySeconds),
      unixSeconds - Self.floor(unixSeconds, by: Self.daySeconds) * Self.daySeconds
    )
    let z = days + 719_468
    let era = Self.floor(z, by: 146_097)
    let dayOfEra = z - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let marchMonth = (5 * dayOfYear + 2) / 153
    let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
    return (
      yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * marchMonth + 2) / 5 + 1, seconds / 3600,
      seconds / 60 % 60, seconds % 60
    )
  }

  /// `YYYYMMDDhhmmssZ`
  public var compact: String {
    let c = components
    return Self.padded(c.year, 4) + [c.month, c.day, c.hour, c.minute, c.second].map { Self.padded($0, 2) }.joined()
      + "Z"
  }

  /// `YYYYMMDDhhmmss` on a clock in Japan.
  public var compactJapanTime: String {
    String(Instant(unixSeconds: unixSeconds + Self.japanOffset).compact.dropLast())
  }

  /// `YYYY-MM-DDThh:mm:ssZ`
  public var description: String {
    let c = components
    let date = [Self.padded(c.year, 4), Self.padded(c.month, 2), Self.padded(c.day, 2)].joined(separator: "-")
    return date + "T" + [c.hour, c.minute, c.second].map { Self.padded($0, 2) }.joined(separator: ":") + "Z"
  }

  /// The first second of the day in Japan that follows this instant's day there.
  public var startOfNextDayInJapan: Instant {
    let day = Self.floor(unixSeconds + Self.japanOffset, by: Self.daySeconds)
    return Instant(unixSeconds: (day + 1) * Self.daySeconds - Self.japanOffset)
  }

  /// This instant moved by seconds.
  public func advanced(by seconds: Int) -> Instant { Instant(unixSeconds: unixSeconds + seconds) }

  /// Earlier is less.
  public static func < (a: Instant, b: Instant) -> Bool { a.unixSeconds < b.unixSeconds }

  private static func floor(_ value: Int, by divisor: Int) -> Int {
    (value >= 0 ? value : value - divisor + 1) / divisor
  }

  private static func padded(_ value: Int, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
