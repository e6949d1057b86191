import CardHost
import CardImage
import Foundation
import Testing

@testable import CardService

/// A service of one test, with the kept image as its only card.
final class TestService {
  let service: CardService
  let path: String
  private let folder: URL

  init(slots: Int = 1, cards: Int = 1, state: Bool = false, driverUsers: Set<uid_t>? = nil) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("vmyna-\(UUID().uuidString.prefix(8))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    self.folder = folder
    path = folder.appendingPathComponent("s").path
    let image = try CardImage.load(
      from: URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Fixtures/format-1/image"))
    service = try CardService(path: path, slots: slots, readerName: { "reader \($0)" }, driverUsers: driverUsers) {
      name, taken throws(ServiceFault) in
      guard ["card", "other"].contains(name) else {
        throw ServiceFault("no such card", at: name, fix: "name 'card'", exitCode: 2)
      }
      do throws(ImageFault) {
        let place = folder.appendingPathComponent("state-\(taken.count)", isDirectory: true)
        return try CardHost(image: image, location: "fixture", stateFolder: state ? place : nil)
      } catch {
        throw ServiceFault(error.problem, at: error.location, fix: error.fix)
      }
    }
    for slot in 0..<cards { try service.insert("card", slot: slot) }
    service.start()
  }

  deinit {
    service.stop()
    try? FileManager.default.removeItem(at: folder)
  }

  /// A connection that has said hello, and the status of the answer.
  func connect(_ role: LinkFrame.Role, slot: UInt8 = 0) throws -> (link: Link, status: UInt8) {
    let socket = try PacketSocket.connect(to: path)
    socket.setReceiveLimit(milliseconds: 5_000)
    socket.send(Array("VMYN".utf8) + [1, 1, role.rawValue, slot])
    let answer = try #require(socket.receive(limit: 100))
    #expect(answer.count == 8 && answer.starts(with: Array("VMYN".utf8)))
    return (Link(socket: socket), answer[5])
  }
}

/// The driver's side of a connection.
final class Link {
  let socket: PacketSocket
  private var sequence: UInt8 = 250

  init(socket: PacketSocket) { self.socket = socket }

  /// Status and payload; `nil` at the end of the connection.
  func ask(_ kind: LinkFrame.Kind, _ payload: [UInt8] = []) -> (status: UInt8, payload: [UInt8])? {
    sequence &+= 1
    socket.send([kind.rawValue, sequence, 0, 0] + payload)
    guard let answer = socket.receive(limit: LinkFrame.longestMessage), answer.count >= 4 else { return nil }
    #expect(answer[0] == kind.rawValue | 0x80)
    #expect(answer[1] == sequence)
    return (answer[2], Array(answer[4...]))
  }

  /// Kind and counter of the next event.
  func event() -> (kind: UInt8, counter: UInt32)? {
    guard let message = socket.receive(limit: 100), message.count == 8 else { return nil }
    return (message[0], message[4...].reduce(0) { $0 << 8 | UInt32($1) })
  }
}
