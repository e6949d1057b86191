import Foundation
import Testing

@testable import CardService

@Suite("The control connection")
struct ControlTests {
  private func fault(_ test: TestService, _ request: ControlRequest) throws -> ServiceFault? {
    do {
      _ = try ControlClient(path: test.path).ask(request)
      return nil
    } catch {
      return error
    }
  }

  @Test("Status of every slot, and of one")
  func status() throws {
    let test = try TestService(slots: 3, cards: 2)
    let client = try ControlClient(path: test.path)
    let slots = try #require(try client.ask(ControlRequest("status")).slots)
    #expect(slots.map(\.slot) == [0, 1, 2])
    #expect(slots.map(\.card) == ["fresh-adult", "fresh-adult", nil])
    #expect(slots[0].pins.first { $0.name == "sign" }?.triesLeft == 5)
    #expect(try client.ask(ControlRequest("status", slot: 2)).slots?.map(\.reader) == ["reader 2"])
  }

  @Test("Insert, eject, set and reset")
  func actions() throws {
    let test = try TestService(slots: 2)
    let client = try ControlClient(path: test.path)
    _ = try client.ask(ControlRequest("set", arguments: ["sign.tries=0", "auth.pin=9999", "auth.tries=1"]))
    #expect(test.service.slots[0].card?.pin(.sign)?.triesLeft == 0)
    #expect(test.service.slots[0].card?.pin(.auth)?.triesLeft == 1)
    _ = try client.ask(ControlRequest("resetPIN", arguments: ["sign", "NEW456"]))
    #expect(test.service.slots[0].card?.pin(.sign)?.triesLeft == 5)
    _ = try client.ask(ControlRequest("resetPIN", arguments: ["residentRecord", "4321"]))
    #expect(test.service.slots[0].card?.pin(.common)?.value == Array("4321".utf8))
    _ = try client.ask(ControlRequest("insert", card: "card"))
    #expect(test.service.slots[1].card != nil)
    _ = try client.ask(ControlRequest("eject", slot: 1))
    #expect(test.service.slots[1].card == nil)
  }

  @Test("What cannot be done is said, with a fix and the exit code")
  func faults() throws {
    let test = try TestService(slots: 2)
    let cases: [(ControlRequest, Int32)] = [
      (ControlRequest("fly"), 2), (ControlRequest("insert"), 2), (ControlRequest("insert", card: "nobody"), 2),
      (ControlRequest("insert", slot: 0, card: "card"), 1), (ControlRequest("insert", slot: 5, card: "card"), 2),
      (ControlRequest("eject", slot: 1), 1), (ControlRequest("eject", slot: -1), 2), (ControlRequest("set"), 2),
      (ControlRequest("set", slot: 1, arguments: ["sign.tries=1"]), 1), (ControlRequest("set", arguments: ["sign"]), 2),
      (ControlRequest("set", arguments: ["sign.tries=6"]), 2), (ControlRequest("set", arguments: ["x.tries=1"]), 2),
      (ControlRequest("set", arguments: ["sign.x=1"]), 2), (ControlRequest("set", arguments: ["sign.pin=abc"]), 2),
      (ControlRequest("set", arguments: [""]), 2), (ControlRequest("set", arguments: ["=", "."]), 2),
      (ControlRequest("resetPIN", arguments: ["sign"]), 2), (ControlRequest("resetPIN", arguments: ["sign", "1"]), 2),
      (ControlRequest("status", slot: 99), 2),
    ]
    for (request, code) in cases {
      let fault = try #require(try fault(test, request), "\(request)")
      #expect(fault.exitCode == code, "\(request): \(fault)")
      #expect(!fault.fix.isEmpty && !fault.problem.isEmpty)
    }
    #expect(test.service.slots[0].card?.pin(.sign)?.triesLeft == 5)
  }

  @Test("Messages that are no requests get an answer, and the connection stays")
  func garbage() throws {
    let test = try TestService()
    let socket = try PacketSocket.connect(to: test.path)
    socket.setReceiveLimit(milliseconds: 5_000)
    socket.send(LinkFrame.controlHello)
    #expect(LinkFrame.accepts(socket.receive(limit: 100)))
    let messages = [
      "x", "{", "[]", "null", "{\"action\":1}", "{\"action\":\"status\",\"slot\":1e99}",
      String(repeating: "[", count: 65_000),
      String(repeating: "{\"a\":", count: 13_000),
    ]
    for message in messages {
      socket.send(Array(message.utf8))
      let answer = try #require(socket.receive(limit: LinkFrame.longestMessage), "\(message.prefix(20))")
      #expect(String(decoding: answer, as: UTF8.self).contains("\"fix\""))
    }
  }

  @Test("Many faults with long answers: the list fits into a message, and one too many is refused")
  func manyFaults() throws {
    let test = try TestService()
    let client = try ControlClient(path: test.path)
    let words = ["answer", String(repeating: "6F", count: 15_000) + "9000", "at", "verify", "always"]
    for _ in 0..<100 {
      #expect(try client.ask(ControlRequest("fault", arguments: words)).faults?.isEmpty == false)
    }
    let fault = try fault(test, ControlRequest("fault", arguments: words))
    #expect(fault?.problem == "100 faults wait already")
    #expect(fault?.fix.contains("vmyna fault clear") == true)
    let list = try #require(client.ask(ControlRequest("fault", arguments: ["list"])).faults)
    #expect(list.count == 100)
    #expect(list.first == "answer 6F6F6F6F6F6F6F6F… (15002 bytes) at verify always")
    #expect(try client.ask(ControlRequest("fault", arguments: ["clear"])).faults == [])
  }

  @Test("An answer longer than a message is a fault that says so")
  func longAnswer() throws {
    let test = try TestService()
    let listener = try PacketSocket.listen(at: test.path + "4")
    let client = try PacketSocket.connect(to: test.path + "4")
    client.setReceiveLimit(milliseconds: 5_000)
    let server = try #require(listener.accept())
    var answer = ControlAnswer()
    answer.faults = [String(repeating: "x", count: LinkFrame.longestMessage)]
    #expect(ControlConnection(socket: server, service: test.service).send(answer))
    let told = try #require(client.receive(limit: LinkFrame.longestMessage))
    let fault = try #require(JSONDecoder().decode(ControlAnswer.self, from: Data(told)).error)
    #expect(fault.problem.contains("\(LinkFrame.longestMessage)"))
    #expect(!fault.fix.isEmpty)
    listener.shut()
  }

  @Test("A second service on the socket is refused; a dead one's socket is taken; a file is not")
  func listening() throws {
    let test = try TestService()
    func listen(_ path: String) throws { try PacketSocket.listen(at: path).shut() }
    let fault = #expect(throws: ServiceFault.self) { try listen(test.path) }
    #expect(fault?.problem == "a card service is running already")
    let other = test.path + "2"
    try listen(other)
    #expect(FileManager.default.fileExists(atPath: other))
    try listen(other)
    #expect(unlink(other) == 0)
    try Data("x".utf8).write(to: URL(fileURLWithPath: other))
    #expect(throws: ServiceFault.self) { try listen(other) }
    #expect(throws: ServiceFault.self) { try listen("") }
    #expect(throws: ServiceFault.self) { try listen("/" + String(repeating: "x", count: 108)) }
    #expect(throws: ServiceFault.self) { try ControlClient(path: test.path + "3") }
  }

  @Test("A folder whose lock somebody holds is told, not waited for without end")
  func lockedFolder() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("vmyna-\(UUID().uuidString.prefix(8))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let other = open(folder.path, O_RDONLY | O_DIRECTORY)
    defer { close(other) }
    try #require(flock(other, LOCK_EX) == 0)
    let path = folder.path + "/s"
    let fault = #expect(throws: ServiceFault.self) { try PacketSocket.listen(at: path).shut() }
    #expect(fault?.problem == "another process holds the lock of the socket's folder")
    #expect(flock(other, LOCK_UN) == 0)
    try PacketSocket.listen(at: path).shut()
  }

  @Test("A socket for all is open whatever the umask, and the umask stays", arguments: [(true, 0o666), (false, 0o600)])
  func openness(isOpen: Bool, wanted: Int) throws {
    let path = FileManager.default.temporaryDirectory.path + "/vmyna-\(UUID().uuidString.prefix(8))"
    let socket = try PacketSocket.listen(at: path, isOpen: isOpen)
    defer { unlink(path) }
    #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == wanted)
    socket.shut()
  }

  @Test("The socket is its owner's")
  func mode() throws {
    let test = try TestService()
    let mode = try FileManager.default.attributesOfItem(atPath: test.path)[.posixPermissions] as? Int
    #expect(mode == 0o600)
  }

  @Test("The same card in two slots has a state in each; out and in again finds its own")
  func states() throws {
    let test = try TestService(slots: 2, cards: 2, state: true)
    let client = try ControlClient(path: test.path)
    _ = try client.ask(ControlRequest("set", slot: 1, arguments: ["sign.tries=2"]))
    #expect(test.service.slots[0].card?.pin(.sign)?.triesLeft == 5)
    for _ in 0..<20 {
      _ = try client.ask(ControlRequest("eject", slot: 1))
      _ = try client.ask(ControlRequest("insert", slot: 1, card: "card"))
    }
    #expect(test.service.slots[1].card?.pin(.sign)?.triesLeft == 2)
  }
}
