import Foundation

#if canImport(Glibc)
  import Glibc
#endif

/// Where a vpcd driver listens: `HOST:PORT`, `HOST`, `[::1]:PORT`.
public struct VPCDAddress: Sendable, Equatable, CustomStringConvertible {
  /// A name or a number.
  public let host: String
  /// 1 to 65535.
  public let port: UInt16

  /// vpcd's port for its first slot; later slots follow.
  public static let usualPort: UInt16 = 35_963

  /// Reads an address.
  public init(_ text: String) throws(ServiceFault) {
    let host: Substring
    var rest: Substring
    if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
      host = text[text.index(after: text.startIndex)..<end]
      rest = text[text.index(after: end)...]
    } else {
      host = text.prefix { $0 != ":" }
      rest = text.dropFirst(host.count)
    }
    var port: UInt16? = Self.usualPort
    if rest.hasPrefix(":") {
      rest = rest.dropFirst()
      port = rest.allSatisfy(\.isNumber) ? UInt16(rest) : nil
    } else if !rest.isEmpty {
      port = nil
    }
    guard !host.isEmpty, let port, port > 0 else {
      throw ServiceFault(
        "this is no HOST:PORT", at: "--vpcd '\(text)'", fix: "write --vpcd 127.0.0.1:\(Self.usualPort)", exitCode: 2)
    }
    self.host = String(host)
    self.port = port
  }

  /// As it is written.
  public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

  /// The addresses behind the name.
  /// - Parameter allowsOthers: whether other machines than this one may be meant. Without it no name is looked up but
  ///   `localhost`: a question to a name server would leave the machine, too.
  func resolve(allowsOthers: Bool) throws(ServiceFault) -> [SocketAddress] {
    let isName = host != "localhost" && !Self.isNumeric(host)
    let addresses = isName && !allowsOthers ? [] : Self.lookUp(host, port)
    if allowsOthers {
      guard !addresses.isEmpty else {
        throw ServiceFault(
          "there is no machine of this name", at: "--vpcd \(self)", fix: "check the name, or write its address")
      }
      return addresses
    }
    let loopback = addresses.filter(\.isLoopback)
    guard !loopback.isEmpty else {
      throw ServiceFault(
        "this is another machine, and everybody on the way could read PINs and use the card", at: "--vpcd \(self)",
        fix: "lead the port here (ssh -L \(Self.usualPort):127.0.0.1:\(port) \(host)) and name 127.0.0.1, "
          + "or allow it with --allow-other-hosts", exitCode: 2)
    }
    return loopback
  }

  /// Whether every address behind the name is this machine's own.
  public var isLoopback: Bool {
    guard host == "localhost" || Self.isNumeric(host) else { return false }
    let addresses = Self.lookUp(host, port)
    return !addresses.isEmpty && addresses.allSatisfy(\.isLoopback)
  }

  private static func isNumeric(_ host: String) -> Bool {
    var four = in_addr()
    var six = in6_addr()
    return inet_pton(AF_INET, host, &four) == 1 || inet_pton(AF_INET6, host, &six) == 1
  }

  private static func lookUp(_ host: String, _ port: UInt16) -> [SocketAddress] {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var first: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(host, String(port), &hints, &first) == 0 else { return [] }
    defer { freeaddrinfo(first) }
    var result: [SocketAddress] = []
    var next = first
    while let entry = next {
      if let address = entry.pointee.ai_addr {
        let bytes = UnsafeRawBufferPointer(start: address, count: Int(entry.pointee.ai_addrlen))
        result.append(SocketAddress(family: entry.pointee.ai_family, bytes: Array(bytes)))
      }
      next = entry.pointee.ai_next
    }
    return result
  }
}

/// A `sockaddr` of any family.
struct SocketAddress: Sendable, Equatable {
  let family: Int32
  fileprivate let bytes: [UInt8]

  /// 127.0.0.0/8 and ::1.
  var isLoopback: Bool {
    switch family {
    case AF_INET: bytes.count >= 8 && bytes[4] == 127
    case AF_INET6: bytes.count >= 24 && Array(bytes[8..<24]) == [UInt8](repeating: 0, count: 15) + [1]
    default: false
    }
  }

  func withPointer(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
    bytes.withUnsafeBytes { raw in
      guard let address = raw.baseAddress?.assumingMemoryBound(to: sockaddr.self) else { return -1 }
      return body(address, socklen_t(raw.count))
    }
  }
}
