import Testing

@testable import Doctor

@Suite("What doctor reads")
struct FactsTests {
  // MARK: reader.conf

  static let configurations: [(text: String, entries: [ReaderEntry])] = [
    ("", []),
    ("# FRIENDLYNAME \"x\"\n", []),
    (
      "FRIENDLYNAME \"vmyna Virtual Reader\"\nDEVICENAME   vmyna:0:/run/vmyna/socket\nLIBPATH /d.so\n",
      [
        ReaderEntry(
          name: "vmyna Virtual Reader", device: "vmyna:0:/run/vmyna/socket", library: "/d.so", place: "f:3", file: "f")
      ]
    ),
    (
      "FRIENDLYNAME a\nLIBPATH\t/one.so  # why\nFRIENDLYNAME b\nDEVICENAME /dev/ttyS0\r\nLIBPATH \"/two.so\"",
      [
        ReaderEntry(name: "a", library: "/one.so", place: "f:2", file: "f"),
        ReaderEntry(name: "b", device: "/dev/ttyS0", library: "/two.so", place: "f:5", file: "f"),
      ]
    ),
    ("LIBPATH", []),
    ("LIBPATH \"", [ReaderEntry(library: "\"", place: "f:1", file: "f")]),
  ]

  @Test(arguments: configurations)
  func readerConfiguration(text: String, entries: [ReaderEntry]) {
    #expect(ReaderEntry.parse(text, file: "f") == entries)
  }

  static let devices: [(device: String, library: String, isOurs: Bool, socket: String?)] = [
    ("vmyna:0:/run/vmyna/socket", "/x.so", true, "/run/vmyna/socket"),
    ("vmyna:0:/a:b", "/x.so", true, "/a:b"),
    ("vmyna:0", "/usr/lib/libifdvmyna.so", true, nil),
    ("vmyna:0:relative", "/x.so", true, nil),
    ("/dev/ttyS0", "/x.so", false, nil),
    ("other:0:/run/vmyna/socket", "/x.so", false, nil),
  ]

  @Test(arguments: devices)
  func ourReaders(device: String, library: String, isOurs: Bool, socket: String?) {
    let entry = ReaderEntry(device: device, library: library)
    #expect(entry.isOurs == isOurs)
    #expect(entry.serviceSocket == socket)
  }

  // MARK: Units

  static let sandboxes: [(setting: String, path: String, hides: Bool)] = [
    ("ProtectHome=yes", "/home/a/socket", true), ("ProtectHome=yes", "/root/socket", true),
    ("ProtectHome=yes", "/run/user/1/socket", true), ("ProtectHome=yes", "/run/vmyna/socket", false),
    ("ProtectHome=yes", "/homely/socket", false), ("ProtectHome=tmpfs", "/home/a/socket", true),
    ("ProtectHome=read-only", "/home/a/socket", false), ("ProtectHome=no", "/home/a/socket", false),
    ("PrivateTmp=true", "/tmp/socket", true), ("PrivateTmp=disconnected", "/var/tmp/socket", true),
    ("PrivateTmp=no", "/tmp/socket", false), ("PrivateTmp=yes\nPrivateTmp=no", "/tmp/socket", false),
    ("InaccessiblePaths=/opt -/srv", "/srv/socket", true), ("TemporaryFileSystem=/run:ro", "/run/vmyna/s", true),
    ("RestrictAddressFamilies=AF_INET", "/run/vmyna/s", true),
    ("RestrictAddressFamilies=AF_UNIX AF_NETLINK", "/run/vmyna/s", false),
    ("RestrictAddressFamilies=~AF_UNIX", "/run/vmyna/s", true),
    ("RestrictAddressFamilies=~AF_PACKET", "/run/vmyna/s", false),
    ("ProtectSystem=strict", "/run/vmyna/s", false), ("", "/tmp/s", false),
  ]

  @Test(arguments: sandboxes)
  func sandbox(setting: String, path: String, hides: Bool) {
    let unit = ServiceUnit(file: "u", text: "[Unit]\nPrivateTmp=yes\n[Service]\n\(setting)\n")
    #expect((unit.hides(path) != nil) == hides)
  }

  @Test func emptyValuesTakeBack() {
    let unit = ServiceUnit(
      file: "u", text: "[Service]\nCapabilityBoundingSet=CAP_CHOWN\nCapabilityBoundingSet=\nUser=pcscd")
    #expect(unit.hasNoCapabilities)
    #expect(unit.value("User") == "pcscd")
    #expect(!ServiceUnit(file: "u").hasNoCapabilities)
  }

  // MARK: Libraries

  @Test(arguments: [
    ("2.36", "2.35", true), ("2.35", "2.36", false), ("2.36", "2.36", false), ("2.9", "2.10", false),
    ("3", "2.36", true), ("2.36.1", "2.36", true), ("", "2.36", false),
  ])
  func versions(version: String, other: String, isNewer: Bool) {
    #expect(LibraryFolders.isNewer(version, than: other) == isNewer)
  }

  @Test func readsThisProgram() throws {
    let bytes = try #require(SmallFile.bytes("/proc/self/exe"))
    let file = try #require(ELFFile(bytes))
    #expect(file.architecture.bits == 64)
    #expect(file.needed.contains("libc.so.6"))
    #expect(file.versions.contains { $0.hasPrefix("GLIBC_2.") })
    #expect(LibraryFolders().missing(for: file, libcVersion: "2.0").contains { $0.hasPrefix("GLIBC_2.") })
    #expect(LibraryFolders().missing(for: file, libcVersion: "99").filter { $0.hasPrefix("libc.") }.isEmpty)
  }

  /// Anything may stand in a file that is named as a driver.
  @Test func hostileFiles() throws {
    let bytes = Array(try #require(SmallFile.bytes("/proc/self/exe")).prefix(200_000))
    #expect(ELFFile([]) == nil)
    #expect(ELFFile(Array("no library, only text in it".utf8)) == nil)
    var state: UInt64 = 0x9E37_79B9_7F4A_7C15
    for length in [20, 64, 100, 500, 4000] { _ = ELFFile(Array(bytes.prefix(length))) }
    for _ in 0..<300 {
      var broken = Array(bytes.prefix(4096))
      for _ in 0..<20 {
        state = state &* 6_364_136_223_846_793_005 &+ 1
        let place = Int(state >> 33) % broken.count
        broken[place] = UInt8(truncatingIfNeeded: state >> 20)
      }
      _ = ELFFile(broken)
    }
  }

  @Test func foldersAbove() {
    #expect(SmallFile.foldersAbove("/run/vmyna/socket") == ["/", "/run", "/run/vmyna"])
    #expect(SmallFile.foldersAbove("/s") == ["/"])
  }

  @Test func everyCheckReports() {
    // Whatever machine this is: each check says something, once or more, and what is wrong has a fix.
    let findings = Doctor.examine()
    #expect(Set(findings.map(\.check)) == Set(Doctor.checks))
    #expect(
      findings.allSatisfy { $0.verdict != .wrong && $0.verdict != .warning || $0.fix != nil && $0.meaning != nil })
  }
}
