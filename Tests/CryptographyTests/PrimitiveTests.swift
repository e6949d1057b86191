import Testing

@testable import Cryptography

@Suite struct PrimitiveTests {
  func unhex(_ text: String) -> [UInt8] {
    let digits = text.filter(\.isHexDigit).compactMap(\.hexDigitValue)
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] * 16 + digits[$0 + 1]) }
  }

  @Test func digests() {
    #expect(hex(SHA256.digest([])) == "E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855")
    #expect(hex(SHA1.digest([UInt8]("abc".utf8))) == "A9993E364706816ABA3E25717850C26C9CD0D89D")
  }

  /// NIST SP 800-38A, F.2.1.
  @Test func cipher() throws {
    let key = unhex("2b7e151628aed2a6abf7158809cf4f3c")
    let iv = unhex("000102030405060708090a0b0c0d0e0f")
    let plain = unhex("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51")
    let sealed = try AES128CBC.encrypt(plain, key: key, iv: iv)
    #expect(sealed == unhex("7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2"))
    #expect(try AES128CBC.decrypt(sealed, key: key, iv: iv) == plain)
    #expect(try AES128CBC.encrypt([], key: key, iv: iv).isEmpty)
    #expect(throws: CryptographyError.self) { try AES128CBC.encrypt([1], key: key, iv: iv) }
    #expect(throws: CryptographyError.self) { try AES128CBC.encrypt(plain, key: [1], iv: iv) }
    #expect(throws: CryptographyError.self) { try AES128CBC.encrypt(plain, key: key, iv: []) }
  }

  @Test func randomness() throws {
    #expect(try SecureRandom.bytes(0).isEmpty)
    #expect(try SecureRandom.bytes(32) != SecureRandom.bytes(32))
    #expect(throws: CryptographyError.self) { try SecureRandom.bytes(-1) }
    var (a, b, c) = (
      SeededRandom(label: "a", seed: 1), SeededRandom(label: "a", seed: 1), SeededRandom(label: "b", seed: 1)
    )
    let bytes = a.bytes(100)
    #expect(bytes == b.bytes(40) + b.bytes(60))
    #expect(bytes != c.bytes(100))
    // Golden: a change here changes every seeded card.
    #expect(hex(bytes.prefix(8)) == "5A697ADF55B7304D")
    #expect((0..<1000).allSatisfy { _ in a.number(below: 7) < 7 })
    #expect(a.number(below: 0) == 0)
  }

  @Test func base64() {
    for count in 0..<70 {
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 37) }
      #expect(Base64.decode(Base64.encode(bytes)) == bytes)
    }
    #expect(Base64.encode([UInt8]("foobar".utf8)) == "Zm9vYmFy")
    for bad in ["A", "A===", "AA=A", "AA", "A*==", "AAA", "AAAA="] { #expect(Base64.decode(bad) == nil, "\(bad)") }
  }

  @Test(arguments: [
    "", "30", "3081", "308100", "30810130", "3002", "30820001AA", "1F0100", "3084FFFFFFFF", "30800000", "0500AA",
  ])
  func refusesBrokenDER(text: String) {
    #expect(throws: CryptographyError.self) { try DERElement(unhex(text)) }
  }

  @Test func writesAndReadsDER() throws {
    for length in [0, 1, 127, 128, 255, 256, 65535, 65536] {
      let content = [UInt8](repeating: 0x41, count: length)
      let element = try DERElement(DER.octetString(content))
      #expect(element.content == content)
      #expect(try DERElement(prefixOf: element.bytes + [0xFF, 0xFF]) == element)
    }
    #expect(DER.unsignedInteger([0, 0, 0x80]) == [2, 2, 0, 0x80])
    #expect(DER.unsignedInteger([]) == [2, 1, 0])
    #expect(ObjectIdentifier(1, 2, 392, 200149, 8, 5, 5, 1).description == "1.2.392.200149.8.5.5.1")
    #expect(hex(ObjectIdentifier(1, 2, 840, 113549, 1, 1, 11).der) == "06092A864886F70D01010B")
  }
}
