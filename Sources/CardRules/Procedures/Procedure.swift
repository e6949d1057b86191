/// How soon an applicant gets a procedure done.
public enum Speed: String, CaseIterable, Sendable {
  /// The same day, at the counter or at once.
  case sameDay
  /// The same day with the sealed inquiry letter that came with the expiry notice, while the certificates are alive.
  case sameDayWithNoticeLetter
  /// The same day for people of the same household.
  case sameDayForHousehold
  /// A second visit with the inquiry letter.
  case secondVisit
  /// Weeks: a card is made.
  case weeks
  /// Cities differ.
  case varies
  /// Not possible.
  case never
  /// No source was found.
  case unknown
}

/// One row of the table of procedures: who gets it done how soon, and which PINs are asked.
public struct Procedure: Hashable, Sendable {
  /// The PINs that are typed.
  public enum PINs: Hashable, Sendable {
    /// All PINs are set.
    case setsAll
    /// These present PINs are asked, as far as they exist.
    case asks([PINKind])
    /// The present PIN of the one concerned.
    case asksOld
  }

  /// The rule that tells the procedure.
  public let rule: Rule
  /// For the holder.
  public let holder: Speed
  /// For a proxy.
  public let proxy: Speed
  /// The PINs.
  public let pins: PINs

  /// For a proxy, as the municipality's profile says (difference C8).
  public func proxy(profile: MunicipalityProfile) -> Speed {
    proxy == .sameDayWithNoticeLetter && profile.proxyRenewal == .neverSameDay ? .secondVisit : proxy
  }

  /// The procedures in the order of the rules.
  public static let all: [Procedure] = [
    Procedure(rule: .handOver, holder: .sameDay, proxy: .never, pins: .setsAll),
    Procedure(rule: .laterIssue, holder: .sameDay, proxy: .secondVisit, pins: .asks([.residentRecord, .auth, .sign])),
    Procedure(
      rule: .renewal, holder: .sameDay, proxy: .sameDayWithNoticeLetter,
      pins: .asks([.residentRecord, .sign, .auth])),
    Procedure(
      rule: .afterExpiry, holder: .sameDay, proxy: .secondVisit, pins: .asks([.residentRecord, .sign, .auth])),
    Procedure(rule: .change, holder: .sameDay, proxy: .secondVisit, pins: .asksOld),
    Procedure(rule: .reset, holder: .sameDay, proxy: .secondVisit, pins: .asks([])),
    Procedure(rule: .storeSign, holder: .sameDay, proxy: .never, pins: .asks([.auth])),
    Procedure(rule: .storeAuth, holder: .sameDay, proxy: .never, pins: .asks([.sign])),
    Procedure(rule: .application, holder: .sameDay, proxy: .never, pins: .asksOld),
    Procedure(rule: .revocation, holder: .sameDay, proxy: .varies, pins: .asks([])),
    Procedure(rule: .move, holder: .sameDay, proxy: .sameDayForHousehold, pins: .asks([.residentRecord])),
    Procedure(rule: .nameChange, holder: .sameDay, proxy: .sameDayForHousehold, pins: .asks([.residentRecord])),
    Procedure(rule: .stop, holder: .sameDay, proxy: .unknown, pins: .asks([])),
    Procedure(rule: .release, holder: .sameDay, proxy: .varies, pins: .asks([])),
    Procedure(rule: .reissue, holder: .weeks, proxy: .varies, pins: .setsAll),
    Procedure(rule: .cardRenewal, holder: .weeks, proxy: .varies, pins: .setsAll),
    Procedure(
      rule: .stayExtension, holder: .sameDay, proxy: .sameDayForHousehold, pins: .asks([.residentRecord])),
    Procedure(rule: .leavingJapan, holder: .sameDay, proxy: .varies, pins: .asks([.residentRecord])),
    Procedure(rule: .faceAuthentication, holder: .sameDay, proxy: .varies, pins: .asks([])),
    Procedure(rule: .numberReset, holder: .sameDay, proxy: .unknown, pins: .asks([])),
  ]
}
