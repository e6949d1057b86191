import Cryptography
import Testing

@testable import Authority

@Suite struct CardVerifiableTests {
  @Test(arguments: CardVerifiableAuthority.Purpose.allCases)
  func form(purpose: CardVerifiableAuthority.Purpose) throws {
    let chain = try CardVerifiableAuthority(purpose)
    let certificate = try chain.certificate
    let bytes = certificate.bytes
    #expect(bytes.count == 568)
    #expect(bytes.starts(with: [0x7F, 0x21, 0x82, 0x02, 0x33, 0x5F, 0x4E, 0x82, 0x01, 0x29]))
    #expect(bytes[10..<26].elementsEqual(certificate.issuer.bytes))
    #expect(certificate.firstPart.count == 307)
    #expect(certificate.secondPart.count == 261)
    #expect(certificate.isSigned(by: chain.issuerKey.publicKey))
    #expect(try !certificate.isSigned(by: chain.subjectKey.publicKey))
    let read = try CardVerifiableCertificate(prefixOf: bytes + [0xFF, 0xFF])
    #expect(read == certificate)
    #expect(try CardVerifiableAuthority(purpose).certificate == read)
    for length in [0, 1, 5, 9, 300, 567] {
      #expect(throws: (any Error).self) { try CardVerifiableCertificate(prefixOf: Array(bytes.prefix(length))) }
    }
    for index in [0, 5, 10, 17, 42, 48, 310] {
      var damaged = bytes
      damaged[index] ^= 0xFF
      #expect(throws: (any Error).self, "\(index)") { try CardVerifiableCertificate(prefixOf: damaged) }
    }
  }

  @Test func keyIdentifiers() throws {
    #expect(
      try KeyIdentifier(number: "6000023").bytes == [
        0x36, 0x30, 0x30, 0x30, 0x30, 0x32, 0x33, 8, 5, 0x30, 0x30, 0x31, 0, 0, 0, 0,
      ])
    for (number, group) in [("600002", "001"), ("600002A", "001"), ("6000023", "01"), ("６０００023", "001")] {
      #expect(throws: AuthorityError.self) { try KeyIdentifier(number: number, group: group) }
    }
    #expect(throws: AuthorityError.self) { try KeyIdentifier(bytes: []) }
  }
}
