/// The real authority of the JPKI, whose certificates are people's identities. The test authority's name is another one.
public enum RealAuthority {
  /// The organization's name in its certificates: O=JPKI.
  public static let organization = "JPKI"

  /// Whether issuer or subject of the certificate at the beginning of `der` names the real authority.
  ///
  /// Only the names are read (RFC 5280, 4.1): whatever key, algorithm or extension a certificate has, and however broken
  /// the rest of it is, nothing but its names decides.
  /// - Throws: when the names cannot be read.
  public static func namesRealAuthority(der: [UInt8]) throws(CryptographyError) -> Bool {
    guard let toBeSigned = try DERElement(prefixOf: der).children.first, toBeSigned.tag == 0x30 else {
      throw .malformed("X.509 certificate")
    }
    var fields = try toBeSigned.children[...]
    if fields.first?.tag == 0xA0 { fields = fields.dropFirst() }
    // serialNumber, signature, issuer, validity, subject
    let start = fields.startIndex
    guard fields.count >= 5 else { throw .malformed("X.509 certificate") }
    for name in [fields[start + 2], fields[start + 4]] where try contains(organization, name) { return true }
    return false
  }

  private static func contains(_ organization: String, _ name: DERElement) throws(CryptographyError) -> Bool {
    guard name.tag == 0x30 else { throw .malformed("distinguished name") }
    for set in try name.children {
      for attribute in try set.children {
        let parts = try attribute.children
        guard parts.count == 2, let type = parts[0].objectIdentifier else { throw .malformed("distinguished name") }
        if type == .organizationName, folded(parts[1].content) == folded(Array(organization.utf8)) { return true }
      }
    }
    return false
  }

  /// Names are compared without case and white space (RFC 5280, 7.1), and in whatever string type: the zero bytes of
  /// BMPString and UniversalString fall out.
  private static func folded(_ text: [UInt8]) -> [UInt8] {
    text.filter { $0 != 0 && $0 != UInt8(ascii: " ") }
      .map { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) ? $0 - 32 : $0 }
  }
}

extension X509Certificate {
  /// Whether issuer or subject has O=JPKI; a name that cannot be read counts as one.
  public var isOfRealAuthority: Bool { (try? RealAuthority.namesRealAuthority(der: der)) ?? true }
}
