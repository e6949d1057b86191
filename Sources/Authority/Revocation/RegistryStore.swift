import Foundation

/// The registry on disk: `registry.json` in a folder that belongs to its owner alone.
///
/// A change is written beside the file, brought to the disk and renamed over it, all under a lock: at any instant the file is
/// the old one or the new one, and two processes never lose each other's change.
public struct RegistryStore: Sendable {
  /// The folder.
  public let folder: String
  /// The file.
  public var path: String { folder + "/registry.json" }

  /// Longest file that is read: about 200 000 certificates.
  static let longestFile = 64 << 20

  /// The store of a folder, which need not exist yet.
  public init(folder: String) { self.folder = folder }

  /// `$VMYNA_HOME`, or `$XDG_STATE_HOME/vmyna`, or `~/.local/state/vmyna`.
  public static func defaultFolder(environment: [String: String]) throws(AuthorityError) -> String {
    func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
    if let home = value("VMYNA_HOME") { return home }
    // XDG: a path that is not absolute is to be ignored.
    if let state = value("XDG_STATE_HOME"), state.hasPrefix("/") { return state + "/vmyna" }
    guard let home = value("HOME") else {
      throw AuthorityError(
        "no folder is known for the registry: neither VMYNA_HOME, XDG_STATE_HOME nor HOME is set",
        fix: "name one with --registry FOLDER")
    }
    return home + "/.local/state/vmyna"
  }

  /// The registry; an empty one when there is no file yet.
  public func load() throws(AuthorityError) -> Registry {
    guard let bytes = try readFile() else { return Registry() }
    return try Registry(json: bytes, path: path)
  }

  /// Changes the registry: reads, lets `body` work, writes. Nothing is written when `body` throws or changes nothing.
  @discardableResult public func update<Value>(_ body: (inout Registry) throws -> Value) throws -> Value {
    try makeFolder()
    let lock = open(folder + "/registry.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard lock >= 0 else { throw failure("the registry's lock cannot be opened", errno) }
    defer { close(lock) }
    try take(lock)
    let before = try load()
    var registry = before
    let value = try body(&registry)
    if registry != before { try writeFile(Array(registry.json.utf8)) }
    return value
  }

  /// How often the lock is tried, and with what pauses: five seconds. A change takes some milliseconds; a process that
  /// hangs must not hang others.
  private static let lockAttempts = 250
  private static let lockPauseMicroseconds: UInt32 = 20_000

  private func take(_ lock: Int32) throws(AuthorityError) {
    var attempts = 1
    while flock(lock, LOCK_EX | LOCK_NB) != 0 {
      guard errno == EWOULDBLOCK || errno == EINTR else { throw failure("the registry cannot be locked", errno) }
      guard attempts < Self.lockAttempts else {
        throw AuthorityError(
          "the registry is locked by another process, \(folder)/registry.lock",
          fix: "end that process (`fuser` names it), or name another with --registry FOLDER")
      }
      attempts += 1
      usleep(Self.lockPauseMicroseconds)
    }
  }

  private func failure(_ problem: String, _ code: Int32) -> AuthorityError {
    AuthorityError(
      "\(problem): \(String(cString: strerror(code))), \(folder)",
      fix: "make the folder writable for you and see that the disk has room, or name another with --registry FOLDER")
  }

  private func makeFolder() throws(AuthorityError) {
    var path = folder.hasPrefix("/") ? "" : "."
    for part in folder.split(separator: "/") {
      path += "/" + part
      if mkdir(path, 0o700) != 0, errno != EEXIST {
        let code = errno
        // A folder above ours may be closed to writing and still be there.
        var status = stat()
        if stat(path, &status) != 0 { throw failure("the registry's folder cannot be made", code) }
      }
    }
  }

  private func readFile() throws(AuthorityError) -> [UInt8]? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw failure("the registry cannot be read", errno)
    }
    defer { close(file) }
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = read(file, &block, block.count)
      if count < 0 {
        guard errno == EINTR else { throw failure("the registry cannot be read", errno) }
        continue
      }
      if count == 0 { return bytes }
      bytes += block.prefix(count)
      guard bytes.count <= Self.longestFile else {
        throw AuthorityError(
          "the registry is longer than \(Self.longestFile >> 20) MiB, \(path)", fix: "put it aside and begin a new one")
      }
    }
  }

  private func writeFile(_ bytes: [UInt8]) throws(AuthorityError) {
    let beside = path + ".new"
    let file = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw failure("the registry cannot be written", errno) }
    var code = writeAll(bytes, to: file)
    if code == 0, fsync(file) != 0 { code = errno }
    if close(file) != 0, code == 0 { code = errno }
    if code == 0, rename(beside, path) != 0 { code = errno }
    guard code == 0 else {
      unlink(beside)
      throw failure("the registry cannot be written", code)
    }
    // The new name is on disk only when its folder is.
    let directory = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if directory >= 0 {
      fsync(directory)
      close(directory)
    }
  }

  private func writeAll(_ bytes: [UInt8], to file: Int32) -> Int32 {
    bytes.withUnsafeBytes { buffer in
      var rest = buffer[...]
      while !rest.isEmpty {
        let count = write(file, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        if count < 0 {
          guard errno == EINTR else { return errno }
          continue
        }
        rest = rest.dropFirst(count)
      }
      return 0
    }
  }
}
