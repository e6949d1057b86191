/// What a municipality does where cities or sources differ. Data only; the engine never asks for a city's name.
public struct MunicipalityProfile: Hashable, Sendable {
  /// Whether sign is issued to people under 15 and to adult wards (differences C5).
  public enum RestrictedSign: String, CaseIterable, Sendable {
    /// Not issued.
    case refuse
    /// Issued when holder and legal representative both come.
    case withLegalRepresentative
  }
  /// What a released stop leaves of the certificates (C3).
  public enum Release: String, CaseIterable, Sendable {
    /// auth is good again, sign is issued anew.
    case authResumes
    /// Both are issued anew.
    case bothAnew
  }
  /// The day whose age decides between 10 and 5 birthdays of the card (C13).
  public enum CardAgeDay: String, CaseIterable, Sendable {
    /// The day the application is received.
    case application
    /// The day of issue.
    case issue
  }
  /// The end of a sign certificate newly issued beside a renewal of auth (worked example V33).
  public enum SignBesideAuthRenewal: String, CaseIterable, Sendable {
    /// The pair counts as one renewal: 6th birthday for both.
    case asRenewal
    /// No live sign certificate was renewed: 5th birthday.
    case literal
  }
  /// The n of the birthday at which a renewed auth ends (C2).
  public enum AuthRenewal: String, CaseIterable, Sendable {
    /// 6th, as for sign.
    case sixth
    /// 5th: the seed city's text read literally.
    case fifth
  }
  /// The first day on which auth can be renewed (C2b, rule R6b).
  public enum AuthWindow: String, CaseIterable, Sendable {
    /// The day after (end − 3 months), as for sign.
    case dayAfter
    /// The day (end − 3 months) itself: the seed city's text read literally.
    case threeMonthsBefore
  }
  /// When a revocation is told to services (C6).
  public enum Publication: String, CaseIterable, Sendable {
    /// At once.
    case atOnce
    /// From the next day.
    case nextDay
  }
  /// The documents a holder shows for a PIN reset (C4). A has a photograph, B has not.
  public enum ResetDocuments: String, CaseIterable, Sendable {
    /// The card and one other document.
    case cardAndOneOther
    /// The card alone.
    case cardOnly
    /// The card, and one A or two B.
    case cardAndOneAOrTwoB
    /// The card, and one A or one B.
    case cardAndOneAOrOneB
  }
  /// Whether a proxy's renewal can be finished the same day (C8).
  public enum ProxyRenewal: String, CaseIterable, Sendable {
    /// With the sealed inquiry letter of the expiry notice, while the certificates are alive.
    case sameDayWithNoticeLetter
    /// Never the same day.
    case neverSameDay
  }
  /// What is done with the card of a deceased holder (C9).
  public enum DeceasedCard: String, CaseIterable, Sendable {
    /// Nothing.
    case nothingNeeded
    /// It is given back.
    case giveBack
  }
  /// When a legal representative of a child under 15 proves the power (C11).
  public enum LegalRepresentativeProof: String, CaseIterable, Sendable {
    /// With the family register, unless same household or kept by this office.
    case familyRegisterUnlessKnown
    /// No proof is asked.
    case notNeeded
  }
  /// What becomes of 照合番号B when the last year of the card is rewritten.
  public enum NumberBOnExtension: String, CaseIterable, Sendable {
    /// It is composed anew with the new year.
    case recompute
    /// It stays.
    case keep
  }
  /// Who pays for the new card when the old one simply ran out.
  public enum LapsedCardFee: String, CaseIterable, Sendable {
    /// Free for all but foreign residents who missed the date.
    case freeExceptMissedStay
    /// Paid.
    case paid
  }
  /// What is done with a weak new PIN (a birthday, 1234, one repeated digit).
  public enum WeakPIN: String, CaseIterable, Sendable {
    /// It is accepted with a warning.
    case warn
    /// It is refused.
    case refuse
  }

  /// The profile's name, for instance `national`.
  public var name: String
  /// The birthday of those born on 29 February (R14).
  public var leapDayBirthday = LeapDayBirthday.natural
  /// The n of a renewed auth (C2).
  public var authRenewal = AuthRenewal.sixth
  /// The first renewal day of auth (C2b).
  public var authWindow = AuthWindow.dayAfter
  /// sign issued anew beside a renewal of auth (V33).
  public var signBesideAuthRenewal = SignBesideAuthRenewal.asRenewal
  /// The day that decides the card's term (C13).
  public var cardAgeDay = CardAgeDay.application
  /// sign for under-15s and wards (C5).
  public var restrictedSign = RestrictedSign.refuse
  /// What a release leaves (C3).
  public var release = Release.authResumes
  /// When a revocation is told (C6).
  public var publication = Publication.atOnce
  /// Documents for a PIN reset (C4).
  public var resetDocuments = ResetDocuments.cardAndOneOther
  /// Proxy renewal (C8).
  public var proxyRenewal = ProxyRenewal.sameDayWithNoticeLetter
  /// Card of the deceased (C9).
  public var deceasedCard = DeceasedCard.nothingNeeded
  /// Proof of the legal representative (C11).
  public var legalRepresentativeProof = LegalRepresentativeProof.familyRegisterUnlessKnown
  /// 照合番号B at an extension.
  public var numberBOnExtension = NumberBOnExtension.recompute
  /// Fee for the successor of a lapsed card.
  public var lapsedCardFee = LapsedCardFee.freeExceptMissedStay
  /// Weak new PINs.
  public var weakPIN = WeakPIN.warn
  /// Tries of 照合番号 A and B.
  public var numberTries = 10
  /// The year in which the next card is expected (C12).
  public var nextCardYear = 2028
  /// Shops that reset PINs (C1).
  public var stores = StoreTable.national

  /// The national defaults, under a name.
  public init(name: String) { self.name = name }

  /// What holds where a city says nothing.
  public static let national = MunicipalityProfile(name: "national")

  /// Exactly what the seed city's page says; `Docs/Rules.md` tells which settings it decides.
  ///
  /// The page decides C1 (no PIN-A at convenience stores), C2 (no 6th birthday for auth), C2b (auth renewable from the
  /// day 3 months before), C4 (card and one other document) and C5 (sign not issued). It is silent on the others.
  public static let nagoya: MunicipalityProfile = {
    var profile = MunicipalityProfile(name: "nagoya")
    profile.authRenewal = .fifth
    profile.authWindow = .threeMonthsBefore
    profile.signBesideAuthRenewal = .literal
    profile.resetDocuments = .cardAndOneOther
    profile.restrictedSign = .refuse
    profile.stores = .nagoya
    return profile
  }()

  /// The built-in profiles.
  public static let builtIn = [national, nagoya]
}
