import Foundation
import Testing

@testable import CardService

#if canImport(Glibc)
  import Glibc
#endif

/// The bridge between a card service and a peer of the test's own.
@Suite struct VPCDBridgeTests {
  /// vpcd takes the end of a connection for a card that was taken out; the card is back after it.
  @Test(.timeLimit(.minutes(1))) func aCardThatIsLateComesBack() throws {
    let test = try TestService()
    let listener = try TCPListener()
    let events = Events()
    let bridge = try VPCDBridge(
      socketPath: test.path, address: VPCDAddress("127.0.0.1:\(listener.port)"), report: { events.add($0) })
    bridge.limits = LinkClient.Limits(answer: 300)
    nonisolated(unsafe) let carried = bridge
    Thread {
      do throws(ServiceFault) { try carried.run() } catch { events.end(error) }
    }.start()

    var peer = listener.accept()
    #expect(peer?.ask([0x04])?.first == 0x3B)
    peer?.send([0x01])
    try ControlClient(path: test.path).order(["delay 30s silently"])
    #expect(peer?.ask([0, 0x84, 0, 0, 8]) == nil)
    for _ in 0..<2 {
      peer = nil
      peer = listener.accept()
      #expect(peer?.ask([0x04])?.first == 0x3B)
      peer?.send([0x01])
      #expect(peer?.ask([0, 0x84, 0, 0, 8])?.count == 10)
    }
    #expect(events.all.prefix(3) == [.connected, .disconnected(.mute), .connected])
    #expect(events.fault == nil)
  }

  /// What the bridge reports, from its thread.
  private final class Events: @unchecked Sendable {
    private let lock = NSLock()
    private var list: [VPCDBridge.Event] = []
    private var last: ServiceFault?

    var all: [VPCDBridge.Event] { lock.withLock { list } }

    func add(_ event: VPCDBridge.Event) { lock.withLock { list.append(event) } }

    var fault: ServiceFault? { lock.withLock { last } }

    func end(_ fault: ServiceFault) { lock.withLock { last = fault } }
  }
}

/// Where a bridge finds its vpcd.
private final class TCPListener {
  private let descriptor: Int32
  let port: UInt16

  init() throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let (descriptor, size) = (descriptor, length)
    let result = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, size) | listen(descriptor, 4) | getsockname(descriptor, $0, &length)
      }
    }
    try #require(result == 0)
    port = UInt16(bigEndian: address.sin_port)
  }

  deinit { close(descriptor) }

  /// The next connection; `nil` when none comes for a while.
  func accept() -> TCPPeer? {
    var item = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    guard poll(&item, 1, 10_000) == 1 else { return nil }
    let client = Glibc.accept(descriptor, nil, nil)
    return client >= 0 ? TCPPeer(client) : nil
  }
}

/// vpcd's end of a connection.
private final class TCPPeer {
  private let descriptor: Int32

  init(_ descriptor: Int32) { self.descriptor = descriptor }

  deinit { close(descriptor) }

  func send(_ payload: [UInt8]) {
    let bytes = VPCDMessage.encode(payload) ?? []
    #expect(Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count)
  }

  /// The answer; `nil` at the end of the connection.
  func ask(_ payload: [UInt8]) -> [UInt8]? {
    send(payload)
    guard let length = receive(2) else { return nil }
    return receive(Int(length[0]) << 8 | Int(length[1]))
  }

  private func receive(_ count: Int) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    return recv(descriptor, &bytes, count, Int32(MSG_WAITALL)) == count ? bytes : nil
  }
}
