import Glibc

/// Where the dynamic linker looks for libraries: ld.so(8), ld.so.conf.
struct LibraryFolders {
  let folders: [String]

  /// Those of this machine.
  init(configuration: String = "/etc/ld.so.conf") {
    var folders = Self.configured(configuration, depth: 0)
    folders += ["/lib", "/usr/lib", "/lib64", "/usr/lib64", "/usr/local/lib"]
    self.folders = folders
  }

  /// The file's folders, `include` lines followed (no further than a fault in them could lead).
  private static func configured(_ path: String, depth: Int) -> [String] {
    guard depth < 4, let text = SmallFile.text(path) else { return [] }
    return text.split(separator: "\n").flatMap { line -> [String] in
      let plain = line.prefix { $0 != "#" }.split { $0 == " " || $0 == "\t" }
      if plain.count == 2, plain[0] == "include" {
        return expand(String(plain[1])).flatMap { configured($0, depth: depth + 1) }
      }
      return plain.first.map { [String($0)] } ?? []
    }
  }

  private static func expand(_ pattern: String) -> [String] {
    guard let slash = pattern.lastIndex(of: "/"), pattern[slash...] == "/*.conf" else { return [pattern] }
    let folder = pattern[..<slash]
    return SmallFile.names(in: String(folder)).filter { $0.hasSuffix(".conf") }.map { "\(folder)/\($0)" }
  }

  /// The libraries that cannot be found, and the versions of the C library that it does not have.
  func missing(for file: ELFFile, libcVersion: String = Self.libcVersion) -> [String] {
    let libraries = file.needed.filter { name in
      !name.hasPrefix("/") && !(file.runPath + folders).contains { SmallFile.exists("\($0)/\(name)") }
    }
    let versions = file.versions.filter { version in
      guard version.hasPrefix("GLIBC_"), version != "GLIBC_PRIVATE" else { return false }
      return Self.isNewer(String(version.dropFirst("GLIBC_".count)), than: libcVersion)
    }
    return libraries + versions
  }

  /// The running C library's version, `2.36`.
  static var libcVersion: String {
    var text = [CChar](repeating: 0, count: 64)
    // "glibc 2.36"
    let size = confstr(Int32(_CS_GNU_LIBC_VERSION), &text, text.count)
    let words = String(decoding: text.prefix(max(0, size - 1)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return words.split(separator: " ").last.map(String.init) ?? "0"
  }

  static func isNewer(_ version: String, than other: String) -> Bool {
    let (left, right) = (numbers(version), numbers(other))
    return right.lexicographicallyPrecedes(left)
  }

  private static func numbers(_ version: String) -> [Int] {
    version.split(separator: ".").map { part in Int(part.prefix { ("0"..."9").contains($0) }) ?? 0 }
  }
}
