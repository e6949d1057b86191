import Cryptography

/// What the authority knows of the certificates it issued: the book beside the cards.
public struct Registry: Sendable, Equatable {
  /// One certificate.
  public struct Entry: Sendable, Equatable {
    /// O= of the issuer.
    public var authority: AuthorityName
    /// Which of the two authorities.
    public var hierarchy: Hierarchy
    /// The serial number in upper-case hex.
    public var serial: String
    /// Generation of the root that issued it.
    public var generation: Int
    /// Where it was issued: chooses the revocation list.
    public var municipality: Municipality
    /// First second of validity.
    public var notBefore: Instant
    /// Last second of validity.
    public var notAfter: Instant
    /// What is said of it.
    public var state: CertificateState

    /// An entry for a certificate that was just issued.
    public init(
      _ issued: HolderCertificate, hierarchy: Hierarchy, municipality: Municipality,
      authority: AuthorityName = .virtual,
      state: CertificateState = .good
    ) {
      self.init(
        authority: authority, hierarchy: hierarchy, serial: issued.certificate.serialHex, generation: issued.generation,
        municipality: municipality, notBefore: Instant(unixSeconds: Int(issued.certificate.notBefore)),
        notAfter: Instant(unixSeconds: Int(issued.certificate.notAfter)), state: state)
    }

    /// An entry by its parts.
    public init(
      authority: AuthorityName, hierarchy: Hierarchy, serial: String, generation: Int, municipality: Municipality,
      notBefore: Instant, notAfter: Instant, state: CertificateState
    ) {
      self.authority = authority
      self.hierarchy = hierarchy
      self.serial = serial
      self.generation = generation
      self.municipality = municipality
      self.notBefore = notBefore
      self.notAfter = notAfter
      self.state = state
    }

    /// The state at an instant, the calendar counted in. What was revoked says so after its end too.
    public func standing(at now: Instant) -> CertificateStanding {
      switch state {
      case .revoked where since(now): .revoked
      case .hold where since(now): .hold
      case .superseded where since(now): .superseded
      default: now < notBefore ? .notYetValid : now > notAfter ? .expired : .good
      }
    }

    private func since(_ now: Instant) -> Bool { state.since.map { $0 <= now } ?? false }
  }

  /// When a revocation reaches the lists. OCSP always knows at once.
  public enum ListDelay: String, Sendable, CaseIterable {
    /// The next list made has it.
    case none
    /// From six in the morning in Japan of the next day.
    case nextMorning
    /// Lists are made once a day, at midnight in Japan, and a question gets the last one made.
    case nextList
  }

  /// When a revocation reaches the lists.
  public var listDelay: ListDelay
  /// The certificates, by hierarchy and serial number.
  public private(set) var entries: [Entry]

  /// An empty book.
  public init(listDelay: ListDelay = .none) {
    self.listDelay = listDelay
    entries = []
  }

  /// Takes entries that are known to be different ones.
  mutating func fill(_ entries: [Entry]) { self.entries = entries.sorted { Self.order($0) < Self.order($1) } }

  /// Writes an entry, in place of the one with the same issuer and serial number when there is one, whatever that says.
  public mutating func put(_ entry: Entry) {
    if let index = index(entry.authority, entry.hierarchy, entry.serial) {
      entries[index] = entry
    } else {
      let place = entries.firstIndex { Self.order($0) > Self.order(entry) } ?? entries.endIndex
      entries.insert(entry, at: place)
    }
  }

  /// The entry of a certificate.
  public func entry(_ authority: AuthorityName = .virtual, _ hierarchy: Hierarchy, serial: String) -> Entry? {
    index(authority, hierarchy, serial).map { entries[$0] }
  }

  /// All entries with that serial number: one, unless both authorities happen to have used it.
  public func entries(serial: String) -> [Entry] { entries.filter { $0.serial == serial } }

  /// Revokes. What was revoked or replaced stays as it is; a hold becomes a revocation.
  public mutating func revoke(
    _ authority: AuthorityName = .virtual, _ hierarchy: Hierarchy, serial: String, reason: RevocationReason,
    at now: Instant
  ) throws(AuthorityError) {
    try change(authority, hierarchy, serial) { _ in
      switch reason {
      case .certificateHold: .hold(at: now)
      case .superseded: .superseded(by: nil, at: now)
      default: .revoked(reason, at: now)
      }
    }
  }

  /// Marks as replaced by another certificate.
  public mutating func supersede(
    _ authority: AuthorityName = .virtual, _ hierarchy: Hierarchy, serial: String, by successor: String, at now: Instant
  ) throws(AuthorityError) {
    try change(authority, hierarchy, serial) { _ in .superseded(by: successor, at: now) }
  }

  /// Lifts a hold.
  public mutating func release(
    _ authority: AuthorityName = .virtual, _ hierarchy: Hierarchy, serial: String
  ) throws(AuthorityError) {
    try change(authority, hierarchy, serial) { entry throws(AuthorityError) in
      guard case .hold = entry.state else {
        throw AuthorityError("certificate \(serial) is not on hold", fix: "there is nothing to release")
      }
      return .good
    }
  }

  private mutating func change(
    _ authority: AuthorityName, _ hierarchy: Hierarchy, _ serial: String,
    _ state: (Entry) throws(AuthorityError) -> CertificateState
  ) throws(AuthorityError) {
    guard let index = index(authority, hierarchy, serial) else {
      throw AuthorityError(
        "the registry has no \(hierarchy.rawValue) certificate \(serial) of \(authority.rawValue)",
        fix: "see the serial numbers with `vmyna show CARD`")
    }
    switch entries[index].state {
    case .revoked(_, let at), .superseded(_, let at):
      throw AuthorityError(
        "certificate \(serial) was revoked at \(at) already", fix: "a revocation is for good; issue another certificate"
      )
    case .good, .hold: entries[index].state = try state(entries[index])
    }
  }

  private func index(_ authority: AuthorityName, _ hierarchy: Hierarchy, _ serial: String) -> Int? {
    entries.firstIndex { $0.authority == authority && $0.hierarchy == hierarchy && $0.serial == serial }
  }

  private static func order(_ entry: Entry) -> (String, String, Int, String) {
    (entry.authority.rawValue, entry.hierarchy.rawValue, entry.serial.utf8.count, entry.serial)
  }
}
