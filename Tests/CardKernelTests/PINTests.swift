import CardTestSupport
import ISO7816
import MyNumberCard
import Testing

@testable import CardKernel

@Suite struct PINTests {
  /// Nothing but the PIN is the PIN: every single wrong bit and pair of wrong bits, every other length.
  @Test(arguments: PINName.allCases) func onlyTheRightOne(_ name: PINName) {
    let value = SyntheticCard.value(of: name)
    let pin = PIN(value, triesMax: 3, format: .unknown)
    #expect(pin.matches(value))
    let bits = value.count * 8
    for first in 0..<bits {
      for second in first..<bits {
        var guess = value
        guess[first / 8] ^= 1 << UInt8(first % 8)
        if second != first { guess[second / 8] ^= 1 << UInt8(second % 8) }
        #expect(!pin.matches(guess), "\(guess)")
      }
    }
    for length in 0...17 where length != value.count {
      #expect(!pin.matches(Array((value + value).prefix(length))))
    }
    #expect(!PIN(nil, triesMax: 3, format: .unknown).matches([]))
  }

  @Test func everyFourDigits() {
    let pin = PIN(Array("1234".utf8), triesMax: 3, format: .digits(4))
    let accepted = (0..<10_000).filter { number in
      let digits = String(number)
      return pin.matches(Array((String(repeating: "0", count: 4 - digits.count) + digits).utf8))
    }
    #expect(accepted == [1234])
  }

  @Test(arguments: [
    (PINFormat.digits(4), "1234", true), (.digits(4), "123A", false), (.digits(4), "", true),
    (.lettersAndDigits(6...16), "ABC123", true), (.lettersAndDigits(6...16), "ABCDEF", false),
    (.lettersAndDigits(6...16), "123456", false), (.lettersAndDigits(6...16), "abc123", false),
    (.lettersAndDigits(6...16), "ABC12é", false), (.unknown, "1234", false),
  ])
  func forms(_ format: PINFormat, _ text: String, _ accepted: Bool) {
    #expect(format.acceptsCharacters(of: Array(text.utf8)) == accepted)
  }

  /// A changed counter or PIN from outside: range kept, verification taken away, other files refused.
  @Test func changesFromOutside() throws {
    let driver = try CardDriver()
    #expect(driver.select(.jpki) == .success && driver.verify(.auth) == .success)
    let path = PINName.auth.path
    #expect(apply(.triesLeft(path, 1), to: driver))
    #expect(driver.card.pin(path)?.triesLeft == 1)
    #expect(!apply(.triesLeft(path, 4), to: driver) && !apply(.triesLeft(path, -1), to: driver))
    #expect(driver.card.isVerified(path))
    #expect(apply(.pin(path, value: Array("9999".utf8), triesLeft: 3), to: driver))
    #expect(!driver.card.isVerified(path))
    #expect(driver.select(path) == .success)
    #expect(driver.verify(Array("1234".utf8)) == .triesLeft(2))
    #expect(driver.verify(Array("9999".utf8)) == .success)
    for change: CardChange in [
      .triesLeft(FilePath(.jpki, 0x0017), 1), .pin(FilePath(.jpki, 0x0001), value: nil, triesLeft: 0),
      .contents(path, []), .records(path, []), .key(path, []), .contents(FilePath(.jpki, 0x0003), []),
      .contents(FilePath(ApplicationName(rawValue: "none"), 0x0001), []),
    ] {
      #expect(!apply(change, to: driver))
    }
    #expect(apply(.contents(FilePath(.jpki, 0x0008), [0x8F]), to: driver))
    #expect(apply(.records(FilePath(.common, 0x0002), [[1]]), to: driver))
    #expect(apply(.key(FilePath(.jpki, 0x0017), []), to: driver))
  }

  private func apply(_ change: CardChange, to driver: CardDriver) -> Bool { driver.card.apply(change) }
}
