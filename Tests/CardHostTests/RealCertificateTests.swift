import CardImage
import CardKernel
import Cryptography
import Foundation
import MyNumberCard
import Testing

@testable import CardHost

/// No card bears a certificate of the real authority, whatever key the certificate speaks for.
@Suite("Real certificates") struct RealCertificateTests {
  private static let image: CardImage? = try? CardImage.load(
    from: URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Fixtures/format-1/image"))

  private static let organization = ObjectIdentifier(2, 5, 4, 10)

  private static func name(_ value: [UInt8]) -> [UInt8] {
    DER.sequence(DER.set(DER.sequence(organization.der, value)))
  }

  /// SubjectPublicKeyInfo of several kinds; the bytes of the keys are any.
  static let publicKeys: [(what: String, der: [UInt8])] = [
    (
      "RSA-3072",
      DER.sequence(
        DER.sequence(ObjectIdentifier(1, 2, 840, 113_549, 1, 1, 1).der, DER.null),
        DER.bitString(
          DER.sequence(DER.unsignedInteger([UInt8](repeating: 0xC5, count: 384)), DER.unsignedInteger([1, 0, 1]))))
    ),
    (
      "EC P-384",
      DER.sequence(
        DER.sequence(ObjectIdentifier(1, 2, 840, 10045, 2, 1).der, ObjectIdentifier(1, 3, 132, 0, 34).der),
        DER.bitString([4] + [UInt8](repeating: 0x5A, count: 96)))
    ),
    ("broken", DER.sequence([0x05, 0x00])), ("empty", []), ("no DER at all", [0xFF, 0xFF, 0xFF, 0xFF]),
  ]

  private static func certificate(
    issuer: [UInt8], subject: [UInt8], key: [UInt8], version: [UInt8] = DER.constructed(0, [2, 1, 2])
  ) -> [UInt8] {
    let algorithm = DER.sequence(ObjectIdentifier(1, 2, 840, 113_549, 1, 1, 11).der, DER.null)
    let validity = DER.sequence(
      DER.element(0x17, Array("260101000000Z".utf8)), DER.element(0x17, Array("310101000000Z".utf8)))
    let fields = version + DER.unsignedInteger([1]) + algorithm + issuer + validity + subject + key
    return DER.sequence(DER.element(0x30, fields), algorithm, DER.bitString([1, 2, 3]))
  }

  private func refusal(_ bytes: [UInt8], in file: FilePath) throws -> String? {
    var image = try #require(Self.image)
    image.data[file] = bytes
    do {
      try image.refuseRealCertificates(location: "fixture")
      _ = try CardHost(image: image, location: "fixture")
      return nil
    } catch {
      return error.problem
    }
  }

  @Test("Every key, both names, every file", arguments: publicKeys.indices)
  func everyKey(_ index: Int) throws {
    let key = Self.publicKeys[index].der
    let ours = Self.name(DER.utf8String("JPKI-VIRTUAL"))
    let real: [[UInt8]] = [
      DER.utf8String("JPKI"), DER.printableString("JPKI"), DER.utf8String("jpki "),
      DER.element(0x1E, [0, 0x4A, 0, 0x50, 0, 0x4B, 0, 0x49]),
    ].map(Self.name)
    for file in [
      JPKIApplication.signCertificate, JPKIApplication.signAuthorityCertificate, JPKIApplication.authCertificate,
      JPKIApplication.authAuthorityCertificate,
    ] {
      let path = FilePath(.jpki, file)
      for name in real {
        for der in [
          Self.certificate(issuer: name, subject: ours, key: key),
          Self.certificate(issuer: ours, subject: name, key: key),
          Self.certificate(issuer: name, subject: name, key: key, version: []),
        ] where Self.publicKeys[index].what != "no DER at all" {
          #expect(try refusal(der, in: path)?.contains("names the real authority") == true, "\(path)")
        }
      }
      // A broken certificate of ours may be carried, as far as its names can be read.
      let harmless = try refusal(Self.certificate(issuer: ours, subject: ours, key: key), in: path)
      #expect(harmless == nil || Self.publicKeys[index].what == "no DER at all")
    }
  }

  @Test("What begins like a certificate and cannot be read is refused; filler is not")
  func unreadable() throws {
    let whole = try #require(Self.image?.data[FilePath(.jpki, JPKIApplication.authCertificate)])
    let path = FilePath(.jpki, JPKIApplication.authCertificate)
    for bytes in [[0x30], [0x30, 0x80, 0, 0], [0x30, 0], Array(whole.prefix(100)), [0x30, 0x82, 0x01, 0x00, 0x31]] {
      #expect(try refusal(bytes, in: path)?.contains("cannot be read") == true, "\(bytes.prefix(8))")
    }
    for bytes in [[], [0x00, 0x00], [0xFF]] as [[UInt8]] { #expect(try refusal(bytes, in: path) == nil) }
    #expect(try refusal(whole, in: path) == nil)
  }
}
