/// The days on which something that ends on `closes` can be renewed (rule R6): both ends belong to it.
public struct RenewalWindow: Hashable, Sendable {
  /// The first day.
  public let opens: CalendarDay
  /// The last day, on which the old certificate or card ends.
  public let closes: CalendarDay

  /// The window of rule R6: from the day after (end − 3 calendar months) to the end.
  public init(end: CalendarDay) {
    opens = end.adding(months: -3).adding(days: 1)
    closes = end
  }

  /// The window of a certificate, in which a municipality may read the first day of auth literally (rule R6b).
  public init(end: CalendarDay, of kind: CertificateKind, profile: MunicipalityProfile = .national) {
    let literal = kind == .auth && profile.authWindow == .threeMonthsBefore
    opens = end.adding(months: -3).adding(days: literal ? 0 : 1)
    closes = end
  }

  /// Whether the day belongs to the window.
  public func contains(_ day: CalendarDay) -> Bool { opens <= day && day <= closes }
}

/// How long one certificate is good, and what follows from it.
public struct CertificateTerm: Hashable, Sendable {
  /// The last day, in Japan.
  public let end: CalendarDay
  /// The days on which it can be renewed.
  public let window: RenewalWindow

  /// The term that ends on that day.
  public init(end: CalendarDay, of kind: CertificateKind, profile: MunicipalityProfile = .national) {
    self.end = end
    window = RenewalWindow(end: end, of: kind, profile: profile)
  }

  /// The last second (rule R8).
  public var notAfter: JapanInstant { JapanInstant(endOf: end) }

  /// Whether the certificate's time is over at that instant.
  public func isExpired(at instant: JapanInstant) -> Bool { instant > notAfter }

  /// The last day on which an expired auth still serves as health insurance card (rule R18): the end of the third month
  /// after the month of expiry.
  public var healthInsuranceUntil: CalendarDay {
    // From the first of the month, so that the clamping of short months cannot interfere.
    end.adding(days: 1 - end.day).adding(months: 3).endOfMonth
  }
}

/// Ends of cards that only few holders meet.
public enum CardEnd {
  /// The end of the special period (rule R12): once, two months beyond the old end.
  public static func specialPeriod(after end: CalendarDay) -> CalendarDay { end.adding(months: 2) }
}
