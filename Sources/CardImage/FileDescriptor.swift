import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// An open file that closes with its last owner. Every call goes on after EINTR and short counts.
final class FileDescriptor {
  private var number: Int32

  private init(_ number: Int32) { self.number = number }

  deinit { close(number) }

  static func open(_ file: URL) throws(ImageFault) -> FileDescriptor {
    #if canImport(Glibc)
      let number = Glibc.open(file.path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o600)
    #else
      let number = Darwin.open(file.path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o600)
    #endif
    guard number >= 0 else {
      throw ImageFault(
        "it cannot be opened for writing (\(String(cString: strerror(errno))))", at: file.path,
        fix: "name a folder that you may write to with --state", isOfMachine: true)
    }
    return FileDescriptor(number)
  }

  /// How long a lock is waited for: a killed process, or a card that was taken out this instant, lets go soon.
  private static let lockAttempts = 25
  private static let lockPauseMicroseconds: UInt32 = 20_000

  /// Opens and locks a file for this process alone; the kernel lets go of it when the process ends, however it ends.
  static func lock(_ file: URL) throws(ImageFault) -> FileDescriptor {
    let descriptor = try open(file)
    var attempts = 1
    while flock(descriptor.number, LOCK_EX | LOCK_NB) != 0 {
      if attempts < lockAttempts {
        attempts += 1
        usleep(lockPauseMicroseconds)
        continue
      }
      let owner = (try? String(contentsOf: file, encoding: .utf8))?.trimmingCharacters(in: .whitespacesAndNewlines)
      let process = (owner ?? "").isEmpty ? "another process" : "process \(owner ?? "")"
      throw ImageFault(
        "this card is in use by \(process)", at: file.deletingLastPathComponent().path,
        fix: "end that process, or name another folder with --state")
    }
    _ = descriptor.truncate(to: 0)
    _ = descriptor.append(Array("\(getpid())\n".utf8))
    return descriptor
  }

  func append(_ bytes: [UInt8]) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(number, $0.baseAddress, $0.count) }
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if count == 0 || errno != EINTR {
        return false
      }
    }
    return true
  }

  /// Waits until the disk has what was written.
  func flush() -> Bool {
    while fsync(number) != 0 {
      guard errno == EINTR else { return false }
    }
    return true
  }

  /// Waits until the disk has the names in a folder.
  static func flush(folder: URL) {
    #if canImport(Glibc)
      let number = Glibc.open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    #else
      let number = Darwin.open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    #endif
    guard number >= 0 else { return }
    fsync(number)
    close(number)
  }

  func truncate(to length: Int) -> Bool {
    while ftruncate(number, off_t(length)) != 0 {
      guard errno == EINTR else { return false }
    }
    return true
  }

  func readAll(limit: Int, location: String) throws(ImageFault) -> [UInt8] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = chunk.withUnsafeMutableBytes { pread(number, $0.baseAddress, $0.count, off_t(bytes.count)) }
      if count == 0 { return bytes }
      if count < 0 {
        if errno == EINTR { continue }
        throw ImageFault(
          "it cannot be read (\(String(cString: strerror(errno))))", at: location,
          fix: "name another folder with --state", isOfMachine: true)
      }
      bytes += chunk.prefix(count)
      guard bytes.count <= limit else {
        throw ImageFault(
          "it has more than \(limit) bytes", at: location, fix: "remove the folder to begin again from the image")
      }
    }
  }

  /// Writes `bytes` beside `file`, forces them to disk, and puts them in its place; this descriptor follows.
  func replace(_ file: URL, with bytes: [UInt8]) -> Bool {
    let temporary = file.appendingPathExtension("new")
    unlink(temporary.path)
    guard let fresh = try? Self.open(temporary), fresh.append(bytes), fsync(fresh.number) == 0,
      rename(temporary.path, file.path) == 0
    else {
      unlink(temporary.path)
      return false
    }
    swap(&number, &fresh.number)
    return true
  }
}
