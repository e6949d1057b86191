import Cryptography

/// The lists that the authority publishes.
public enum RevocationList {
  /// What a list covers.
  public enum Scope: Sendable, Hashable {
    /// Every certificate of the authority.
    case complete
    /// Those issued in one municipality, as their cRLDistributionPoints say.
    case municipality(Municipality)
  }

  /// How long a list may be used: lists are made daily.
  static let life = 24 * 3600
  /// When a revocation of yesterday is listed, with the delay of the next morning.
  static let morning = 6 * 3600

  /// The list, DER, as a verifier gets it at `now`. All certificates of the authority of one name stand on the list, whichever
  /// generation issued them; it is signed by the generation given, because a verifier checks it with the key above the leaf.
  public static func make(
    _ registry: Registry, root: RootAuthority, scope: Scope = .complete, at now: Instant
  ) throws(CryptographyError) -> [UInt8] {
    let thisUpdate = registry.listDelay == .nextList ? now.startOfNextDayInJapan.advanced(by: -86_400) : now
    let entries = registry.entries.compactMap { entry -> RevocationListTemplate.Entry? in
      guard entry.authority == root.name, entry.hierarchy == root.hierarchy, covers(scope, entry),
        let since = entry.state.since, let reason = entry.state.reason,
        listed(since, registry.listDelay) <= thisUpdate,
        // What lapsed leaves the list, but not before it stood on one that was made after its end (RFC 5280, 3.3): a
        // certificate that is revoked on its last day is listed on the next one.
        max(entry.notAfter, listed(since, registry.listDelay)).advanced(by: life) >= thisUpdate
      else { return nil }
      return RevocationListTemplate.Entry(
        serial: SerialNumber.bytes(entry.serial), revoked: Int64(since.unixSeconds), reason: reason)
    }
    // The number only has to grow, and time does; so no counter has to be kept.
    let number = DER.unsignedInteger(withUnsafeBytes(of: Int64(max(0, thisUpdate.unixSeconds)).bigEndian, Array.init))
    var extensions = [
      CertificateExtension.authorityKeyIdentifier(root.certificate, whole: false),
      CertificateExtension(.crlNumber, value: number),
    ]
    if case .municipality(let municipality) = scope {
      extensions.append(
        .issuingDistributionPoint(
          .distributionPoint(organization: root.name.organization, root.hierarchy, municipality)))
    }
    return try RevocationListTemplate(
      issuer: root.certificate.subject, thisUpdate: Int64(thisUpdate.unixSeconds),
      nextUpdate: Int64(thisUpdate.advanced(by: life).unixSeconds), entries: entries, extensions: extensions
    ).signed(with: root.key)
  }

  private static func covers(_ scope: Scope, _ entry: Registry.Entry) -> Bool {
    switch scope {
    case .complete: true
    case .municipality(let municipality): municipality == entry.municipality
    }
  }

  /// When a revocation reaches the lists.
  private static func listed(_ since: Instant, _ delay: Registry.ListDelay) -> Instant {
    delay == .nextMorning ? since.startOfNextDayInJapan.advanced(by: morning) : since
  }
}
