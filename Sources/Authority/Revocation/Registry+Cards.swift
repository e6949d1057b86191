/// How cards come into the registry: what somebody else has written since stays.
extension Registry.Entry {
  /// Whether both speak of one certificate. Serial numbers come from names and seeds, so two cards can have the same, and
  /// so does one card that is minted again on another day.
  public func isOfSameCertificate(as other: Registry.Entry) -> Bool {
    authority == other.authority && hierarchy == other.hierarchy && serial == other.serial
      && generation == other.generation && municipality == other.municipality && notBefore == other.notBefore
      && notAfter == other.notAfter
  }

  /// Whether it may well be one card, minted on two days, as the gallery's cards are every day: both are of one place, and
  /// they end on one day or last as long.
  fileprivate func isLikelyMintedAgain(after other: Registry.Entry) -> Bool {
    let difference = abs(
      (notAfter.unixSeconds - notBefore.unixSeconds) - (other.notAfter.unixSeconds - other.notBefore.unixSeconds))
    return municipality == other.municipality
      && (notAfter == other.notAfter || difference <= Self.leapDays)
  }

  /// By how much certificates of one card may last longer or shorter, minted on two days.
  private static let leapDays = 2 * 86_400
}

extension CertificateState {
  /// How much is said against the certificate.
  fileprivate var weight: Int {
    switch self {
    case .good: 0
    case .hold: 1
    case .revoked, .superseded: 2
    }
  }
}

extension Registry {
  /// Registers a certificate by hand: a revocation that is written of it is taken back.
  /// - Throws: when another certificate has its number.
  public mutating func register(_ entry: Entry) throws(AuthorityError) {
    if let written = self.entry(entry.authority, entry.hierarchy, serial: entry.serial),
      !written.isOfSameCertificate(as: entry), !entry.isLikelyMintedAgain(after: written)
    {
      throw AuthorityError(
        "the registry has another \(entry.hierarchy.rawValue) certificate \(entry.serial), "
          + "valid from \(written.notBefore) to \(written.notAfter)",
        fix: "give one of the two cards another seed: --seed N")
    }
    put(entry)
  }

  /// Follows the record of a card.
  ///
  /// What is not written yet is written. Where the record says something new, that is written too; but what somebody else
  /// has written since, a revocation by hand above all, gives way only to what weighs more.
  /// - Parameters:
  ///   - entry: what the card's record says of a certificate now.
  ///   - before: what it said when the registry was last told; `nil` when it did not know the certificate.
  /// - Returns: the entry of another certificate that had the number and has given way, where somebody should know.
  public mutating func follow(_ entry: Entry, after before: Entry?) -> Entry? {
    guard let written = self.entry(entry.authority, entry.hierarchy, serial: entry.serial) else {
      put(entry)
      return nil
    }
    guard written.isOfSameCertificate(as: entry) else {
      put(entry)
      return entry.isLikelyMintedAgain(after: written) ? nil : written
    }
    guard entry != before else { return nil }
    if written == before || entry.state.weight > written.state.weight { put(entry) }
    return nil
  }
}
