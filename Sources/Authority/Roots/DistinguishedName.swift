import Cryptography

/// A name of X.501 with one attribute in each RDN, as all names of this PKI are.
public struct DistinguishedName: Sendable, Equatable {
  /// The Name, DER.
  public let der: [UInt8]

  /// C=JP (PrintableString) and then the attributes given (UTF8String), in this order.
  public init(japanAnd attributes: [(ObjectIdentifier, String)]) {
    let country = Self.relativeName(.countryName, DER.printableString("JP"))
    der = DER.sequence([country] + attributes.map { Self.relativeName($0.0, DER.utf8String($0.1)) })
  }

  /// Issuer and subject of every root of that hierarchy, whatever its generation.
  public static func authority(_ name: AuthorityName, _ hierarchy: Hierarchy) -> DistinguishedName {
    authority(organization: name.organization, hierarchy)
  }

  /// By the bare text under O=. Internal: outside, only an `AuthorityName` gets here.
  static func authority(organization: String, _ hierarchy: Hierarchy) -> DistinguishedName {
    DistinguishedName(japanAnd: [
      (.organizationName, organization),
      (.organizationalUnitName, hierarchy.unit),
      (.organizationalUnitName, "Japan Agency for Local Authority Information Systems"),
    ])
  }

  /// The same in Japanese: the root's subjectAltName and the holder certificates' issuerAltName.
  static func japaneseAuthority(_ hierarchy: Hierarchy) -> DistinguishedName {
    DistinguishedName(japanAnd: [
      (.organizationName, "公的個人認証サービス"),
      (.organizationalUnitName, hierarchy.japaneseUnit),
      (.organizationalUnitName, "地方公共団体情報システム機構"),
    ])
  }

  /// Where the revocation list of a municipality is said to be: a name in a directory, not an address.
  static func distributionPoint(
    organization: String, _ hierarchy: Hierarchy, _ municipality: Municipality
  ) -> DistinguishedName {
    DistinguishedName(japanAnd: [
      (.organizationName, organization),
      (.organizationalUnitName, hierarchy.unit),
      (.organizationalUnitName, "CRL Distribution Points"),
      (.organizationalUnitName, municipality.prefecture),
      (.commonName, municipality.name + " CRLDP"),
    ])
  }

  /// As a GeneralName: `[4]`, explicit because Name is a CHOICE.
  var generalName: [UInt8] { DER.constructed(4, der) }

  private static func relativeName(_ type: ObjectIdentifier, _ value: [UInt8]) -> [UInt8] {
    DER.set(DER.sequence(type.der, value))
  }
}
