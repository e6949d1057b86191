import CardKernel
import CardTestSupport
import Cryptography
import ISO7816
import MyNumberCard
import Testing

/// A try is on disk before the guess is looked at, whatever happens to the disk or the process, at every commit of every
/// scenario.
@Suite struct PayBeforeLookTests {
  enum Disturbance: CaseIterable, Sendable { case diskFull, diesBefore, diesAfter }

  struct Scenario: Sendable, CustomTestStringConvertible {
    let name: String
    let pin: PINName
    /// The guesses or changes, one after the other.
    let steps: [Step]
    var testDescription: String { name }
  }

  enum Step: Sendable {
    case guess(String)
    case right
    case chained
    case secure
    case change(String)
  }

  static let scenarios = [
    Scenario(name: "one wrong", pin: .auth, steps: [.guess("0000")]),
    Scenario(name: "to the lock", pin: .auth, steps: [.guess("0000"), .guess("0001"), .guess("0002"), .guess("0003")]),
    Scenario(name: "right", pin: .sign, steps: [.right]),
    Scenario(name: "wrong, right, wrong", pin: .sign, steps: [.guess("AAAAA1"), .right, .guess("AAAAA1")]),
    Scenario(name: "wrong length", pin: .auth, steps: [.guess("1"), .guess("123456789")]),
    Scenario(name: "chained", pin: .auth, steps: [.chained, .chained]),
    Scenario(name: "secure", pin: .textInput, steps: [.right, .secure, .secure, .right]),
    Scenario(name: "change", pin: .auth, steps: [.right, .change("4321")]),
    Scenario(name: "change twice", pin: .textInput, steps: [.right, .change("4321"), .change("1111"), .guess("1234")]),
    Scenario(name: "change a key", pin: .common, steps: [.guess("0000"), .right, .change("4321")]),
    Scenario(name: "change refused", pin: .sign, steps: [.right, .change("abc123"), .change("A1")]),
  ]

  @Test(arguments: scenarios) func undisturbed(_ scenario: Scenario) throws {
    let driver = try CardDriver()
    try run(scenario, on: driver)
    #expect(driver.effects.commitCount > 0)
  }

  @Test(arguments: scenarios, Disturbance.allCases)
  func disturbed(_ scenario: Scenario, _ disturbance: Disturbance) throws {
    let calm = try CardDriver()
    try run(scenario, on: calm)
    for number in 1...calm.effects.commitCount {
      var effects = TestEffects()
      switch disturbance {
      case .diskFull: effects.failsFrom = number
      case .diesBefore: effects.diesBefore = number
      case .diesAfter: effects.diesAfter = number
      }
      let driver = try CardDriver(effects: effects)
      try run(scenario, on: driver)
    }
  }

  /// Plays a scenario and checks after each step what the disk says against what was answered.
  private func run(_ scenario: Scenario, on driver: CardDriver) throws {
    let path = scenario.pin.path
    let fresh = driver.card
    #expect(driver.select(path) == .success)
    var value = SyntheticCard.value(of: scenario.pin)
    var triesOnDisk = try #require(fresh.pin(path)?.triesLeft)
    for step in scenario.steps {
      let commits = driver.effects.commits.count
      let before = triesOnDisk
      let (status, guess, change) = try perform(step, scenario.pin, value, on: driver)
      let stored = try #require(driver.effects.restart(fresh).pin(path))
      let inMemory = try #require(driver.card.pin(path))
      triesOnDisk = stored.triesLeft

      if let guess {
        // A guess was looked at only if it had been paid for.
        let wasLookedAt = status.isSuccess || (status.triesLeft != nil)
        if wasLookedAt { #expect(driver.effects.commits.count > commits) }
        if let left = status.triesLeft {
          #expect(guess != value)
          #expect(stored.triesLeft == left && left == before - 1)
        }
        if status.isSuccess {
          #expect(guess == value && stored.triesLeft == stored.triesMax)
          #expect(driver.card.isVerified(path))
        } else {
          #expect(!driver.card.isVerified(path) || status == .memoryFailure || status == .wrongLength)
        }
        // Nothing but the right PIN lifts the counter.
        #expect(stored.triesLeft <= before || guess == value)
        #expect(inMemory.triesLeft <= before || guess == value)
        #expect(stored.value == value && inMemory.value == value)
      }
      if let change {
        // Old or new, never half; and what the card says is what the disk says, unless the process is dead.
        #expect(stored.value == value || stored.value == change)
        if status.isSuccess {
          #expect(stored.value == change && inMemory.value == change)
          value = change
        } else {
          #expect(inMemory.value == value)
          if !driver.effects.isDead { #expect(stored.value == value) }
        }
      }
      if driver.effects.isDead { return }
      // A counter in memory is never above the one on disk, save when the disk did not take its payment.
      if driver.effects.failsFrom == nil { #expect(inMemory.triesLeft == stored.triesLeft) }
      #expect(inMemory.triesLeft <= stored.triesLeft)
    }
  }

  private func perform(
    _ step: Step, _ pin: PINName, _ value: [UInt8], on driver: CardDriver
  ) throws -> (StatusWord, guess: [UInt8]?, change: [UInt8]?) {
    switch step {
    case .guess(let text):
      let guess = Array(text.utf8)
      return (driver.verify(guess), guess, nil)
    case .right:
      return (driver.verify(value), value, nil)
    case .chained:
      #expect(driver.send("1020008002" + [UInt8]("99".utf8).hexString).status == .success)
      return (driver.send("0020008002" + [UInt8]("88".utf8).hexString).status, Array("9988".utf8), nil)
    case .secure:
      let seed = [UInt8](repeating: 0x5A, count: 32)
      let cryptogram = try SyntheticCard.key(.session).publicKey.encryptOAEP([0xA0, 0x22, 0x80, 0x20] + seed)
      let begun = driver.send([0x80, 0xAE, 0x00, 0x00, 0x00, 0x01, 0x00] + cryptogram)
      // A disturbed run may not have verified the PIN that the session needs.
      guard begun.status.isSuccess else { return (begun.status, nil, nil) }
      let guess = Array("0000".utf8)
      let object = try SecureChannel(key: Array(seed.prefix(16)), counter: 1).object(guess)
      return (driver.send([0x08, 0x20, 0x00, 0x80, UInt8(object.count)] + object).status, guess, nil)
    case .change(let text):
      let new = Array(text.utf8)
      let header: [UInt8] = pin == .common ? [0x80, 0x32, 0x00, 0x80] : [0x00, 0x24, 0x01, 0x80]
      return (driver.send(header + [UInt8(new.count)] + new).status, nil, new)
    }
  }

  @Test func aFullDiskSpendsTries() throws {
    let driver = try CardDriver()
    #expect(driver.select(PINName.auth.path) == .success)
    driver.effects.failsFrom = 1
    for left in [2, 1, 0] {
      #expect(driver.verify(SyntheticCard.value(of: .auth)) == .memoryFailure)
      #expect(driver.card.pin(PINName.auth.path)?.triesLeft == left)
      #expect(!driver.card.isVerified(PINName.auth.path))
    }
    #expect(driver.verify(SyntheticCard.value(of: .auth)) == .referencedKeyBlocked)
    // The disk has heard of none of it, and has seen no guess either.
    #expect(driver.effects.commits.isEmpty)
  }

  @Test func aRefillThatFailsOpensNothing() throws {
    let driver = try CardDriver()
    #expect(driver.select(PINName.auth.path) == .success)
    driver.effects.failsFrom = 2
    #expect(driver.verify(SyntheticCard.value(of: .auth)) == .memoryFailure)
    #expect(driver.card.pin(PINName.auth.path)?.triesLeft == 2)
    #expect(!driver.card.isVerified(PINName.auth.path))
    #expect(driver.effects.commits == [.triesLeft(PINName.auth.path, 2)])
  }
}
