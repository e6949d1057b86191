import Glibc

/// What is read of files: whole, up to a limit, never an error.
enum SmallFile {
  /// Larger files are not read: a program with all its symbols, linked statically, has a fifth of it.
  private static let most = 512 << 20

  static func bytes(_ path: String) -> [UInt8]? {
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var all: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    while all.count <= most {
      let size = read(file, &buffer, buffer.count)
      if size == 0 { return all }
      guard size > 0 else { return nil }
      all += buffer[..<size]
    }
    return nil
  }

  static func text(_ path: String) -> String? {
    bytes(path).map { String(decoding: $0, as: UTF8.self) }
  }

  /// The names in a folder, in order, but for those that begin with a dot.
  static func names(in folder: String) -> [String] {
    guard let entries = opendir(folder) else { return [] }
    defer { closedir(entries) }
    var names: [String] = []
    while let entry = readdir(entries) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted()
  }

  static func facts(_ path: String) -> stat? {
    var facts = stat()
    return stat(path, &facts) == 0 ? facts : nil
  }

  static func exists(_ path: String) -> Bool { facts(path) != nil }

  /// Every folder above `path`, from the root on.
  static func foldersAbove(_ path: String) -> [String] {
    var folders = ["/"]
    var folder = ""
    for part in path.split(separator: "/").dropLast() {
      folder += "/\(part)"
      folders.append(folder)
    }
    return folders
  }
}

/// A variable of this process's environment.
func environmentValue(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
