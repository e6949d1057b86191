import Foundation

#if canImport(Glibc)
  import Glibc
#endif

/// A TCP connection that never waits without end. Closes with its owner.
final class TCPConnection {
  private let descriptor: Int32

  private static let connectMilliseconds: Int32 = 2_000
  private static let sendMilliseconds = 5_000
  /// A peer whose machine has gone is noticed by the kernel in about half a minute.
  private static let keepAliveIdle: Int32 = 10
  private static let keepAliveInterval: Int32 = 5
  private static let keepAliveCount: Int32 = 3

  private init(_ descriptor: Int32) { self.descriptor = descriptor }

  deinit { close(descriptor) }

  /// Readable when bytes wait, or the connection has ended.
  var pollDescriptor: Int32 { descriptor }

  /// Connects to the first of the addresses that answers; `nil` when none does.
  static func connect(to addresses: [SocketAddress]) -> TCPConnection? {
    for address in addresses {
      if let connection = connect(to: address) { return connection }
    }
    return nil
  }

  private static func connect(to address: SocketAddress) -> TCPConnection? {
    let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
    let descriptor = socket(address.family, type, 0)
    guard descriptor >= 0 else { return nil }
    let connection = TCPConnection(descriptor)
    let result = address.withPointer { Glibc.connect(descriptor, $0, $1) }
    if result != 0 {
      guard errno == EINPROGRESS, connection.waits(for: Int16(POLLOUT), milliseconds: connectMilliseconds) else {
        return nil
      }
      var error: Int32 = 0
      var length = socklen_t(MemoryLayout<Int32>.size)
      guard getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &length) == 0, error == 0 else { return nil }
    }
    // A connection to itself, which the kernel makes when it picks the very port that nobody listens on.
    guard !connection.leadsToItself else { return nil }
    connection.configure()
    return connection
  }

  private var leadsToItself: Bool {
    func name(_ get: (Int32, UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32) -> [UInt8] {
      var storage = sockaddr_storage()
      var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
      let result = withUnsafeMutablePointer(to: &storage) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { get(descriptor, $0, &length) }
      }
      return result == 0 ? withUnsafeBytes(of: &storage) { Array($0.prefix(Int(length))) } : []
    }
    let ours = name(getsockname)
    return !ours.isEmpty && ours == name(getpeername)
  }

  private func configure() {
    let flags = fcntl(descriptor, F_GETFL)
    _ = fcntl(descriptor, F_SETFL, flags & ~O_NONBLOCK)
    set(Int32(IPPROTO_TCP), TCP_NODELAY, 1)
    set(SOL_SOCKET, SO_KEEPALIVE, 1)
    set(Int32(IPPROTO_TCP), TCP_KEEPIDLE, Self.keepAliveIdle)
    set(Int32(IPPROTO_TCP), TCP_KEEPINTVL, Self.keepAliveInterval)
    set(Int32(IPPROTO_TCP), TCP_KEEPCNT, Self.keepAliveCount)
    var limit = timeval(tv_sec: Self.sendMilliseconds / 1000, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    acknowledgeAtOnce()
  }

  private func set(_ level: Int32, _ option: Int32, _ value: Int32) {
    var value = value
    setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
  }

  /// vpcd writes length and payload apart, so its second write waits for our acknowledgement of the first. The kernel
  /// forgets this wish after every receive.
  private func acknowledgeAtOnce() { set(Int32(IPPROTO_TCP), TCP_QUICKACK, 1) }

  private func waits(for events: Int16, milliseconds: Int32) -> Bool {
    var item = pollfd(fd: descriptor, events: events, revents: 0)
    while true {
      let count = poll(&item, 1, milliseconds)
      if count >= 0 || errno != EINTR { return count > 0 }
    }
  }

  /// What has come; `nil` at the end of the connection.
  func receive(limit: Int) -> [UInt8]? {
    var isEnd = false
    let bytes = [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
      while true {
        let received = recv(descriptor, buffer.baseAddress, limit, Int32(MSG_DONTWAIT))
        if received < 0 && errno == EINTR { continue }
        isEnd = received == 0 || (received < 0 && errno != EAGAIN)
        count = max(0, received)
        return
      }
    }
    acknowledgeAtOnce()
    return isEnd ? nil : bytes
  }

  /// Sends all bytes.
  /// - Returns: `false` when the peer does not take them.
  func send(_ bytes: [UInt8]) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count > 0 { sent += count }
      guard count > 0 || errno == EINTR else { return false }
    }
    return true
  }
}
