import CardImage
import CardKernel
import Cryptography
import MyNumberCard

extension Card {
  /// Refuses a card that bears a certificate of the real authority: such a card could be taken for somebody's. A
  /// certificate whose names cannot be read is refused too, since nobody can say whose it is.
  func refuseRealCertificates(at location: String) throws(ImageFault) {
    for file in [
      JPKIApplication.signCertificate, JPKIApplication.signAuthorityCertificate, JPKIApplication.authCertificate,
      JPKIApplication.authAuthorityCertificate,
    ] {
      // Filler, or nothing, is no certificate; 30 begins one.
      guard case .transparent(let bytes)? = self.file(FilePath(.jpki, file))?.content, bytes.first == 0x30 else {
        continue
      }
      let isReal: Bool
      do throws(CryptographyError) {
        isReal = try RealAuthority.namesRealAuthority(der: bytes)
      } catch {
        throw ImageFault(
          "issuer and subject of the certificate in jpki/\(file) cannot be read", at: "\(location)/jpki/\(file)",
          fix: "use a card made by 'vmyna mint'")
      }
      guard isReal else { continue }
      throw ImageFault(
        "the certificate in jpki/\(file) names the real authority (O=JPKI); a real certificate is somebody's identity, and "
          + "this is a tool for tests", at: location, fix: "use a card made by 'vmyna mint'")
    }
  }
}

extension CardImage {
  /// Refuses an image that bears a certificate of the real authority.
  public func refuseRealCertificates(location: String) throws(ImageFault) {
    try makeCard(location: location).refuseRealCertificates(at: location)
  }
}
