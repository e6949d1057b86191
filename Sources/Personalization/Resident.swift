import Authority
import CardRules
import MyNumberCard

/// An invented resident and the card he or she holds, as a resident file tells it. The file's form: `Docs/Residents.md`.
public struct Resident: Sendable {
  /// The card's name: the file's name without its ending.
  public var name: String
  /// One line each.
  public var title: LocalizedText
  /// The person as the card's face has him or her: text and picture applications.
  public var holder: Holder
  /// The person as the resident record has him or her today; differs from the face after a move that is not written yet.
  public var registered: Holder
  /// The card.
  public var card: CardFacts
  /// The day on which the holder died (rule 4.19).
  public var death: CalendarDay?
  /// Every certificate that was ever issued for this card, oldest first.
  public var certificates: [CertificateFacts] = []

  /// The number of the fixture that it is, `F01`.
  public var fixture: String?
  /// How it came to this, in two lines.
  public var story: LocalizedText?
  /// What a client sees of it.
  public var sees: Sees?
  /// PINs as typed; one that is missing is not set.
  public var pins: [PINName: String] = [:]
  /// Tries left where they are not all there.
  public var tries: [PINName: Int] = [:]
  /// Choices other than the default ones, by name.
  public var choices: [String: String] = [:]
  /// Faults that the card is born with.
  public var faults: [Fault] = []

  /// The certificate of a kind that lies on the card.
  public subscript(kind: CertificateKind) -> CertificateFacts? { certificates.last { $0.kind == kind && $0.isOnCard } }
  /// 署名用電子証明書, where there is one.
  public var sign: CertificateFacts? { self[.sign] }
  /// 利用者証明用電子証明書, where there is one.
  public var auth: CertificateFacts? { self[.auth] }

  /// The person.
  public struct Holder: Sendable, Hashable, Codable {
    /// Family and given name, U+3000 between them.
    public var name: String
    /// Day of birth.
    public var birth: BirthDate
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
    /// Another name that the record has (通称) beside the one above.
    public var alias: String?
    /// An adult ward (成年被後見人).
    public var isAdultWard = false
    /// Characters that the holder chose for those that certificates do not know (代替文字).
    public var substitutes: [String: String] = [:]
  }

  /// The card.
  public struct CardFacts: Sendable, Hashable, Codable {
    /// The day on which it was made.
    public var issued: CalendarDay
    /// The day on which it was applied for, where that decides something.
    public var applied: CalendarDay?
    /// The end of the card that it renews.
    public var renewing: CalendarDay?
    /// The age below which it lasts to the 5th birthday only, where it is that of another time.
    public var ageLine: Int?
    /// Its last day: by the rules.
    public var end: CalendarDay
    /// The day on which the special period was written; a new stay ends it (rule R12).
    public var specialPeriod: CalendarDay?
    /// Its status at the office.
    public var status: CardRules.CardStatus
    /// The day since which it has that status.
    public var statusSince: CalendarDay?
    /// The four digits under the photograph.
    public var securityCode: String
    /// The ``Personality``.
    public var personality: String
    /// The ``CardGeneration``.
    public var generation: String
    /// What carries it: the plastic card or a phone.
    public var carrier = TokenInformation.Carrier.card
    /// A card without PINs, for face recognition (顔認証マイナンバーカード).
    public var isForFaceAuthentication = false
    /// Whether a photograph is on it: small children have none.
    public var hasPhotograph = true
    /// The lines of the note space (追記欄).
    public var notes: [String] = []
    /// What else the file says of the card as a thing.
    public var options = CardOptions()
  }

  /// A certificate.
  public struct CertificateFacts: Sendable, Hashable, Codable {
    /// Sign or auth.
    public var kind: CertificateKind
    /// The day of issue.
    public var issued: CalendarDay
    /// The second of issue, seconds since 1970; made from the seed when absent.
    public var issuedAt: Int?
    /// Its last day: by the rules, or as the file says.
    public var end: CalendarDay
    /// How many of this kind the holder had before.
    public var issue: Int
    /// What the registry says.
    public var state = State.good
    /// The holder at the time of issue: what a sign certificate says.
    public var holder: Holder
    /// What is wrong with it, for tests of verifiers.
    public var defect: Defect?
    /// The serial number in hexadecimal digits; from the seed when absent.
    public var serial: String?
    /// Whether it lies on the card; the one that it replaced is overwritten.
    public var isOnCard = true

    /// What the registry says; the seconds are those since 1970.
    public enum State: Sendable, Hashable, Codable {
      /// Nothing against it.
      case good
      /// Revoked for a reason (its name in RFC 5280).
      case revoked(reason: String, since: Int)
      /// On hold.
      case hold(since: Int)
      /// Replaced by the next one of its kind.
      case superseded(since: Int)
    }

    /// What is wrong with a certificate.
    public enum Defect: String, Sendable, Codable, CaseIterable {
      /// Signed by the key of the other authority.
      case wrongRoot
      /// Issued by the root of 2015, whose time is over.
      case oldRoot
      /// One bit of the address is another.
      case tampered
    }

    /// Whether it can still be used: neither revoked nor replaced nor over.
    public func isAlive(on day: CalendarDay) -> Bool {
      switch state {
      case .good, .hold: day <= end
      case .revoked, .superseded: false
      }
    }
  }

  /// Faults that a card is born with, in the words of the image's manifest.
  public enum Fault: String, Sendable, CaseIterable {
    /// It does not answer to reset.
    case dead
    /// It leaves the field while it signs.
    case removedWhileSigning = "removed-while-signing"
    /// It answers late.
    case slow
  }

  /// What three clients see.
  public struct Sees: Sendable, Hashable {
    /// `pkcs11-tool`, `pkcs15-tool`.
    public var opensc: LocalizedText
    /// A web log-in that asks for the authentication certificate and checks the registry.
    public var login: LocalizedText
    /// A signature as e-Tax takes it, with a check of the registry.
    public var signing: LocalizedText
  }
}
