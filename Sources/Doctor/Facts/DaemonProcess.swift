import CMachineProbe
import Glibc

/// The pcscd that runs, as /proc shows it.
struct DaemonProcess: Equatable {
  let pid: pid_t
  /// Its file system user and groups.
  let user: uid_t
  let groups: [gid_t]
  /// Whether it may pass over the modes of files (CAP_DAC_OVERRIDE).
  let ignoresModes: Bool
  /// Since the epoch, in seconds; 0 when it cannot be told.
  let started: Int
  let arguments: [String]

  /// The root of its own view of the files; readable for its owner and root.
  var root: String { "/proc/\(pid)/root" }
  /// Whether we may look through its eyes.
  var canSeeItsFiles: Bool { SmallFile.exists("\(root)/.") }

  /// The folder that it reads readers from.
  var configurationFolder: String? {
    guard let option = arguments.firstIndex(where: { $0 == "-c" || $0 == "--config" }), option + 1 < arguments.count
    else { return nil }
    return arguments[option + 1]
  }

  /// The pcscd that listens at `socket`; else the one of its folder's pid file; else one that sees the same files as we
  /// do.
  static func find(socket: String) -> DaemonProcess? {
    var holders = [pid_t](repeating: 0, count: 8)
    let count = vmyna_probe_listeners(socket, &holders, holders.count)
    // A socket that systemd has made is held by both.
    if let pid = holders.prefix(count).first(where: { name(of: $0) == "pcscd" }) { return DaemonProcess(pid) }
    let digits = SmallFile.text("\(Machine.parent(of: socket))/pcscd.pid")?.filter(\.isNumber)
    if let pid = digits.flatMap({ pid_t($0) }), name(of: pid) == "pcscd" { return DaemonProcess(pid) }
    let own = link("/proc/self/ns/mnt")
    let all = SmallFile.names(in: "/proc").compactMap { pid_t($0) }.filter { name(of: $0) == "pcscd" }
    return all.first { link("/proc/\($0)/ns/mnt") == own }.flatMap { DaemonProcess($0) }
  }

  static func name(of pid: pid_t) -> String {
    (SmallFile.text("/proc/\(pid)/comm") ?? "").filter { $0 != "\n" }
  }

  private static func link(_ path: String) -> String {
    var target = [CChar](repeating: 0, count: 256)
    let size = readlink(path, &target, target.count)
    return size > 0 ? String(decoding: target[..<size].map { UInt8(bitPattern: $0) }, as: UTF8.self) : ""
  }

  init?(_ pid: pid_t) {
    guard let status = SmallFile.text("/proc/\(pid)/status") else { return nil }
    func numbers(_ key: String) -> [UInt32] {
      guard let line = status.split(separator: "\n").first(where: { $0.hasPrefix("\(key):") }) else { return [] }
      return line.dropFirst(key.count + 1).split { $0 == "\t" || $0 == " " }.compactMap { UInt32($0) }
    }
    self.pid = pid
    // Real, effective, saved, file system.
    user = numbers("Uid").last ?? 0
    groups = (numbers("Gid").last.map { [$0] } ?? []) + numbers("Groups")
    let effective = status.split(separator: "\n").first { $0.hasPrefix("CapEff:") }
    // CAP_DAC_OVERRIDE is capability 1.
    ignoresModes = effective?.last.flatMap { $0.hexDigitValue }.map { $0 & 2 != 0 } ?? false
    started = Self.startTime(pid)
    arguments = (SmallFile.text("/proc/\(pid)/cmdline") ?? "").split(separator: "\0").map(String.init)
  }

  /// Boot time and the 22nd field of /proc/PID/stat (proc(5)).
  private static func startTime(_ pid: pid_t) -> Int {
    let fields = (SmallFile.text("/proc/\(pid)/stat") ?? "").split(separator: ")").last?.split(separator: " ") ?? []
    let boot = (SmallFile.text("/proc/stat") ?? "").split(separator: "\n").first { $0.hasPrefix("btime ") }
    guard fields.count > 19, let ticks = Int(fields[19]), let booted = boot.flatMap({ Int($0.dropFirst(6)) }) else {
      return 0
    }
    return booted + ticks / max(1, sysconf(Int32(_SC_CLK_TCK)))
  }
}
