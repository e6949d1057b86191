import CardImage
import CardKernel
import Cryptography
import Foundation
import ISO7816
import MyNumberCard
import Testing

@testable import CardHost

/// A folder that vanishes with its owner.
private final class TemporaryFolder {
  let url = FileManager.default.temporaryDirectory.appendingPathComponent(
    "vmyna-test-\(UUID().uuidString)", isDirectory: true)
  deinit { try? FileManager.default.removeItem(at: url) }
}

@Suite("Card host")
struct CardHostTests {
  private static let image: CardImage? = try? CardImage.load(
    from: URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Fixtures/format-1/image"))
  private static let selectJPKI = "00A4040C0AD392F000260100000001"
  private static let wrongSign = "0020009B0657524F4E4731"
  private static let rightSign = "0020009B06414243313233"

  private func host(_ stateFolder: URL? = nil, change: (inout CardImage) -> Void = { _ in }) throws -> CardHost {
    var image = try #require(Self.image)
    change(&image)
    return try CardHost(image: image, location: "fixture", stateFolder: stateFolder)
  }

  private func send(_ host: CardHost, _ commands: String...) throws -> String {
    var answer = ""
    for command in commands {
      let bytes = try #require([UInt8](hex: command))
      answer = host.transmit(bytes)?.response.hexString ?? "mute"
    }
    return answer
  }

  @Test("Without power a card is mute; power and resets answer with the answer to reset")
  func power() throws {
    let host = try host()
    #expect(try send(host, Self.selectJPKI) == "mute")
    #expect(host.warmReset().hexString == "3BDA13FF8131FB468012392F31C173C601C03B")
    #expect(try send(host, Self.selectJPKI) == "9000")
    #expect(host.powerOn() == host.personality.answerToReset.bytes)
    #expect(try send(host, "00A40000") == "6A86")
    host.powerOff()
    #expect(try send(host, Self.selectJPKI) == "mute")
    #expect(!host.status.isPowered)
  }

  @Test("What clears the security status, and what does not touch the counters")
  func securityStatus() throws {
    let host = try host()
    let sign = "802A009A08" + String(repeating: "11", count: 8) + "00"
    let actions: [(CardHost) -> Void] = [
      { _ = $0.powerOn() }, { _ = $0.warmReset() },
      {
        $0.powerOff(); _ = $0.powerOn()
      },
    ]
    for action in actions {
      _ = host.powerOn()
      #expect(try send(host, Self.selectJPKI, Self.rightSign) == "9000")
      #expect(host.status.pins.first { $0.name == .sign }?.status.isVerified == true)
      #expect(try send(host, sign).hasSuffix("9000"))
      #expect(try send(host, "0020009804 30303030".replacingOccurrences(of: " ", with: "")) == "63C2")
      action(host)
      #expect(try send(host, Self.selectJPKI, sign) == "6982")
      #expect(try send(host, "00200098") == "63C2")
      try host.apply([.triesLeft(PINName.auth.path, 3)], cause: "set")
    }
  }

  @Test("Tries are on disk when the answer is given; a new host on the folder has them")
  func durability() throws {
    let folder = TemporaryFolder()
    var first: CardHost? = try host(folder.url)
    _ = first?.powerOn()
    #expect(try first.map { try send($0, Self.selectJPKI, Self.wrongSign) } == "63C4")
    let line = try String(contentsOf: folder.url.appendingPathComponent(StateJournal.fileName), encoding: .utf8)
      .split(separator: "\n").last
    #expect(line?.contains(" VERIFY tries:jpki/001B:4 ") == true)
    #expect(throws: ImageFault.self) { try host(folder.url) }
    first = nil
    let second = try host(folder.url)
    #expect(second.pin(.sign)?.triesLeft == 4)
    #expect(second.stateFolder == folder.url)
  }

  @Test("A PIN that is changed, and one that is reset, are on disk")
  func changes() throws {
    let folder = TemporaryFolder()
    var first: CardHost? = try host(folder.url)
    _ = first?.powerOn()
    #expect(
      try first.map { try send($0, Self.selectJPKI, "00A4020C020018", "002000800431323334", "002401800435363738") }
        == "9000")
    try first?.apply([.pin(PINName.sign.path, value: Array("NEW456".utf8), triesLeft: 5)], cause: "operator")
    first = nil
    let second = try host(folder.url)
    #expect(second.pin(.auth)?.value == Array("5678".utf8))
    #expect(second.pin(.sign)?.value == Array("NEW456".utf8))
  }

  @Test("Changes from outside come all or none")
  func atomicChanges() throws {
    let host = try host()
    let impossible: [CardChange] = [
      .triesLeft(PINName.sign.path, 6), .triesLeft(PINName.sign.path, -1), .contents(PINName.sign.path, [1]),
      .key(PINName.sign.path, []), .triesLeft(FilePath(.jpki, 0x00FF), 1), .records(FilePath(.jpki, 0x0001), []),
    ]
    for change in impossible {
      #expect(throws: CardHost.ChangeFailure.refused(change.path)) {
        try host.apply([.triesLeft(PINName.auth.path, 1), change], cause: "set")
      }
      #expect(host.pin(.auth)?.triesLeft == 3)
    }
    try host.apply([], cause: "set")
  }

  @Test("Nothing applied writes nothing that could not be loaded")
  func emptyChange() throws {
    let folder = TemporaryFolder()
    var first: CardHost? = try host(folder.url)
    try first?.apply([], cause: "set")
    try first?.apply([.triesLeft(PINName.auth.path, 1)], cause: "set")
    first = nil
    #expect(try host(folder.url).pin(.auth)?.triesLeft == 1)
  }

  @Test("A state that the card does not allow is refused with its event")
  func impossibleState() throws {
    let folder = TemporaryFolder()
    let fingerprint = StateJournal.fingerprint(of: try #require(Self.image))
    var journal: StateJournal? = try StateJournal(folder: folder.url, card: fingerprint)
    try journal?.append(cause: "set", [.triesLeft(PINName.auth.path, 9)])
    journal = nil
    let fault = #expect(throws: ImageFault.self) { try host(folder.url) }
    #expect(fault?.problem.contains("jpki/0018") == true)
  }

  @Test("A key that is no key signs nothing, and the card lives on")
  func brokenKey() throws {
    for material in [[], [0x30], [UInt8](repeating: 0xFF, count: 1200)] as [[UInt8]] {
      let host = try host { $0.keys[FilePath(.jpki, JPKIApplication.signKey)] = material }
      _ = host.powerOn()
      let answer = try send(
        host, Self.selectJPKI, Self.rightSign, "802A009A08" + String(repeating: "11", count: 8) + "00")
      #expect(answer.count == 4 && answer != "9000")
      #expect(try send(host, "0020009B") == "63C5")
    }
  }

  @Test("A contactless card has a new identifier with every power-up, a contact card has none")
  func identifier() throws {
    let contactless = try host { $0.manifest.personality = "N1" }
    _ = contactless.powerOn()
    let first = try send(contactless, "FFCA000000")
    #expect(first.count == 12 && first.hasSuffix("9000"))
    #expect(try send(contactless, "FFCA000004") == first)
    _ = contactless.warmReset()
    #expect(try send(contactless, "FFCA000000") == first)
    _ = contactless.powerOn()
    #expect(try send(contactless, "FFCA000000") != first)
    let contact = try host()
    _ = contact.powerOn()
    #expect(try send(contact, "FFCA000000") == "6E00")
  }

  @Test("Many threads: every guess is counted once")
  func threads() async throws {
    let host = try host()
    _ = host.powerOn()
    _ = try send(host, Self.selectJPKI)
    let guess = try #require([UInt8](hex: Self.wrongSign))
    let answers = await withTaskGroup(of: String.self) { group in
      for _ in 0..<64 { group.addTask { host.transmit(guess)?.response.hexString ?? "mute" } }
      return await group.reduce(into: [String]()) { $0.append($1) }
    }
    #expect(answers.filter { $0.hasPrefix("63C") }.sorted() == ["63C0", "63C1", "63C2", "63C3", "63C4"])
    #expect(answers.filter { $0 == "6984" }.count == 59)
  }
}
