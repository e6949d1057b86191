import CardRules

/// What terminal and card's face show of one record at one moment.
public struct RecordFacts: Sendable, Hashable {
  /// Its name in the lesson.
  public var id: String
  /// The name in the resident record.
  public var name: String
  /// The day of birth; `nil` when it is not known.
  public var birth: CalendarDay?
  /// Whether it is a woman.
  public var isWoman: Bool
  /// The address in the resident record.
  public var address: String
  /// Where the resident record is kept: five digits.
  public var municipality: String
  /// The office of the registered address.
  public var office: BilingualText
  /// Nationality and residence.
  public var residence: Residence
  /// An adult ward.
  public var isAdultWard: Bool
  /// What stands on the card.
  public var face: Face
  /// The card's status on that day.
  public var status: CardStatus
  /// The card's last day.
  public var cardEnd: CalendarDay
  /// The present certificates.
  public var certificates: [Certificate]
  /// What the registry says of every certificate ever issued, oldest first: kind, serial number, standing.
  public var registry: [RegistryLine]

  /// The card's face.
  public struct Face: Sendable, Hashable {
    /// The name.
    public var name: String
    /// The address.
    public var address: String
    /// The last day.
    public var end: CalendarDay
    /// Whether there is a photograph.
    public var hasPhotograph: Bool
    /// Whether it is marked 顔認証.
    public var isForFaceAuthentication: Bool
    /// The lines of the note space.
    public var notes: [String]
    /// The lines that are free.
    public var freeLines: Int
    /// What the drawn portrait is made from.
    public var portrait: UInt64

    /// A face.
    public init(
      name: String, address: String, end: CalendarDay, hasPhotograph: Bool, isForFaceAuthentication: Bool,
      notes: [String], freeLines: Int, portrait: UInt64
    ) {
      self.name = name
      self.address = address
      self.end = end
      self.hasPhotograph = hasPhotograph
      self.isForFaceAuthentication = isForFaceAuthentication
      self.notes = notes
      self.freeLines = freeLines
      self.portrait = portrait
    }
  }

  /// A certificate that the card should carry.
  public struct Certificate: Sendable, Hashable {
    /// Which.
    public var kind: CertificateKind
    /// Its last day.
    public var end: CalendarDay
    /// The day of issue.
    public var issued: CalendarDay
    /// Its standing.
    public var standing: Standing
    /// The days on which it can be renewed.
    public var window: RenewalWindow
    /// Whether a broken write has left the key without it.
    public var isBroken: Bool

    /// A certificate.
    public init(
      kind: CertificateKind, end: CalendarDay, issued: CalendarDay, standing: Standing, window: RenewalWindow,
      isBroken: Bool
    ) {
      self.kind = kind
      self.end = end
      self.issued = issued
      self.standing = standing
      self.window = window
      self.isBroken = isBroken
    }

    /// Whether it can be used.
    public var isAlive: Bool { (standing == .good || standing == .hold) && !isBroken }
  }

  /// What can be said of a certificate.
  public enum Standing: String, Sendable, CaseIterable, Codable {
    /// Nothing against it.
    case good
    /// Its time is over.
    case expired
    /// Revoked.
    case revoked
    /// On hold.
    case hold
    /// Replaced.
    case superseded
  }

  /// A line of the registry.
  public struct RegistryLine: Sendable, Hashable {
    /// Which certificate.
    public var kind: CertificateKind
    /// The serial number.
    public var serial: String
    /// Its standing.
    public var standing: Standing

    /// A line.
    public init(kind: CertificateKind, serial: String, standing: Standing) {
      self.kind = kind
      self.serial = serial
      self.standing = standing
    }
  }

  /// A record.
  public init(
    id: String, name: String, birth: CalendarDay?, isWoman: Bool, address: String, municipality: String,
    office: BilingualText, residence: Residence, isAdultWard: Bool, face: Face, status: CardStatus, cardEnd: CalendarDay,
    certificates: [Certificate], registry: [RegistryLine]
  ) {
    self.id = id
    self.name = name
    self.birth = birth
    self.isWoman = isWoman
    self.address = address
    self.municipality = municipality
    self.office = office
    self.residence = residence
    self.isAdultWard = isAdultWard
    self.face = face
    self.status = status
    self.cardEnd = cardEnd
    self.certificates = certificates
    self.registry = registry
  }

  /// The certificate of a kind.
  public subscript(kind: CertificateKind) -> Certificate? { certificates.first { $0.kind == kind } }
}
