import Glibc

/// Looks at the driver before pcscd does: pcscd ends at once over a driver that is not there, goes on without readers
/// over one that does not load, and says neither to anybody.
enum DriverFile {
  /// Refuses what is no library for this machine.
  static func check(_ path: String) throws(WorldError) {
    guard let header = header(of: path) else {
      throw WorldError(
        "the reader driver is missing", at: path, fix: "build it (make build), or name its path in VMYNA_DRIVER")
    }
    guard isLibrary(header, likeProgram: Self.header(of: "/proc/self/exe") ?? []) else {
      throw WorldError(
        "the reader driver is no library for this machine", at: path,
        fix: "build it on this machine (make build), or name its path in VMYNA_DRIVER")
    }
  }

  /// An ELF shared object of the program's class, byte order (EI_CLASS, EI_DATA) and machine (e_machine): elf(5).
  static func isLibrary(_ header: [UInt8], likeProgram program: [UInt8]) -> Bool {
    guard header.count == headerSize, header.starts(with: [0x7F] + Array("ELF".utf8)) else { return false }
    guard program.count == headerSize else { return true }
    let shared: [UInt8] = header[5] == 1 ? [3, 0] : [0, 3]
    return header[4...5] == program[4...5] && header[18...19] == program[18...19] && Array(header[16...17]) == shared
  }

  private static let headerSize = 20

  private static func header(of path: String) -> [UInt8]? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: headerSize)
    let size = read(file, &bytes, bytes.count)
    return size < 0 ? nil : Array(bytes[..<size])
  }
}
