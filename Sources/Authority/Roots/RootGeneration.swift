import Cryptography

/// One of the generations of a root: same name, another key. The dates follow those of the published roots to the day.
public struct RootGeneration: Sendable, Equatable {
  /// 1 for the first.
  public let number: Int
  /// First second of validity.
  public let notBefore: Instant
  /// Last second: ten years later, 23:59:59 in Japan of the day before.
  public let notAfter: Instant

  /// The year of generation 1; one follows every four years.
  private static let firstYear = 2015
  /// Last generation that may be asked for; it begins in 2975.
  public static let last = 241

  /// A generation by its number, 1 for the one of 2015.
  public init(_ number: Int) throws(AuthorityError) {
    guard (1...Self.last).contains(number) else {
      throw AuthorityError(
        "root generation \(number) does not exist", fix: "ask for 1 (2015), 2 (2019), 3 (2023), 4 (2027) or later")
    }
    self.number = number
    let year = Self.firstYear + 4 * (number - 1)
    // The days in Japan are 20 October 2015, 15 September 2019 and 16 July 2023; later ones repeat the last.
    let (month, day) =
      switch number {
      case 1: (10, 20)
      case 2: (9, 15)
      default: (7, 16)
      }
    notBefore = Instant(year: year, month: month, day: day, hour: 1)
    notAfter = Instant(year: year + 10, month: month, day: day - 1, hour: 14, minute: 59, second: 59)
  }

  /// The newest generation that had begun: the one that issues at that instant.
  public static func issuing(at instant: Instant) throws(AuthorityError) -> RootGeneration {
    let year = instant.components.year
    var number = min(max(1, (year - firstYear) / 4 + 1), last)
    var generation = try RootGeneration(number)
    // In the year of a new root, the old one issues until the new one begins.
    while generation.notBefore > instant {
      number -= 1
      guard number >= 1 else {
        throw AuthorityError(
          "no root existed at \(instant)", fix: "issue at \(generation.notBefore) or later")
      }
      generation = try RootGeneration(number)
    }
    return generation
  }
}
