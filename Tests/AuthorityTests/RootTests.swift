import Cryptography
import Foundation
import Testing

@testable import Authority

@Suite struct RootTests {
  @Test(arguments: Hierarchy.allCases, [1, 2, 3, 4])
  func profile(hierarchy: Hierarchy, number: Int) throws {
    let root = try RootAuthority(hierarchy, generation: RootGeneration(number))
    let certificate = root.certificate
    #expect(certificate.issuer == certificate.subject)
    #expect(certificate.isSigned(by: root.key.publicKey))
    #expect(certificate.serial.count == (number == 1 ? 1 : 4))
    #expect(
      certificate.extensions.map(\.identifier) == [
        .keyUsage, .subjectAltName, .basicConstraints, .crlDistributionPoints, .subjectKeyIdentifier,
      ])
    #expect(certificate.extensions.map(\.isCritical) == [true, false, true, false, false])
    #expect(certificate.extensions[0].value == [3, 2, 1, 6])
    #expect(certificate.extensions[2].value == [0x30, 3, 1, 1, 0xFF])
    #expect(certificate.extensions[4].value == [4, 20] + certificate.publicKey.sha1KeyIdentifier)
    let names = X509Certificate.attributes(of: certificate.subject)
    #expect(
      names.map(\.text) == [
        "JP", "JPKI-VIRTUAL", hierarchy == .sign ? "JPKI for digital signature" : "JPKI for user authentication",
        "Japan Agency for Local Authority Information Systems",
      ])
  }

  /// The published roots have 1301 and 1316 bytes, 1304 and 1319 with a serial number of four bytes.
  @Test(arguments: [(Hierarchy.sign, 1301, 1304), (.auth, 1316, 1319)])
  func hasTheLengthOfThePublishedOnes(hierarchy: Hierarchy, first: Int, later: Int) throws {
    for (number, length) in [(1, first), (2, later), (3, later)] {
      let certificate = try RootAuthority.certificate(
        hierarchy, generation: RootGeneration(number), organization: "JPKI",
        key: KeyPool.key(seed: 0, label: "length"))
      #expect(certificate.der.count == length)
    }
  }

  @Test func generationsBeginAndEndLikeThePublishedOnes() throws {
    let days = try (1...5).map { try RootGeneration($0) }.map {
      "\($0.notBefore.compactJapanTime.prefix(8)) \($0.notAfter.compact)"
    }
    #expect(
      days == [
        "20151020 20251019145959Z", "20190915 20290914145959Z", "20230716 20330715145959Z", "20270716 20370715145959Z",
        "20310716 20410715145959Z",
      ])
  }

  @Test(arguments: [
    (Instant(year: 2015, month: 10, day: 20, hour: 1), 1), (Instant(year: 2019, month: 9, day: 14), 1),
    (Instant(year: 2019, month: 9, day: 16), 2), (Instant(year: 2023, month: 7, day: 15), 2),
    (Instant(year: 2023, month: 7, day: 16, hour: 1), 3), (Instant(year: 2026, month: 11, day: 20), 3),
    (Instant(year: 2027, month: 7, day: 17), 4),
  ])
  func issuesFromTheNewestThatHasBegun(instant: Instant, number: Int) throws {
    #expect(try RootGeneration.issuing(at: instant).number == number)
  }

  @Test func refusesWhatDoesNotExist() {
    #expect(throws: AuthorityError.self) { try RootGeneration.issuing(at: Instant(year: 2015, month: 10, day: 19)) }
    #expect(throws: AuthorityError.self) { try RootGeneration.issuing(at: Instant(year: 1950, month: 1, day: 1)) }
    #expect(throws: AuthorityError.self) { try RootGeneration(0) }
    #expect(throws: AuthorityError.self) { try RootGeneration(242) }
  }

  @Test func generationsShareOneNameAndNoKey() throws {
    let roots = try RootAuthority.begun(.sign, by: Sample.now)
    #expect(roots.map(\.generation.number) == [3, 2, 1])
    #expect(Set(roots.map(\.certificate.subject)).count == 1)
    #expect(Set(roots.map(\.key.publicKey.modulus)).count == 3)
    #expect(!roots[0].certificate.isSigned(by: roots[1].key.publicKey))
  }

  @Test func refusesTheRealName() throws {
    let error = #expect(throws: AuthorityError.self) { try AuthorityName(organization: "JPKI") }
    #expect(error?.description.contains("could be taken for a real one") == true)
    #expect(error?.fix.contains("JPKI-VIRTUAL") == true)
    #expect(throws: AuthorityError.self) { try AuthorityName(organization: "jpki-test") }
    #expect(try AuthorityName(organization: "JPKI-TEST") == .test)
  }

  @Test func sameBytesOnEveryMachine() throws {
    let (a, b) = (try RootAuthority(.auth, issuingAt: Sample.now), try RootAuthority(.auth, issuingAt: Sample.now))
    #expect(a.certificate == b.certificate)
    let test = try RootAuthority(.auth, issuingAt: Sample.now, name: .test)
    #expect(test.key.publicKey != a.key.publicKey)
    // Golden: whoever pinned the root of an earlier release must find it again.
    let digests = try Hierarchy.allCases.map {
      Data(SHA256.digest(try RootAuthority($0, issuingAt: Sample.now).certificate.der)).prefix(8).map {
        String($0, radix: 16)
      }.joined()
    }
    #expect(digests == ["6e39374dfb2edc74", "4178f2af407511a4"])
  }
}

@Suite struct KeyPoolTests {
  @Test func everyPrimeHasItsShape() throws {
    #expect(KeyPool.count == 2048)
    let primes = (0..<KeyPool.count).map(KeyPool.prime)
    #expect(Set(primes).count == KeyPool.count)
    #expect(primes.allSatisfy { $0.count == 128 && $0[0] & 0xC0 == 0xC0 && $0[127] & 1 == 1 })
  }

  @Test func opensslCallsThemPrime() throws {
    for index in stride(from: 0, to: KeyPool.count, by: 255) {
      let digits = KeyPool.prime(index).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
      #expect(try openssl("prime", "-hex", digits).output.contains("is prime"), "prime \(index)")
    }
  }

  @Test func keysAreSoundAndComeAgain() throws {
    for seed in 0..<50 as Range<UInt64> {
      let key = try KeyPool.key(seed: seed, label: "sign 0")
      #expect(try key.publicKey.verifyPKCS1SHA256(key.signPKCS1SHA256([1]), message: [1]), "seed \(seed)")
      #expect(try KeyPool.key(seed: seed, label: "sign 0").publicKey == key.publicKey)
      #expect(try KeyPool.key(seed: seed, label: "auth 0").publicKey != key.publicKey)
    }
    let scratch = try Scratch()
    let file = try scratch.write(KeyPool.key(seed: 7, label: "check").pemPKCS8, "key.pem")
    #expect(try openssl("rsa", "-in", file, "-check", "-noout").output.contains("RSA key ok"))
  }
}
