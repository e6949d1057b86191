import CardKernel
import CardTestSupport
import ISO7816
import MyNumberCard
import Testing

@Suite struct ChainingTests {
  /// A command in pieces of every size does what it does in one piece.
  @Test(arguments: 1...20) func pieces(_ size: Int) throws {
    let driver = try CardDriver()
    #expect(driver.select(.jpki) == .success && driver.verify(.auth) == .success)
    let data = Array(0..<UInt8(200))
    let whole = driver.send(
      CommandAPDU(cla: 0x80, ins: 0x2A, p1: 0, p2: 0x97, data: data, expectedLength: 256).bytes)
    #expect(whole.status == .success)
    var rest = data[...]
    while rest.count > size {
      let link = CommandAPDU(cla: 0x90, ins: 0x2A, p1: 0, p2: 0x97, data: Array(rest.prefix(size)))
      #expect(driver.send(link.bytes) == .success)
      rest = rest.dropFirst(size)
    }
    let last = CommandAPDU(cla: 0x80, ins: 0x2A, p1: 0, p2: 0x97, data: Array(rest), expectedLength: 256)
    #expect(driver.send(last.bytes) == whole)
  }

  /// Whatever comes in between ends the chain: another header, another class, rubbish, secure messaging, a reset.
  @Test(arguments: ["00B0000001", "01B0000001", "08B0000001", "1024018001 31", "10200081 01 31", "FF000000"])
  func interruption(_ command: String) throws {
    let driver = try CardDriver()
    #expect(driver.select(PINName.auth.path) == .success)
    #expect(driver.send("10200080 02 3132") == .success)
    _ = driver.send(command)
    // With the chain this would be the right PIN.
    #expect(driver.send("00200080 02 3334").status == .triesLeft(2))
  }

  @Test func resets() throws {
    for cut in [{ $0.powerCycle() }, { $0.warmReset() }] as [(inout Card) -> Void] {
      let driver = try CardDriver()
      #expect(driver.select(PINName.auth.path) == .success)
      #expect(driver.send("10200080 02 3132") == .success)
      cut(&driver.card)
      #expect(driver.select(PINName.auth.path) == .success)
      #expect(driver.send("00200080 02 3334").status == .triesLeft(2))
    }
  }

  @Test func noMoreThanOneCommandCouldCarry() throws {
    let driver = try CardDriver()
    let block = [UInt8](repeating: 0x31, count: 60_000)
    let link = CommandAPDU(cla: 0x10, ins: 0x20, p1: 0, p2: 0x80, data: block).bytes
    #expect(driver.send(link) == .success)
    #expect(driver.send(link).status == .wrongLength)
    #expect(driver.send("00200080").status == .noCurrentFile)
  }
}
