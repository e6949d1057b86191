import Synchronization

#if canImport(Glibc)
  import Glibc
#endif

/// Wakes a thread that waits in poll(2). Ringing again before it is silenced does nothing and costs nothing.
final class Bell: Sendable {
  /// Readable while the bell rings.
  let descriptor: Int32
  private let writer: Int32
  private let isRinging = Mutex(false)

  init() throws(ServiceFault) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else {
      throw ServiceFault(
        "no pipe can be made (\(String(cString: strerror(errno))))", at: "this machine",
        fix: "end other programs, or raise the limit of open files")
    }
    // pipe2 is not in Swift's Glibc; nothing is started from a process that serves (PacketSocket.accept).
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    (descriptor, writer) = (ends[0], ends[1])
  }

  deinit {
    close(descriptor)
    close(writer)
  }

  func ring() {
    isRinging.withLock { isRinging in
      guard !isRinging else { return }
      var byte: UInt8 = 1
      isRinging = write(writer, &byte, 1) == 1
    }
  }

  /// Makes it ready to ring again. Whatever happened before is to be looked at after this call.
  func silence() {
    isRinging.withLock { isRinging in
      guard isRinging else { return }
      var byte: UInt8 = 0
      _ = read(descriptor, &byte, 1)
      isRinging = false
    }
  }
}
