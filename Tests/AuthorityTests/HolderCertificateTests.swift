import Cryptography
import Foundation
import Testing

@testable import Authority

@Suite struct HolderCertificateTests {
  @Test func signProfile() throws {
    let holder = try Sample.holder()
    let issued = try HolderCertificate(Sample.request(.sign))
    let certificate = issued.certificate
    #expect(certificate.issuer == issued.root.subject)
    #expect(certificate.isSigned(by: issued.root.publicKey))
    #expect(
      certificate.extensions.map(\.identifier) == [
        .keyUsage, .subjectAltName, .certificatePolicies, .issuerAltName, .crlDistributionPoints,
        .authorityKeyIdentifier, .subjectKeyIdentifier,
      ])
    #expect(certificate.extensions.map(\.isCritical) == [true, false, true, false, false, false, false])
    #expect(certificate.extensions[0].value == [3, 2, 6, 0xC0])
    #expect(
      certificate.subjectOtherNames.map(\.identifier.description)
        == [1, 4, 3, 5, 2, 6].map { "1.2.392.200149.8.5.5.\($0)" })
    #expect(
      certificate.subjectOtherNames.map(\.text) == [
        "見本　太郎", "419900910", "1", "愛知県名古屋市中区見本町三丁目１番１号", "00000", holder.address.flags,
      ])
    let names = X509Certificate.attributes(of: certificate.subject)
    #expect(names.map(\.type) == [.countryName, .localityName, .localityName, .commonName])
    #expect(names[3].text == "20260601102345" + "00001" + "23106" + "001A")
    #expect(names[3].text.count == 28)
    #expect(certificate.notAfter == Int64(Sample.notAfter.unixSeconds))
    #expect(certificate.notBefore == Int64(Sample.notBefore.unixSeconds))
  }

  @Test func authProfile() throws {
    let issued = try HolderCertificate(Sample.request(.auth))
    let certificate = issued.certificate
    #expect(certificate.issuer == issued.root.subject)
    #expect(
      certificate.extensions.map(\.identifier) == [
        .keyUsage, .extendedKeyUsage, .certificatePolicies, .issuerAltName, .crlDistributionPoints,
        .authorityInfoAccess, .authorityKeyIdentifier, .subjectKeyIdentifier,
      ])
    #expect(certificate.extensions.filter(\.isCritical).map(\.identifier) == [.keyUsage, .certificatePolicies])
    #expect(certificate.extensions[0].value == [3, 2, 7, 0x80])
    #expect(certificate.value(of: .subjectAltName) == nil)
    #expect(certificate.subjectOtherNames.isEmpty)
    let names = X509Certificate.attributes(of: certificate.subject)
    #expect(names.map(\.type) == [.countryName, .commonName])
    #expect(names[1].text.wholeMatch(of: /[0-9A-Z]{14}23106001A/) != nil)
  }

  /// Measured of the profile with O=JPKI: auth about 1583 bytes, sign 1768 with a short name and a 20-character address.
  @Test func lengthsAreThoseOfTheProfile() throws {
    for (hierarchy, length) in [(Hierarchy.auth, 1583), (.sign, 1768)] {
      let request = try Sample.request(hierarchy)
      let root = try RootAuthority(hierarchy, issuingAt: request.notBefore)
      let count = try HolderCertificate(request, root: root, organization: "JPKI", signer: root.key).certificate.der
        .count
      // The issuer appears twice (issuer, authorityKeyIdentifier) with the longer organisation.
      #expect(abs(count - 16 - length) < 60, "\(hierarchy): \(count)")
      #expect(count > 260)
    }
  }

  @Test func flagsMatchTheirTexts() throws {
    let holder = try CertifiedHolder(
      name: "髙橋　𠮷子", address: "東京都清瀬市見本１－２－３　﨑ビル", birth: "319690505", sex: .female)
    #expect(holder.name == (try CertifiedText("髙橋　𠮷子")))
    #expect(holder.name.text == "高橋　吉子")
    #expect(holder.name.flags == "10010")
    #expect(holder.address.text.hasSuffix("　崎ビル"))
    #expect(holder.address.flags.utf8.count == holder.address.text.unicodeScalars.count)
    let certificate = try HolderCertificate(Sample.request(.sign, holder: holder)).certificate
    let texts = Dictionary(uniqueKeysWithValues: certificate.subjectOtherNames.map { ($0.identifier, $0.text) })
    #expect(texts[.holderData(2)] == "10010")
    #expect(texts[.holderData(1)]?.unicodeScalars.count == texts[.holderData(2)]?.count)
    #expect(texts[.holderData(5)]?.unicodeScalars.count == texts[.holderData(6)]?.count)
    #expect(texts[.holderData(4)]?.wholeMatch(of: /[0-5]\d{8}/) != nil)
  }

  @Test func longNamesAndAddressesFit() throws {
    let holder = try Sample.holder(
      name: String(repeating: "長", count: 100), address: String(repeating: "住", count: 200))
    let count = try HolderCertificate(Sample.request(.sign, holder: holder)).certificate.der.count
    #expect(abs(count - 2890 - 16) < 60, "\(count)")
  }

  @Test(arguments: Hierarchy.allCases)
  func verifiesUnderItsOwnRootOnly(hierarchy: Hierarchy) throws {
    let scratch = try Scratch()
    let issued = try HolderCertificate(Sample.request(hierarchy))
    let other = try RootAuthority(hierarchy.other, issuingAt: Sample.notBefore)
    let leaf = try scratch.write(issued.certificate.pem, "leaf.pem")
    let root = try scratch.write(issued.root.pem, "root.pem")
    let wrong = try scratch.write(other.certificate.pem, "wrong.pem")
    let at = String(Sample.now.unixSeconds)
    // OpenSSL marks no critical extension as unknown, and accepts the chain strictly but for what the profile itself lacks.
    #expect(try openssl("verify", "-attime", at, "-CAfile", root, leaf).status == 0)
    #expect(try openssl("verify", "-attime", at, "-CAfile", wrong, leaf).status != 0)
    #expect(!issued.certificate.isSigned(by: other.key.publicKey))
    if hierarchy == .auth {
      #expect(try openssl("verify", "-attime", at, "-purpose", "sslclient", "-CAfile", root, leaf).status == 0)
    }
  }

  @Test func issuerIsFoundAmongGenerationsOfOneName() throws {
    let scratch = try Scratch()
    let roots = try RootAuthority.begun(.auth, by: Sample.now).map(\.certificate.pem).joined()
    let all = try scratch.write(roots, "roots.pem")
    let at = String(Sample.now.unixSeconds)
    for generation in [1, 2, 3] {
      for whole in [true, false] {
        var request = try Sample.request(.auth)
        request.generation = generation
        request.profile.hasWholeAuthorityKeyIdentifier = whole
        let leaf = try scratch.write(HolderCertificate(request).certificate.pem, "leaf.pem")
        let (status, output) = try openssl("verify", "-attime", at, "-CAfile", all, leaf)
        // Generation 1 ended in 2025: the old root.
        #expect((status == 0) == (generation > 1), "\(output)")
        if generation == 1 { #expect(output.contains("certificate has expired")) }
      }
    }
  }

  @Test func robustnessFixtures() throws {
    let good = try HolderCertificate(Sample.request(.sign))
    var request = try Sample.request(.sign)
    request.isSignedByWrongRoot = true
    let wrong = try HolderCertificate(request)
    #expect(wrong.certificate.issuer == good.certificate.issuer)
    #expect(!wrong.certificate.isSigned(by: good.root.publicKey))
    #expect(try wrong.certificate.isSigned(by: RootAuthority(.auth, issuingAt: Sample.notBefore).key.publicKey))

    let changed = try HolderCertificate.withChangedAddress(good.certificate)
    #expect(changed.der.count == good.certificate.der.count)
    #expect(zip(changed.der, good.certificate.der).map { ($0 ^ $1).nonzeroBitCount }.reduce(0, +) == 1)
    #expect(!changed.isSigned(by: good.root.publicKey))
    #expect(changed.subjectOtherNames[3].text != good.certificate.subjectOtherNames[3].text)
    #expect(!changed.subjectOtherNames[3].text.contains("\u{FFFD}"))
    #expect(throws: AuthorityError.self) {
      try HolderCertificate.withChangedAddress(HolderCertificate(Sample.request(.auth)).certificate)
    }

    request = try Sample.request(.sign)
    request.serial = [0x80, 0, 0, 1]
    let top = try HolderCertificate(request).certificate
    #expect(top.serialHex == "80000001")
    #expect(top.der.count == good.certificate.der.count + 1)
  }

  @Test func sameSeedSameBytes() throws {
    for hierarchy in Hierarchy.allCases {
      let a = try HolderCertificate(Sample.request(hierarchy)).certificate
      #expect(try HolderCertificate(Sample.request(hierarchy)).certificate == a)
      let b = try HolderCertificate(Sample.request(hierarchy, seed: 2)).certificate
      #expect(b.serial != a.serial)
      #expect(b.publicKey != a.publicKey)
      #expect(a.serial.count == 4 && a.serial[0] & 0xF0 == 0x70)
      var again = try Sample.request(hierarchy)
      again.issue = 1
      let c = try HolderCertificate(again).certificate
      #expect(c.serial != a.serial)
      #expect((c.subject == a.subject) == (hierarchy == .sign))
    }
  }

  @Test func profileSwitches() throws {
    var request = try Sample.request(.sign)
    func policies() throws -> String {
      let value = try #require(try HolderCertificate(request).certificate.value(of: .certificatePolicies)?.value)
      return try #require(DERElement(value).children[0].children[0].objectIdentifier).description
    }
    #expect(try policies() == "1.2.392.200149.8.5.1.0.20")
    request.profile.signPolicy = .production
    #expect(try policies() == "1.2.392.200149.8.5.1.1.20")
    request.profile.hasResponderInSign = true
    #expect(try HolderCertificate(request).certificate.value(of: .authorityInfoAccess) != nil)
    request = try Sample.request(.auth)
    #expect(try policies() == "1.2.392.200149.8.5.1.3.30")
    request.profile.authPolicy = .test
    #expect(try policies() == "1.2.392.200149.8.5.1.0.30")
    request.authority = .test
    let names = X509Certificate.attributes(of: try HolderCertificate(request).certificate.issuer)
    #expect(names[1].text == "JPKI-TEST")
  }

  @Test func refusesNonsense() throws {
    let good = try Sample.request(.auth)
    let changes: [(inout HolderCertificateRequest) -> Void] = [
      { $0.notAfter = Instant(year: 2020, month: 1, day: 1, hour: 14, minute: 59, second: 59) },
      { $0.notAfter = $0.notAfter.advanced(by: 1) },
      { $0.notAfter = Instant(year: 2050, month: 1, day: 1, hour: 14, minute: 59, second: 59) },
      { $0.window = "001a" }, { $0.window = "" }, { $0.sequence = 100_000 }, { $0.sequence = -1 }, { $0.serial = [] },
      { $0.serial = [0] }, { $0.serial = [UInt8](repeating: 1, count: 21) }, { $0.generation = 0 },
      { $0.notBefore = Instant(year: 2014, month: 1, day: 1) },
    ]
    for (index, change) in changes.enumerated() {
      var request = good
      change(&request)
      #expect(throws: AuthorityError.self, "change \(index)") { try HolderCertificate(request) }
    }
    for birth in ["", "61990010", "619900101", "41990010a", "4１９９００１０"] {
      #expect(throws: AuthorityError.self) { try CertifiedHolder(name: "a", address: "b", birth: birth, sex: .male) }
    }
    #expect(throws: AuthorityError.self) { try Municipality(code: "99999") }
    #expect(throws: AuthorityError.self) { try Municipality(code: "1", prefecture: "a", name: "b") }
    #expect(throws: AuthorityError.self) { try Municipality(code: "12345", prefecture: "愛知", name: "b") }
  }
}

@Suite struct CertifiedTextTests {
  @Test(arguments: ["葛\u{E0100}", "辻\u{FE00}", "a\nb", "\u{0}", "", "😀", "𩸽", String(repeating: "長", count: 401)])
  func refuses(text: String) { #expect(throws: AuthorityError.self) { try CertifiedText(text) } }

  @Test func holderMayChoose() throws {
    #expect(try CertifiedText("𩸽", choices: ["𩸽": "ほ"]) == CertifiedText("𩸽", choices: ["𩸽": "ほ"]))
    #expect(try CertifiedText("𩸽", choices: ["𩸽": "ほ"]).text == "ほ")
    #expect(try CertifiedText("髙", choices: ["髙": "タ"]).text == "タ")
    #expect(throws: AuthorityError.self) { try CertifiedText("𩸽", choices: ["𩸽": "𩸽"]) }
  }

  /// A decomposed kana is composed and counts once; a compatibility ideograph becomes its plain form with a flag.
  @Test func composes() throws {
    #expect(try CertifiedText("か\u{3099}").flags == "0")
    #expect(try CertifiedText("\u{FA19}").text.unicodeScalars.map(\.value) == [0x795E])
    #expect(try CertifiedText("\u{FA19}").flags == "1")
    #expect(try CertifiedText("ＡＢＣ－１２３ ANNA MARÍA 〒").flags.allSatisfy { $0 == "0" })
  }

  /// JIS X 0208 has 6355 kanji and JIS X 0212 has 5801; the block below counts one kanji sign beside them.
  @Test func repertoireHasTheRightSize() {
    let kanji = (0x4E00...0x9FFF as ClosedRange<UInt32>).compactMap(Unicode.Scalar.init).count(
      where: CharacterRepertoire.contains)
    #expect(kanji == 12157 || kanji == 12156)
    for scalar in "丂丄亜腕弌熙龥".unicodeScalars { #expect(CharacterRepertoire.contains(scalar), "\(scalar)") }
  }

  @Test(arguments: [
    (1868, 1, 25, "118680125"), (1912, 7, 29, "119120729"), (1912, 7, 30, "219120730"), (1926, 12, 24, "219261224"),
    (1926, 12, 25, "319261225"), (1980, 2, 17, "319800217"), (1989, 1, 7, "319890107"), (1989, 1, 8, "419890108"),
    (2019, 4, 30, "420190430"), (2019, 5, 1, "520190501"), (1975, 0, 0, "319750000"), (0, 0, 0, "000000000"),
  ])
  func birthDigits(year: Int, month: Int, day: Int, digits: String) {
    #expect(CertifiedHolder.birthDigits(year: year, month: month, day: day) == digits)
  }
}

@Suite struct InstantTests {
  @Test(arguments: [
    ("19700101000000Z", 0), ("20000229235959Z", 951_868_799), ("20300910145959Z", 1_915_282_799),
    ("19691231235959Z", -1), ("16000101000000Z", -11_676_096_000), ("99991231235959Z", 253_402_300_799),
  ])
  func readsAndWrites(text: String, seconds: Int) {
    #expect(Instant(text)?.unixSeconds == seconds)
    #expect(Instant(unixSeconds: seconds).compact == text)
    #expect(Instant(Instant(unixSeconds: seconds).description)?.unixSeconds == seconds)
  }

  @Test(arguments: [
    "", "20260229000000Z", "20261301000000Z", "2026-11-20T10:00:00", "2026-11-20 10:00:00Z", "２０２６１１２０１０Z",
  ])
  func refuses(text: String) { #expect(Instant(text) == nil) }
}
