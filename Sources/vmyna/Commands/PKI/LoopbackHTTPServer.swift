import Foundation

/// A small HTTP/1.1 server on 127.0.0.1: one request a connection, everything bounded in bytes and time. Clients that send
/// rubbish, too much, half a request or nothing get an error or a closed connection, and others go on being served.
final class LoopbackHTTPServer: Sendable {
  struct Request: Sendable {
    var method: String
    var target: String
    var body: [UInt8]
  }

  struct Response: Sendable {
    var status: Int
    var reason: String
    var contentType: String
    var body: [UInt8]

    static func plain(_ status: Int, _ reason: String, _ text: String) -> Response {
      Response(status: status, reason: reason, contentType: "text/plain", body: Array(text.utf8))
    }
  }

  /// Longest request line with headers.
  static let longestHead = 16_384
  /// Longest body.
  static let longestBody = 65_536
  /// Seconds in which a client must have sent its request, and again in which it must have taken the answer.
  static let patience: TimeInterval = 5
  /// Connections served at once; more wait their turn.
  static let mostAtOnce = 32

  let port: UInt16
  private let listener: Int32

  init(port: UInt16) throws {
    func refuse(_ step: String) -> UserError {
      UserError(
        "\(step): \(String(cString: strerror(errno)))", at: "--port \(port)",
        fix: "end the program that uses the port, or choose another; 0 takes a free one", exitCode: 3)
    }
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard listener >= 0 else { throw refuse("no socket can be made") }
    var yes: Int32 = 1
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let (socket, size) = (listener, length)
    let bound = withUnsafePointer(to: address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(socket, $0, size) }
    }
    guard bound == 0, listen(listener, 64) == 0 else {
      let error = refuse("the port cannot be had")
      close(listener)
      throw error
    }
    let named = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(socket, $0, &length) }
    }
    self.port = named == 0 ? UInt16(bigEndian: address.sin_port) : port
  }

  /// Exit code 0 when told to end: there is nothing to save.
  static func endCleanlyOnSignals() {
    // A parent with threads of its own may have started us with these blocked.
    var set = sigset_t()
    sigemptyset(&set)
    for number in [SIGTERM, SIGINT] {
      signal(number) { _ in _exit(0) }
      sigaddset(&set, number)
    }
    pthread_sigmask(SIG_UNBLOCK, &set, nil)
  }

  /// Serves for ever.
  func serve(_ answer: @escaping @Sendable (Request) -> Response) -> Never {
    let turns = DispatchSemaphore(value: Self.mostAtOnce)
    while true {
      turns.wait()
      let client = accept(listener, nil, nil)
      guard client >= 0 else {
        let reason = errno
        turns.signal()
        // Out of descriptors, or the client is gone already: a moment later it may work again.
        if reason != EINTR && reason != ECONNABORTED { usleep(50_000) }
        continue
      }
      Thread.detachNewThread {
        Self.serve(client, answer)
        close(client)
        turns.signal()
      }
    }
  }

  private static func serve(_ client: Int32, _ answer: (Request) -> Response) {
    var connection = HTTPConnection(socket: client, deadline: Date(timeIntervalSinceNow: patience))
    let response: Response
    switch connection.readRequest() {
    case .request(let request): response = answer(request)
    case .refused(let refusal): response = refusal
    case .gone: return
    }
    let head = """
      HTTP/1.1 \(response.status) \(response.reason)\r
      Content-Type: \(response.contentType)\r
      Content-Length: \(response.body.count)\r
      Cache-Control: no-store\r
      Connection: close\r
      \r

      """
    connection.deadline = Date(timeIntervalSinceNow: patience)
    connection.write(Array(head.utf8) + response.body)
    connection.finish()
  }
}
