import Glibc
import PrivatePCSC

/// The drivers that `reader.conf.d` names: pcscd ends at once over one that is missing, and goes on without the reader
/// over one that does not load.
enum DriverChecks {
  static func all(_ machine: Machine) -> [Finding] {
    paths(machine) + architectures(machine) + libraries(machine)
  }

  /// One entry per driver.
  private static func drivers(_ machine: Machine) -> [ReaderEntry] {
    var seen: Set<String> = []
    return machine.entries.filter { !$0.library.isEmpty && seen.insert($0.library).inserted }
  }

  private static func file(_ entry: ReaderEntry, _ machine: Machine) -> ELFFile? {
    SmallFile.bytes(machine.seenByDaemon(entry.library)).flatMap { ELFFile($0) }
  }

  private static func summary(_ check: String, _ machine: Machine, _ found: [Finding]) -> [Finding] {
    if !found.isEmpty { return found }
    let drivers = drivers(machine)
    guard let first = drivers.first else {
      return [.skipped(check, Words("設定にドライバーがありません。", "No driver is configured."))]
    }
    return [.fine(check, at: drivers.count == 1 ? first.library : "\(drivers.count) drivers")]
  }

  private static func paths(_ machine: Machine) -> [Finding] {
    var found = drivers(machine).compactMap { entry -> Finding? in
      let path = machine.seenByDaemon(entry.library)
      if SmallFile.exists(path) { return nil }
      return Finding(
        "driver-path", .wrong, at: entry.place,
        Words(
          "設定が指すドライバー \(entry.library) がありません。このとき pcscd は起動直後に終了し、ほかのリーダーも使えません。",
          "The driver \(entry.library) that is named here does not exist. pcscd ends at its start over this, and the "
            + "other readers are lost too."),
        fix: Words(
          "ドライバーを置く(make install)か、この行の LIBPATH を直し、pcscd を再起動してください。",
          "put the driver there (make install) or correct LIBPATH in this line, then start pcscd again"))
    }
    found += machine.entries.filter { !$0.device.isEmpty && !$0.device.contains(":") }
      .filter { !SmallFile.exists(machine.seenByDaemon($0.device)) }
      .map { entry in
        Finding(
          "driver-path", .wrong, at: entry.place,
          Words(
            "DEVICENAME の \(entry.device) がありません。このとき pcscd は起動直後に終了します。",
            "DEVICENAME is \(entry.device), which does not exist. pcscd ends at its start over this."),
          fix: Words(
            "vmyna のリーダーなら vmyna:番号:ソケットと書いてください(vmyna reader-conf が作ります)。",
            "for a reader of vmyna write vmyna:SLOT:SOCKET ('vmyna reader-conf' makes it)"))
      }
    return summary("driver-path", machine, found)
  }

  private static func architectures(_ machine: Machine) -> [Finding] {
    let daemon =
      machine.program.flatMap { SmallFile.bytes($0.path) }.flatMap { ELFFile($0) }
      ?? SmallFile.bytes("/proc/self/exe").flatMap { ELFFile($0) }
    let found = drivers(machine).compactMap { entry -> Finding? in
      guard SmallFile.exists(machine.seenByDaemon(entry.library)) else { return nil }
      guard let driver = file(entry, machine) else {
        return Finding(
          "driver-architecture", .wrong, at: entry.library,
          Words("ドライバーのファイルがライブラリではありません。", "The driver's file is no library."),
          fix: Words("make install で入れ直してください。", "install it again: make install"))
      }
      guard let daemon, driver.architecture != daemon.architecture else { return nil }
      return Finding(
        "driver-architecture", .wrong, at: entry.library,
        Words(
          "ドライバーは \(driver.architecture.name) 用ですが、pcscd は \(daemon.architecture.name) です。pcscd は読み込めません。",
          "The driver is for \(driver.architecture.name), and pcscd is \(daemon.architecture.name): pcscd cannot load it."
        ),
        fix: Words(
          "この機械用に作ったものを入れてください(make install)。", "install one that is built for this machine (make install)"))
    }
    return summary("driver-architecture", machine, found)
  }

  private static func libraries(_ machine: Machine) -> [Finding] {
    let folders = LibraryFolders()
    let found = drivers(machine).compactMap { entry -> Finding? in
      guard let driver = file(entry, machine) else { return nil }
      let missing = folders.missing(for: driver)
      guard !missing.isEmpty else { return nil }
      let names = missing.joined(separator: ", ")
      return Finding(
        "driver-libraries", .wrong, at: entry.library,
        Words(
          "ドライバーが必要とするもの(\(names))がこの機械にありません。pcscd は読み込めません。",
          "The driver needs \(names), which this machine does not have: pcscd cannot load it."),
        fix: Words(
          "そのライブラリを入れるか、この機械で作ったドライバーを入れてください(make install)。",
          "install the library, or a driver that is built on this machine (make install)"))
    }
    return summary("driver-libraries", machine, found)
  }
}
