import Foundation

#if canImport(Glibc)
  import Glibc
#endif

/// One end of a Unix SOCK_SEQPACKET connection, or a listening one: the kernel keeps the borders of messages.
/// Closes with its last owner.
public final class PacketSocket: Sendable {
  private let descriptor: Int32

  /// The longest message, and one byte more so that a longer one is seen, not cut (`Docs/Protocol.md`, "Transport").
  static let receiveCapacity = LinkFrame.longestMessage + 1
  /// The driver does not wait for a place in the queue, so a flood of others must not fill it at once.
  private static let backlog: Int32 = 1024
  private static let connectMilliseconds = 2_000

  private init(_ descriptor: Int32) { self.descriptor = descriptor }

  deinit { close(descriptor) }

  /// Readable when a message waits, or the connection has ended.
  var pollDescriptor: Int32 { descriptor }

  /// A socket that listens at `path`; what a dead service left there is removed, a living one is not.
  /// - Parameter isOpen: whether everybody may connect; else its owner alone (and root).
  static func listen(at path: String, isOpen: Bool = false) throws(ServiceFault) -> PacketSocket {
    // One at a time: of two services that begin together, the second must not take the first one's socket for a dead one.
    let folder = try lockFolder(of: path)
    defer { if folder >= 0 { close(folder) } }
    if (try? connect(to: path)) != nil {
      throw ServiceFault(
        "a card service is running already", at: path,
        fix: "use it with the control commands, end it, or name another socket with --socket")
    }
    var status = stat()
    if lstat(path, &status) == 0 {
      guard status.st_mode & S_IFMT == S_IFSOCK else {
        throw ServiceFault("there is something that is no socket", at: path, fix: "name another path with --socket")
      }
      unlink(path)
    }
    let socket = try make()
    // The socket belongs to its owner from the first moment on: bind(2) gives the file the mode that the socket has here,
    // less the umask. Only a socket that is open to all needs another umask, which is the whole process's.
    fchmod(socket.descriptor, isOpen ? 0o666 : 0o600)
    let mask = isOpen ? umask(0) : nil
    let bound = try withAddress(path) { bind(socket.descriptor, $0, $1) }
    let reason = String(cString: strerror(errno))
    if let mask { umask(mask) }
    guard bound == 0, Glibc.listen(socket.descriptor, backlog) == 0 else {
      throw ServiceFault(
        "the socket cannot be made (\(reason))", at: path,
        fix: "check that its folder exists and that you may write there, or name another path with --socket")
    }
    return socket
  }

  /// How often a folder's lock is tried, and with what pauses: three seconds, as long as a service may take to begin.
  private static let lockAttempts = 150
  private static let lockPauseMicroseconds: UInt32 = 20_000

  /// Locks a socket's folder, for as long as the descriptor is open. Whoever may read the folder may hold its lock, so
  /// there is no waiting without end.
  /// - Returns: a negative number where there is nothing to lock.
  private static func lockFolder(of path: String) throws(ServiceFault) -> Int32 {
    let name = URL(fileURLWithPath: path).deletingLastPathComponent().path
    let folder = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { return folder }
    var attempts = 1
    while flock(folder, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK || errno == EINTR {
      guard attempts < lockAttempts else {
        close(folder)
        throw ServiceFault(
          "another process holds the lock of the socket's folder", at: name,
          fix: "end that process, or name a socket in a folder of your own with --socket")
      }
      attempts += 1
      usleep(lockPauseMicroseconds)
    }
    return folder
  }

  /// Connects to a service.
  public static func connect(to path: String) throws(ServiceFault) -> PacketSocket {
    let socket = try make()
    // Of a service that hangs the queue is full some day, and connecting would wait for ever.
    socket.setLimit(SO_SNDTIMEO, milliseconds: connectMilliseconds)
    let connected = try withAddress(path) { Glibc.connect(socket.descriptor, $0, $1) }
    if connected != 0 && errno == EAGAIN {
      throw ServiceFault(
        "the card service does not take connections", at: path, fix: "end it (kill -9 if need be), and start it again")
    }
    guard connected == 0 else {
      throw ServiceFault(
        "no card service answers", at: path,
        fix: "start one with 'vmyna serve', or name its socket with --socket or VMYNA_SOCKET")
    }
    return socket
  }

  private static func make() throws(ServiceFault) -> PacketSocket {
    let descriptor = socket(AF_UNIX, Int32(SOCK_SEQPACKET.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else {
      throw ServiceFault(
        "no socket can be made (\(String(cString: strerror(errno))))", at: "this machine",
        fix: "end other programs, or raise the limit of open files")
    }
    return PacketSocket(descriptor)
  }

  private static func withAddress(
    _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
  ) throws(ServiceFault) -> Int32 {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    let capacity = MemoryLayout.size(ofValue: address.sun_path) - 1
    guard !bytes.isEmpty, bytes.count <= capacity else {
      throw ServiceFault(
        "a socket's path has 1 to \(capacity) bytes, this one has \(bytes.count)", at: path,
        fix: "name a shorter path with --socket")
    }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    return withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
  }

  /// Waits for the next client; `nil` when the socket was shut.
  func accept() -> PacketSocket? {
    while true {
      let client = Glibc.accept(descriptor, nil, nil)
      if client >= 0 {
        // accept4 is not in Swift's Glibc. Nothing is started from a process that serves: those of `vmyna run` are
        // children of its guardian.
        _ = fcntl(client, F_SETFD, FD_CLOEXEC)
        return PacketSocket(client)
      }
      switch errno {
      case EINTR, ECONNABORTED: continue
      case EMFILE, ENFILE, ENOBUFS, ENOMEM:
        // Too many clients for this machine: the others live on, and the next one may find room.
        usleep(50_000)
      default: return nil
      }
    }
  }

  /// `struct ucred` of unix(7), which the C library shows to GNU programs only.
  private struct PeerCredentials {
    var process: pid_t = 0
    var user: uid_t = 0
    var group: gid_t = 0
  }

  /// The user at the other end.
  var peerUser: uid_t? {
    var credentials = PeerCredentials()
    var length = socklen_t(MemoryLayout<PeerCredentials>.size)
    guard getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &length) == 0 else { return nil }
    return credentials.user
  }

  /// Refuses another user's service: where everybody may make the folder that a socket is looked for in, somebody else
  /// may wait there for the PINs of `vmyna set`.
  func requireTrustedPeer(at path: String) throws(ServiceFault) {
    guard let user = peerUser, user == getuid() || user == 0 else {
      throw ServiceFault(
        "the service there is another user's", at: path,
        fix: "name the socket of your own service with --socket or VMYNA_SOCKET, or be the user who started this one")
    }
  }

  /// Receives one message into `buffer`.
  /// - Returns: its length; `nil` at the end of the connection, after `limit`, or for an empty message.
  func receive(into buffer: UnsafeMutableRawBufferPointer) -> Int? {
    while true {
      let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
      if count > 0 { return count }
      guard count < 0, errno == EINTR else { return nil }
    }
  }

  /// Receives one message of at most `limit` bytes.
  public func receive(limit: Int) -> [UInt8]? {
    var length = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: limit + 1) { buffer, count in
      length = receive(into: UnsafeMutableRawBufferPointer(buffer)) ?? 0
      count = length
    }
    return (1...limit).contains(length) ? bytes : nil
  }

  /// Sends one message.
  /// - Parameter waits: whether to wait for a reader that is slow.
  /// - Returns: `false` when the connection is of no more use.
  @discardableResult
  public func send(_ message: [UInt8], waits: Bool = true) -> Bool {
    let flags = Int32(MSG_NOSIGNAL) | (waits ? 0 : Int32(MSG_DONTWAIT))
    while true {
      if Glibc.send(descriptor, message, message.count, flags) == message.count { return true }
      guard errno == EINTR else { return false }
    }
  }

  /// Gives up waiting for a message after so long; zero waits for ever.
  public func setReceiveLimit(milliseconds: Int) { setLimit(SO_RCVTIMEO, milliseconds: milliseconds) }

  /// Gives up sending a message after so long.
  func setSendLimit(milliseconds: Int) { setLimit(SO_SNDTIMEO, milliseconds: milliseconds) }

  private func setLimit(_ option: Int32, milliseconds: Int) {
    var limit = timeval(tv_sec: milliseconds / 1000, tv_usec: milliseconds % 1000 * 1000)
    setsockopt(descriptor, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
  }

  /// Waits until the bell rings.
  /// - Returns: `false` when the other end has said something or gone away instead.
  func waits(for bell: Bell) -> Bool {
    var descriptors = [
      pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: bell.descriptor, events: Int16(POLLIN), revents: 0),
    ]
    while poll(&descriptors, nfds_t(descriptors.count), -1) < 0 {
      guard errno == EINTR else { return false }
    }
    guard descriptors[0].revents == 0 else { return false }
    bell.silence()
    return true
  }

  /// Waits until a message can be received, or the connection has ended.
  /// - Returns: `false` when the time is over first.
  func waitsForMessage(until deadline: ContinuousClock.Instant) -> Bool {
    var item = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    while true {
      let count = poll(&item, 1, Self.milliseconds(until: deadline))
      if count != 0, count > 0 || errno != EINTR { return true }
      if count == 0, deadline <= .now { return false }
    }
  }

  /// Lets time go by for as long as the other end is there; what it says meanwhile is left for later.
  /// - Returns: `false` when it has gone.
  func staysOpen(milliseconds: Int) -> Bool {
    let deadline = ContinuousClock.now + .milliseconds(milliseconds)
    // Nothing is asked for: poll tells of the end (POLLHUP) in any case.
    var item = pollfd(fd: descriptor, events: 0, revents: 0)
    while true {
      let count = poll(&item, 1, Self.milliseconds(until: deadline))
      if count != 0, count > 0 || errno != EINTR { return false }
      if count == 0, deadline <= .now { return true }
    }
  }

  /// What poll(2) takes: whole milliseconds, and none too few.
  private static func milliseconds(until deadline: ContinuousClock.Instant) -> Int32 {
    let left = (deadline - .now) / .milliseconds(1)
    return Int32(max(0, min(left.rounded(.up), Double(Int32.max))))
  }

  /// Ends the connection; whoever waits in it wakes.
  func shut() { shutdown(descriptor, Int32(SHUT_RDWR)) }
}
