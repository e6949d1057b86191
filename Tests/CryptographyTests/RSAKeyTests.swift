import Testing

@testable import Cryptography

@Suite struct RSAKeyTests {
  static let key = Result { try RSAPrivateKey.generate() }
  let key: RSAPrivateKey

  init() throws { key = try Self.key.get() }

  @Test(arguments: [1, 19, 51, 244, 245])
  func signsBlocksExactlyAsGiven(length: Int) throws {
    let block = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    let signature = try key.signPKCS1(block)
    #expect(signature.count == 256)
    #expect(try key.publicKey.verifyPKCS1(signature, block: block))
    let padded = [0x00, 0x01] + [UInt8](repeating: 0xFF, count: 253 - length) + [0x00] + block
    #expect(try key.publicKey.recover(signature) == padded)
    #expect(try key.rawPrivate(padded) == signature)
  }

  @Test(arguments: [0, 246, 256, 4096])
  func refusesBlocksThatDoNotFit(length: Int) {
    #expect(throws: CryptographyError.wrongLength(what: "block to sign", actual: length, allowed: 1...245)) {
      try key.signPKCS1([UInt8](repeating: 1, count: length))
    }
  }

  @Test func signsWithPSSAndSalts() throws {
    let digest = SHA256.digest([1, 2, 3])
    for salt in [0, 20, 32] {
      let signature = try key.signPSS(sha256Digest: digest, saltLength: salt)
      #expect(try key.publicKey.verifyPSS(signature, sha256Digest: digest, saltLength: salt))
      #expect(try !key.publicKey.verifyPSS(signature, sha256Digest: SHA256.digest([]), saltLength: salt))
    }
    #expect(throws: CryptographyError.self) { try key.signPSS(sha256Digest: [1]) }
    #expect(throws: CryptographyError.self) { try key.signPSS(sha256Digest: digest, saltLength: 223) }
  }

  @Test func tellsApartWhatOAEPCannotDecrypt() throws {
    let secret: [UInt8] = [0xA0, 0x22, 0x80, 0x20] + [UInt8](repeating: 9, count: 32)
    let sealed = try key.publicKey.encryptOAEP(secret)
    #expect(try key.decryptOAEP(sealed) == secret)
    #expect(throws: CryptographyError.valueNotBelowModulus) { try key.decryptOAEP(key.publicKey.modulus) }
    #expect(throws: CryptographyError.valueNotBelowModulus) {
      try key.decryptOAEP([UInt8](repeating: 0xFF, count: 256))
    }
    #expect(throws: CryptographyError.badPadding) { try key.decryptOAEP([UInt8](repeating: 0x11, count: 256)) }
    #expect(throws: CryptographyError.self) { try key.decryptOAEP([1, 2, 3]) }
  }

  @Test func goesOutAndComesBack() throws {
    let again = try RSAPrivateKey(pem: key.pemPKCS8)
    #expect(again.publicKey == key.publicKey)
    #expect(try RSAPrivateKey(pkcs8DER: key.pkcs8DER).publicKey == key.publicKey)
    // Written by hand, and to the byte what OpenSSL writes.
    #expect(try key.pkcs8DER == PEM.decode(key.pemPKCS8, label: "PRIVATE KEY"))
    #expect(try RSAPublicKey(modulus: key.publicKey.modulus) == key.publicKey)
    #expect(
      try RSAPublicKey(subjectPublicKeyInfoDER: key.publicKey.subjectPublicKeyInfoDER).modulus == key.publicKey.modulus)
  }

  @Test func refusesRubbish() throws {
    #expect(throws: CryptographyError.self) { try RSAPrivateKey(pem: "") }
    #expect(throws: CryptographyError.self) { try RSAPrivateKey(pem: "-----BEGIN PRIVATE KEY-----\nAAAA\n") }
    #expect(throws: CryptographyError.self) { try RSAPrivateKey(pkcs8DER: []) }
    #expect(throws: CryptographyError.self) { try RSAPrivateKey(pkcs8DER: key.pkcs8DER + [0]) }
    #expect(throws: CryptographyError.self) { try RSAPrivateKey.generate(bits: 1024) }
    #expect(throws: CryptographyError.self) { try RSAPrivateKey(primes: [7], [7]) }
    #expect(throws: CryptographyError.self) { try RSAPrivateKey(primes: [], [11]) }
    #expect(throws: CryptographyError.self) { try RSAPublicKey(modulus: [1]) }
  }

  @Test func oneKeyServesManyThreads() async throws {
    let key = key
    let expected = try key.signPKCS1([1, 2, 3])
    await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<16 { group.addTask { (try? key.signPKCS1([1, 2, 3])) == expected } }
      for await same in group { #expect(same) }
    }
  }
}
