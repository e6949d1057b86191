import Foundation
import Testing

/// `vmyna pki ocsp` as a process: openssl asks it, and rude clients do not end it.
@Suite("OCSP over HTTP")
struct OCSPServerTests {
  /// A running responder with an empty registry, ended when the test is.
  final class Responder {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("vmyna-\(UUID().uuidString)")
    let process = Process()
    let port: UInt16

    init() throws {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      let pipe = Pipe()
      process.executableURL = SessionPlayer.binary
      process.arguments = ["pki", "ocsp", "--port", "0", "--registry", folder.path]
      process.standardOutput = pipe
      try process.run()
      // One line, when it is ready.
      var line = ""
      while !line.hasSuffix("\n"), let byte = try pipe.fileHandleForReading.read(upToCount: 1), !byte.isEmpty {
        line += String(decoding: byte, as: UTF8.self)
      }
      let text = line.trimmingCharacters(in: .newlines)
      port = try #require(text.split(separator: ":").last.flatMap { UInt16($0) }, "\(text)")
    }

    deinit {
      if process.isRunning { process.terminate() }
      try? FileManager.default.removeItem(at: folder)
    }

    /// Sends bytes and gives the first line of the answer; "" when the server only closes.
    func exchange(_ bytes: [UInt8]) throws -> String {
      let socket = try connected()
      defer { close(socket) }
      // A refusal may come before all is sent; then the rest does not matter.
      _ = bytes.withUnsafeBytes { send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      shutdown(socket, Int32(SHUT_WR))
      var (answer, block): ([UInt8], [UInt8]) = ([], [UInt8](repeating: 0, count: 4096))
      while true {
        let count = recv(socket, &block, block.count, 0)
        guard count > 0 else { break }
        answer += block.prefix(count)
      }
      return String(decoding: answer.prefix { $0 != 0x0D }, as: UTF8.self)
    }

    func connected() throws -> Int32 {
      let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_port = port.bigEndian
      address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
      let status = withUnsafePointer(to: address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
      }
      try #require(status == 0)
      return socket
    }
  }

  static let requests: [(String, String)] = [
    ("\u{0}\r\n\r\n", "HTTP/1.1 400 Bad Request"), ("GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 400 Bad Request"),
    ("GET /%%% HTTP/1.1\r\n\r\n", "HTTP/1.1 400 Bad Request"), ("GET /AAAA HTTP/1.1\r\n\r\n", "HTTP/1.1 200 OK"),
    ("PUT / HTTP/1.1\r\n\r\n", "HTTP/1.1 405 Method Not Allowed"), ("POST / HTTP/1.1\r\n\r\n", "HTTP/1.1 200 OK"),
    ("POST / HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n", "HTTP/1.1 413 Content Too Large"),
    ("POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", "HTTP/1.1 400 Bad Request"),
    ("POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na", "HTTP/1.1 400 Bad Request"),
    ("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", "HTTP/1.1 411 Length Required"),
    ("POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\nhalf", ""), ("", ""),
    ("GET /" + String(repeating: "a", count: 20_000), "HTTP/1.1 431 Request Header Fields Too Large"),
    ("POST / HTTP/1.1\r\nno colon\r\n\r\n", "HTTP/1.1 400 Bad Request"),
  ]

  @Test func rudeClientsGetTheirAnswer() throws {
    let responder = try Responder()
    // Some who only connect and stay silent.
    let silent = try (0..<8).map { _ in try responder.connected() }
    defer { for socket in silent { close(socket) } }
    for (request, expected) in Self.requests {
      #expect(try responder.exchange(Array(request.utf8)) == expected, "\(request.prefix(60))")
    }
    #expect(responder.process.isRunning)
    responder.process.terminate()
    responder.process.waitUntilExit()
    #expect(responder.process.terminationStatus == 0)
  }

  @Test func opensslIsAnswered() throws {
    let responder = try Responder()
    let root = responder.folder.appendingPathComponent("root.pem").path
    try SessionPlayer.output("vmyna", "pki", "root", "auth").write(toFile: root, atomically: true, encoding: .utf8)
    let output = try SessionPlayer.output(
      "openssl", "ocsp", "-issuer", root, "-serial", "0x7ABCDEF0", "-CAfile", root, "-url",
      "http://127.0.0.1:\(responder.port)")
    #expect(output.contains("Response verify OK"), "\(output)")
    #expect(output.contains("unknown"), "\(output)")
    #expect(!output.contains("Nonce"), "\(output)")
  }
}

extension SessionPlayer {
  /// Both outputs of a program: ours, or one of the machine's.
  static func output(_ program: String, _ arguments: String...) throws -> String {
    let process = Process()
    process.executableURL = program == "vmyna" ? binary : URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = program == "vmyna" ? arguments : [program] + arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: output, as: UTF8.self)
  }
}
