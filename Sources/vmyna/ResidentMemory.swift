import Foundation

/// The memory that a long-lived service shows as resident.
enum ResidentMemory {
  /// Gives back the pages of program code that only starting up and minting have touched: most of what a service would
  /// otherwise show for its whole life. Code is never written to, so the kernel reads a page again from the file when it
  /// is wanted; what is wanted for answering commands is a few megabytes.
  static func giveBackStartUpCode() {
    guard let maps = try? String(contentsOfFile: "/proc/self/maps", encoding: .utf8),
      let program = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    else { return }
    for line in maps.split(separator: "\n") where line.hasSuffix(program) {
      // 5557c0216000-5557c1a98000 r-xp 00000000 fe:00 5400398   /usr/bin/vmyna
      let fields = line.split(separator: " ", maxSplits: 2)
      let bounds = fields[0].split(separator: "-").compactMap { UInt(String($0), radix: 16) }
      guard fields.count == 3, fields[1] == "r-xp", bounds.count == 2, bounds[0] < bounds[1] else { continue }
      madvise(UnsafeMutableRawPointer(bitPattern: bounds[0]), Int(bounds[1] - bounds[0]), Int32(MADV_DONTNEED))
    }
  }
}
