/// What the dynamic linker would read in a shared object: for which machine it is, and what it needs (elf(5)).
struct ELFFile: Equatable {
  /// The ELF header's class, byte order and machine.
  struct Architecture: Equatable {
    let bits: Int
    let isLittleEndian: Bool
    let machine: UInt16

    /// The name that people know it by.
    var name: String {
      let known: [UInt16: String] = [3: "i386", 40: "arm", 62: "x86-64", 183: "aarch64", 243: "riscv", 22: "s390x"]
      return known[machine].map { $0 == "riscv" ? "riscv\(bits)" : $0 } ?? "machine \(machine), \(bits) bits"
    }
  }

  let architecture: Architecture
  /// The libraries that it names (DT_NEEDED).
  private(set) var needed: [String] = []
  /// Where it wants them to be looked for (DT_RUNPATH, DT_RPATH).
  private(set) var runPath: [String] = []
  /// The versions that it asks of them, `GLIBC_2.34`.
  private(set) var versions: [String] = []

  private let bytes: [UInt8]

  /// - Returns: `nil` for what is no ELF file.
  init?(_ bytes: [UInt8]) {
    guard bytes.count >= 20, bytes.starts(with: [0x7F, 0x45, 0x4C, 0x46]) else { return nil }
    let little = bytes[5] == 1
    let machine = little ? UInt16(bytes[18]) | UInt16(bytes[19]) << 8 : UInt16(bytes[18]) << 8 | UInt16(bytes[19])
    architecture = Architecture(bits: bytes[4] == 2 ? 64 : 32, isLittleEndian: little, machine: machine)
    self.bytes = bytes
    // Of a foreign machine nothing more matters.
    if architecture.bits == 64, little { readDynamicSection() }
  }

  static func == (left: ELFFile, right: ELFFile) -> Bool { left.bytes == right.bytes }

  // MARK: Numbers

  private func number(at offset: Int, _ length: Int) -> Int? {
    guard offset >= 0, offset <= bytes.count - length else { return nil }
    var value: UInt64 = 0
    for index in (0..<length).reversed() { value = value << 8 | UInt64(bytes[offset + index]) }
    return Int(exactly: value)
  }

  private func string(at offset: Int) -> String? {
    guard offset >= 0, offset < bytes.count else { return nil }
    return String(decoding: bytes[offset...].prefix { $0 != 0 }.prefix(4096), as: UTF8.self)
  }

  private static func sum(_ left: Int, _ right: Int) -> Int? {
    let (sum, overflow) = left.addingReportingOverflow(right)
    return overflow ? nil : sum
  }

  // MARK: The dynamic section

  private struct Segment {
    let kind: Int
    let offset: Int
    let address: Int
    let size: Int
  }

  /// More of anything is no library.
  private static let mostItems = 4096

  private func segments() -> [Segment] {
    guard let table = number(at: 32, 8), let size = number(at: 54, 2), let count = number(at: 56, 2), size >= 56 else {
      return []
    }
    return (0..<count).compactMap { index in
      guard let start = Self.sum(table, index * size), let kind = number(at: start, 4),
        let offset = number(at: start + 8, 8), let address = number(at: start + 16, 8),
        let length = number(at: start + 32, 8)
      else { return nil }
      return Segment(kind: kind, offset: offset, address: address, size: length)
    }
  }

  private func fileOffset(of address: Int, in segments: [Segment]) -> Int? {
    // PT_LOAD is 1.
    guard let home = segments.first(where: { $0.kind == 1 && address >= $0.address && address - $0.address < $0.size })
    else { return nil }
    return Self.sum(home.offset, address - home.address)
  }

  private mutating func readDynamicSection() {
    let segments = segments()
    // PT_DYNAMIC is 2; DT_NEEDED 1, DT_STRTAB 5, DT_RPATH 15, DT_RUNPATH 29, DT_VERNEED 0x6FFFFFFE.
    guard let dynamic = segments.first(where: { $0.kind == 2 }) else { return }
    var items: [(tag: Int, value: Int)] = []
    var place = dynamic.offset
    while items.count < Self.mostItems, let tag = number(at: place, 8), tag != 0, let value = number(at: place + 8, 8) {
      items.append((tag, value))
      place += 16
    }
    guard let table = items.first(where: { $0.tag == 5 }), let strings = fileOffset(of: table.value, in: segments)
    else {
      return
    }
    func text(_ offset: Int) -> String? { Self.sum(strings, offset).flatMap(string(at:)) }
    needed = items.filter { $0.tag == 1 }.compactMap { text($0.value) }
    runPath = items.filter { $0.tag == 15 || $0.tag == 29 }.compactMap { text($0.value) }
      .flatMap { $0.split(separator: ":").map(String.init) }
    if let needs = items.first(where: { $0.tag == 0x6FFF_FFFE }), let start = fileOffset(of: needs.value, in: segments)
    {
      versions = readVersions(at: start, text)
    }
  }

  /// Elf64_Verneed: per library a list of names.
  private func readVersions(at start: Int, _ text: (Int) -> String?) -> [String] {
    var found: [String] = []
    var library = start
    for _ in 0..<Self.mostItems {
      guard let count = number(at: library + 2, 2), let first = number(at: library + 8, 4),
        let next = number(at: library + 12, 4)
      else { break }
      var name = library + first
      for _ in 0..<count {
        guard let offset = number(at: name + 8, 4), let following = number(at: name + 12, 4) else { break }
        if let version = text(offset) { found.append(version) }
        name += following
      }
      if next == 0 { break }
      library += next
    }
    return found
  }
}
