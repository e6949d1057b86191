import Foundation

/// One connection of `LoopbackHTTPServer`: reads one request and writes one answer, each before its deadline.
struct HTTPConnection {
  enum Outcome {
    case request(LoopbackHTTPServer.Request)
    case refused(LoopbackHTTPServer.Response)
    /// The client went away or stayed silent: nobody to answer.
    case gone
  }

  let socket: Int32
  var deadline: Date
  private var received: [UInt8] = []

  init(socket: Int32, deadline: Date) {
    self.socket = socket
    self.deadline = deadline
  }

  mutating func readRequest() -> Outcome {
    var headEnd: Int?
    while headEnd == nil {
      let searchedFrom = max(0, received.count - 3)
      guard let more = receive() else { return received.isEmpty ? .gone : .refused(.plain(408, "Request Timeout", "")) }
      guard more > 0 else { return .gone }
      headEnd = Self.endOfHead(received, from: searchedFrom)
      if headEnd ?? received.count > LoopbackHTTPServer.longestHead {
        return .refused(.plain(431, "Request Header Fields Too Large", ""))
      }
    }
    guard let headEnd, let head = HTTPHead(received.prefix(headEnd)) else {
      return .refused(.plain(400, "Bad Request", ""))
    }
    guard !head.hasTransferEncoding else { return .refused(.plain(411, "Length Required", "")) }
    guard head.contentLength <= LoopbackHTTPServer.longestBody else {
      return .refused(.plain(413, "Content Too Large", ""))
    }
    if head.expectsContinue, received.count < headEnd + head.contentLength {
      write(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8))
    }
    while received.count < headEnd + head.contentLength {
      guard let more = receive() else { return .refused(.plain(408, "Request Timeout", "")) }
      guard more > 0 else { return .gone }
    }
    let body = Array(received[headEnd..<headEnd + head.contentLength])
    return .request(LoopbackHTTPServer.Request(method: head.method, target: head.target, body: body))
  }

  /// Writes all, or as much as the client takes before the deadline.
  func write(_ bytes: [UInt8]) {
    var sent = 0
    while sent < bytes.count, wait(for: POLLOUT) {
      let count = bytes[sent...].withUnsafeBytes {
        send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count < 0 {
        guard errno == EINTR || errno == EAGAIN else { return }
        continue
      }
      sent += count
    }
  }

  /// Says that no more comes and takes in what the client still sends, for a little while: closing over unread bytes would
  /// reset the connection and could lose the answer.
  mutating func finish() {
    shutdown(socket, Int32(SHUT_WR))
    deadline = min(deadline, Date(timeIntervalSinceNow: 1))
    var rest = LoopbackHTTPServer.longestBody
    while rest > 0, let count = receive(), count > 0 {
      rest -= count
      received.removeAll(keepingCapacity: true)
    }
  }

  /// The count of bytes that came, 0 at the end, `nil` when the time is over.
  private mutating func receive() -> Int? {
    var block = [UInt8](repeating: 0, count: 4096)
    while wait(for: POLLIN) {
      let count = recv(socket, &block, block.count, 0)
      if count < 0 {
        guard errno == EINTR || errno == EAGAIN else { return 0 }
        continue
      }
      received += block.prefix(count)
      return count
    }
    return nil
  }

  private func wait(for events: Int32) -> Bool {
    while true {
      let milliseconds = deadline.timeIntervalSinceNow * 1000
      guard milliseconds > 0 else { return false }
      var entry = pollfd(fd: socket, events: Int16(truncatingIfNeeded: events), revents: 0)
      let ready = poll(&entry, 1, Int32(milliseconds.rounded(.up)))
      if ready > 0 { return true }
      if ready < 0 && errno != EINTR { return false }
    }
  }

  private static func endOfHead(_ bytes: [UInt8], from start: Int) -> Int? {
    guard bytes.count >= 4 else { return nil }
    let mark: [UInt8] = [0x0D, 0x0A, 0x0D, 0x0A]
    return (start...max(start, bytes.count - 4)).first { bytes[$0...].starts(with: mark) }.map { $0 + 4 }
  }
}

/// A request's first line and the few headers that matter.
struct HTTPHead {
  let method: String
  let target: String
  let contentLength: Int
  let hasTransferEncoding: Bool
  let expectsContinue: Bool

  init?(_ bytes: some Sequence<UInt8>) {
    guard let text = String(validating: Array(bytes), as: UTF8.self), text.utf8.allSatisfy({ $0 < 0x80 && $0 != 0 })
    else { return nil }
    var lines = text.split(separator: "\r\n", omittingEmptySubsequences: true)[...]
    guard let first = lines.popFirst() else { return nil }
    let parts = first.split(separator: " ", omittingEmptySubsequences: false)
    guard parts.count == 3, !parts[0].isEmpty, parts[1].hasPrefix("/"), parts[2] == "HTTP/1.1" || parts[2] == "HTTP/1.0"
    else { return nil }
    method = String(parts[0])
    target = String(parts[1])
    var (length, transfer, expects): (Int?, Bool, Bool) = (nil, false, false)
    for line in lines {
      guard let colon = line.firstIndex(of: ":"), colon > line.startIndex else { return nil }
      let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
      switch line[..<colon].lowercased() {
      case "content-length":
        guard length == nil, !value.isEmpty, value.utf8.count <= 9,
          value.utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        length = Int(value)
      case "transfer-encoding": transfer = true
      case "expect": expects = value.lowercased() == "100-continue"
      default: break
      }
    }
    contentLength = length ?? 0
    hasTransferEncoding = transfer
    expectsContinue = expects
  }
}
