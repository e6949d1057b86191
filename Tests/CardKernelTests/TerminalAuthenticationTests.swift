import CardKernel
import CardTestSupport
import Cryptography
import ISO7816
import MyNumberCard
import Testing

/// The path of an authorised terminal under the test authority, and every way to leave it.
@Suite struct TerminalAuthenticationTests {
  static let bodyHeader: [UInt8] = [0x7F, 0x21, 0x82, 0x02, 0x33, 0x5F, 0x4E, 0x82, 0x01, 0x29]
  static let signatureHeader: [UInt8] = [0x5F, 0x37, 0x82, 0x01, 0x00]

  private func present(
    _ driver: CardDriver, body: [UInt8], signature: [UInt8]
  ) -> (StatusWord, StatusWord) {
    let first = CommandAPDU(
      cla: 0x80, ins: 0xA2, p1: 0x06, p2: 0xC1, data: Self.bodyHeader + body, expectedLength: 65_536)
    let second = CommandAPDU(
      cla: 0x80, ins: 0xA2, p1: 0x00, p2: 0xC1, data: Self.signatureHeader + signature, expectedLength: 65_536)
    return (driver.send(first.bytes).status, driver.send(second.bytes).status)
  }

  private func driver() throws -> CardDriver {
    let driver = try CardDriver()
    #expect(driver.select(FilePath(.jpki, 0x0016)) == .success)
    return driver
  }

  private func authenticate(_ driver: CardDriver, with name: SyntheticCard.Key) throws -> StatusWord {
    let challenge = driver.send("0084000020").data
    let answer = try SyntheticCard.key(name).signPKCS1SHA256(challenge)
    return driver.send([0x00, 0x82, 0x00, 0x00, 0x00, 0x01, 0x00] + answer).status
  }

  private func signs(_ driver: CardDriver) -> StatusWord { driver.send("802A0097 01 55 00").status }

  @Test func theWholePath() throws {
    let driver = try driver()
    let body = try SyntheticCard.verifiableBody(of: .terminal)
    let signature = try SyntheticCard.key(.terminalAuthority).signPKCS1SHA256(body)
    #expect(signs(driver) == .securityStatusNotSatisfied)
    #expect(driver.select(0x0016) == .success)
    #expect(present(driver, body: body, signature: signature) == (.success, .success))
    #expect(signs(driver) == .securityStatusNotSatisfied)
    #expect(try authenticate(driver, with: .terminal) == .success)
    let answer = driver.send("802A0097 01 55 00")
    #expect(try SyntheticCard.key(.auth).publicKey.verifyPKCS1(answer.data, block: [0x55]))
    // No PIN was verified, no counter moved, and the sign key stays shut.
    #expect(!driver.card.isVerified(PINName.auth.path))
    #expect(driver.effects.commitCount == 0)
    #expect(driver.send("802A009A 01 55 00").status == .securityStatusNotSatisfied)
    #expect(driver.select(.jpki) == .success)
    #expect(signs(driver) == .success)
    #expect(driver.select(.common) == .success && driver.select(.jpki) == .success)
    #expect(signs(driver) == .securityStatusNotSatisfied)
  }

  @Test func anotherKeyOrAuthority() throws {
    let body = try SyntheticCard.verifiableBody(of: .terminal)
    let wrongAuthority = try driver()
    let forged = try SyntheticCard.key(.issuer).signPKCS1SHA256(body)
    #expect(present(wrongAuthority, body: body, signature: forged).1 == .conditionsOfUseNotSatisfied)
    #expect(try authenticate(wrongAuthority, with: .terminal) == .securityStatusNotSatisfied)
    let wrongTerminal = try driver()
    let good = try SyntheticCard.key(.terminalAuthority).signPKCS1SHA256(body)
    #expect(present(wrongTerminal, body: body, signature: good) == (.success, .success))
    #expect(try authenticate(wrongTerminal, with: .issuer) == .securityStatusNotSatisfied)
    #expect(signs(wrongTerminal) == .securityStatusNotSatisfied)
  }

  @Test func everyTenthBitOfTheCertificate() throws {
    let body = try SyntheticCard.verifiableBody(of: .terminal)
    let signature = try SyntheticCard.key(.terminalAuthority).signPKCS1SHA256(body)
    for position in stride(from: 0, to: (body.count + signature.count) * 8, by: 83) {
      var (body, signature) = (body, signature)
      if position / 8 < body.count {
        body[position / 8] ^= 1 << UInt8(position % 8)
      } else {
        signature[position / 8 - body.count] ^= 1 << UInt8(position % 8)
      }
      let driver = try driver()
      #expect(present(driver, body: body, signature: signature).1 == .conditionsOfUseNotSatisfied)
    }
  }

  /// A signed body whose inside is no key.
  @Test func aCertificateWithoutAKey() throws {
    var body = try SyntheticCard.verifiableBody(of: .terminal)
    body[32] = 0x91
    let signature = try SyntheticCard.key(.terminalAuthority).signPKCS1SHA256(body)
    let driver = try driver()
    #expect(present(driver, body: body, signature: signature).1 == .conditionsOfUseNotSatisfied)
  }

  @Test func aChallengeServesOnce() throws {
    let driver = try driver()
    let body = try SyntheticCard.verifiableBody(of: .terminal)
    let signature = try SyntheticCard.key(.terminalAuthority).signPKCS1SHA256(body)
    #expect(present(driver, body: body, signature: signature) == (.success, .success))
    let challenge = driver.send("0084000020").data
    let wrong = [UInt8](repeating: 0x11, count: 256)
    #expect(driver.send([0x00, 0x82, 0, 0, 0, 1, 0] + wrong).status == .securityStatusNotSatisfied)
    let right = try SyntheticCard.key(.terminal).signPKCS1SHA256(challenge)
    #expect(driver.send([0x00, 0x82, 0, 0, 0, 1, 0] + right).status == .conditionsOfUseNotSatisfied)
  }
}
