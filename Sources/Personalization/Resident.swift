import Authority
import CardRules
import MyNumberCard

/// An invented resident and the card he or she holds, as a resident file tells it. The file's form: `Docs/Residents.md`.
public struct Resident: Sendable {
  /// The card's name: the file's name without its ending.
  public var name: String
  /// One line each.
  public var title: LocalizedText
  /// The number of the fixture that it is, `F01`.
  public var fixture: String?
  /// The person.
  public var holder: Holder
  /// The card.
  public var card: CardFacts
  /// 署名用電子証明書, where there is one.
  public var sign: CertificateFacts?
  /// 利用者証明用電子証明書, where there is one.
  public var auth: CertificateFacts?
  /// PINs as typed; one that is missing is not set.
  public var pins: [PINName: String]
  /// Tries left where they are not all there.
  public var tries: [PINName: Int]
  /// Choices other than the default ones, by name.
  public var choices: [String: String]

  /// The person.
  public struct Holder: Sendable {
    /// Family and given name, U+3000 between them.
    public var name: String
    /// Day of birth.
    public var birth: CalendarDay
    /// Sex, as the card has it.
    public var sex: CertifiedHolder.Sex
    /// Address without postal code.
    public var address: String
    /// Where the resident record is kept.
    public var municipality: Municipality
    /// Japanese, permanent resident, or a stay with an end.
    public var residence: Residence
    /// My number; made from the seed when absent.
    public var number: String?
  }

  /// The card.
  public struct CardFacts: Sendable {
    /// The day on which it was made.
    public var issued: CalendarDay
    /// The day on which it was applied for, where that decides something.
    public var applied: CalendarDay?
    /// Its last day: by the rules.
    public var end: CalendarDay
    /// The four digits under the photograph.
    public var securityCode: String
    /// The ``Personality``.
    public var personality: String
    /// The ``CardGeneration``.
    public var generation: String
    /// What carries it: the plastic card or a phone.
    public var carrier = TokenInformation.Carrier.card
    /// Whether a photograph is on it: small children have none.
    public var hasPhotograph = true
    /// What else the file says of the card as a thing.
    public var options = CardOptions()
  }

  /// A certificate.
  public struct CertificateFacts: Sendable {
    /// The day of issue.
    public var issued: CalendarDay
    /// Its last day: by the rules, or as the file says.
    public var end: CalendarDay
    /// How many of this kind the holder had before.
    public var issue: Int
  }
}
