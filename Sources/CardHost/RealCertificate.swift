import CardImage
import CardKernel
import Cryptography
import MyNumberCard

extension Card {
  /// Refuses a card that bears a certificate of the real authority: such a card could be taken for somebody's.
  func refuseRealCertificates(at location: String) throws(ImageFault) {
    for file in [
      JPKIApplication.signCertificate, JPKIApplication.signAuthorityCertificate, JPKIApplication.authCertificate,
      JPKIApplication.authAuthorityCertificate,
    ] {
      guard case .transparent(let bytes)? = self.file(FilePath(.jpki, file))?.content,
        let certificate = try? X509Certificate(prefixOf: bytes), certificate.isOfRealAuthority
      else { continue }
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
