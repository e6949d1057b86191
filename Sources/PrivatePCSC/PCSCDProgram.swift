import CPrivateWorld
import Glibc

/// The pcscd of this machine, and what can be told of it without running it: a run costs more than reading the file.
public struct PCSCDProgram: Sendable, Equatable {
  /// The program's absolute path.
  public let path: String
  /// The folder of its socket and pid file, compiled in.
  public let folder: String
  /// The folder of the drivers for USB readers, compiled in.
  public let usbDrivers: String?
  /// Whether it takes a listening socket from its parent (sd_listen_fds(3)).
  public let takesSocket: Bool
  /// Whether it asks polkit, so that it must be told not to.
  public let knowsPolkit: Bool

  /// The socket that clients connect to unless told otherwise.
  public var socket: String { "\(folder)/pcscd.comm" }
  /// The file that holds the running pcscd's number.
  public var pidFile: String { "\(folder)/pcscd.pid" }

  /// Finds pcscd: `VMYNA_PCSCD`, the folders of PATH, then those where a daemon stands.
  public static func find() throws(WorldError) -> PCSCDProgram {
    if let chosen = environmentValue("VMYNA_PCSCD"), !chosen.isEmpty {
      guard access(chosen, X_OK) == 0 else {
        throw WorldError("VMYNA_PCSCD names no program", at: chosen, fix: "name the path of a pcscd, or unset it")
      }
      return PCSCDProgram(inspecting: chosen)
    }
    let folders =
      (environmentValue("PATH") ?? "").split(separator: ":").filter { $0.hasPrefix("/") }.map(String.init)
      + ["/usr/local/sbin", "/usr/sbin", "/sbin"]
    for folder in folders where access("\(folder)/pcscd", X_OK) == 0 {
      return PCSCDProgram(inspecting: "\(folder)/pcscd")
    }
    throw WorldError("pcscd is not installed", at: "looked in PATH and /usr/sbin", fix: "apt-get install pcscd")
  }

  /// Reads the facts out of the program file: options and folders stand in it as text.
  public init(inspecting path: String) {
    let bytes = Self.read(path)
    let isBinary = bytes.starts(with: [0x7F] + Array("ELF".utf8))
    self.path = path
    let socket = isBinary ? Self.string(in: bytes, endingWith: "/pcscd.comm") : nil
    folder = socket.map { String($0.dropLast("/pcscd.comm".count)) } ?? "/run/pcscd"
    usbDrivers = isBinary ? Self.value(in: bytes, of: "usbdropdir=") : nil
    takesSocket = isBinary && (Self.contains(bytes, "sd_listen_fds") || Self.contains(bytes, "LISTEN_FDS"))
    // A wrapper script tells nothing; its help does.
    knowsPolkit = isBinary ? Self.contains(bytes, "disable-polkit") : Self.help(of: path).contains("disable-polkit")
  }

  private static func read(_ path: String) -> [UInt8] {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return [] }
    defer { close(file) }
    var facts = stat()
    guard fstat(file, &facts) == 0, facts.st_size > 0, facts.st_size < 64 << 20 else { return [] }
    return [UInt8](unsafeUninitializedCapacity: Int(facts.st_size)) { buffer, count in
      var length = 0
      while length < buffer.count {
        let size = Glibc.read(file, buffer.baseAddress?.advanced(by: length), buffer.count - length)
        if size <= 0 { break }
        length += size
      }
      count = length
    }
  }

  private static func find(_ text: String, in bytes: [UInt8], from start: Int = 0) -> Int? {
    bytes.withUnsafeBytes { buffer -> Int? in
      guard let base = buffer.baseAddress, start < buffer.count else { return nil }
      let offset = vmyna_find_text(base + start, buffer.count - start, text)
      return offset < 0 ? nil : start + offset
    }
  }

  private static func contains(_ bytes: [UInt8], _ text: String) -> Bool { find(text, in: bytes) != nil }

  /// The NUL-bounded absolute path that ends with `end`.
  private static func string(in bytes: [UInt8], endingWith end: String) -> String? {
    var start = 0
    while let place = find(end, in: bytes, from: start) {
      let after = place + end.utf8.count
      let first = (bytes[..<place].lastIndex(of: 0) ?? -1) + 1
      if bytes[first] == UInt8(ascii: "/"), after < bytes.count, bytes[after] == 0 {
        return String(decoding: bytes[first..<after], as: UTF8.self)
      }
      start = after
    }
    return nil
  }

  private static func value(in bytes: [UInt8], of key: String) -> String? {
    guard let place = find(key, in: bytes) else { return nil }
    let value = bytes[(place + key.utf8.count)...].prefix { $0 > UInt8(ascii: " ") }
    return value.first == UInt8(ascii: "/") ? String(decoding: value, as: UTF8.self) : nil
  }

  private static func help(of path: String) -> String {
    // Whatever stands there under pcscd's name may not know the option, and stay.
    let limit = "timeout --kill-after=1 2"
    guard !path.contains("'"), let pipe = popen("\(limit) '\(path)' --help 2>&1 </dev/null", "r") else { return "" }
    defer { pclose(pipe) }
    var bytes = [UInt8](repeating: 0, count: 16384)
    let size = fread(&bytes, 1, bytes.count, pipe)
    return String(decoding: bytes[..<size], as: UTF8.self)
  }
}

/// A variable of this process's environment.
func environmentValue(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

/// The system's words for an errno.
func errorText(_ number: Int32) -> String { String(cString: strerror(number)) }
