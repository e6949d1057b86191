import CardKernel
import CardTestSupport
import Cryptography
import ISO7816
import MyNumberCard
import Testing

/// Secure messaging beyond the stories of the card model: every byte of a message changed, every message repeated.
@Suite struct SecureMessagingTests {
  static let seed = [UInt8](repeating: 0xC3, count: 32)
  static let key = Array(seed.prefix(16))

  private func session() throws -> CardDriver {
    let driver = try CardDriver()
    #expect(driver.select(.textInput) == .success && driver.verify(.textInput) == .success)
    let cryptogram = try SyntheticCard.key(.session).publicKey.encryptOAEP([0xA0, 0x22, 0x80, 0x20] + Self.seed)
    #expect(driver.send([0x80, 0xAE, 0x00, 0x00, 0x00, 0x01, 0x00] + cryptogram).status == .success)
    return driver
  }

  private func select(_ counter: UInt64, _ file: UInt8 = 0x01) throws -> [UInt8] {
    let object = try SecureChannel(key: Self.key, counter: counter).object([0x00, file])
    return [0x08, 0xA4, 0x02, 0x0C, UInt8(object.count)] + object
  }

  /// Without a MAC a changed cryptogram can still open to something; what it may not do is trap, succeed as the file that was
  /// not meant, or leave the session alive after 6988.
  @Test func everyByteChanged() throws {
    let message = try select(1)
    for position in 5..<message.count {
      for bit: UInt8 in 0..<8 {
        let driver = try session()
        var changed = message
        changed[position] ^= 1 << bit
        let status = driver.send(changed).status
        #expect(!status.isSuccess, "byte \(position), bit \(bit)")
        let next = driver.send(try select(2)).status
        if status == .secureMessagingObjectsIncorrect {
          #expect(next == .noSecureMessagingSession)
        } else {
          #expect(next == .success, "\(status) then \(next)")
        }
      }
    }
  }

  @Test func everyCutLength() throws {
    let message = try select(1)
    for length in 5..<message.count {
      let driver = try session()
      var cut = Array(message.prefix(length))
      if length > 5 { cut[4] = UInt8(length - 5) }
      let status = driver.send(cut).status
      #expect([.secureMessagingObjectsIncorrect, .secureMessagingObjectsMissing].contains(status), "\(length)")
    }
  }

  @Test func replayAndSkip() throws {
    let driver = try session()
    let first = try select(1)
    #expect(driver.send(first).status == .success)
    #expect(driver.send(first).status == .secureMessagingObjectsIncorrect)
    #expect(driver.send(try select(3)).status == .noSecureMessagingSession)
    let other = try session()
    #expect(other.send(try select(2)).status == .secureMessagingObjectsIncorrect)
  }

  @Test func theWholeConversation() throws {
    let driver = try session()
    let files: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8]
    var counter: UInt64 = 1
    for file in files {
      #expect(driver.send(try select(counter, file)).status == .success)
      counter += 1
      let answer = driver.send([0x08, 0xB0, 0, 0, 0, 0, 5, 0x96, 3, 0, 0, 0, 0, 0])
      #expect(answer.status == .success)
      let plain = try SecureChannel(key: Self.key, counter: counter).open(answer.data)
      counter += 1
      guard case .transparent(let bytes)? = driver.card.file(FilePath(.textInput, FileID(UInt16(file))))?.content
      else { throw BERTLV.ParseError.truncated(offset: 0) }
      #expect(plain == bytes)
    }
  }

  /// Random objects in random commands: never a trap, always a word of the table.
  @Test func anyBytes() throws {
    var random = RandomBytes(seed: testSeed("SecureMessagingTests.anyBytes"))
    let driver = try session()
    let start = driver.card
    for _ in 0..<10_000 {
      if random.below(8) == 0 { driver.card = start }
      var data = random.bytes(random.below(40))
      if random.below(2) == 0 && data.count > 2 { data[0] = random.below(2) == 0 ? 0x86 : 0x96 }
      if data.count > 2 && random.below(2) == 0 { data[1] = UInt8(data.count - 2) }
      let ins: [UInt8] = [0x20, 0xA4, 0xB0, 0x84, UInt8(random.below(256))]
      let command = CommandAPDU(
        cla: random.below(10) == 0 ? 0x0C : 0x08, ins: random.element(of: ins) ?? 0, p1: UInt8(random.below(256)),
        p2: random.below(2) == 0 ? 0x80 : 0x0C, data: data, expectedLength: random.below(2) == 0 ? nil : 256)
      #expect(driver.send(command.bytes).bytes.count >= 2)
    }
  }
}
