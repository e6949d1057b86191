import PrivatePCSC

/// Whether the parts are there at all.
enum InstallationChecks {
  static func all(_ machine: Machine) -> [Finding] {
    [daemon(machine), library(machine), configuration(machine)]
  }

  private static func daemon(_ machine: Machine) -> Finding {
    if let program = machine.program { return .fine("pcscd", at: program.path) }
    if machine.listens == true {
      return .skipped(
        "pcscd",
        Words(
          "ここに pcscd はありませんが、ソケットの先で別の場所(ホストなど)の pcscd が動いています。",
          "There is no pcscd here, but one from elsewhere (the host, perhaps) listens at the socket."),
        at: machine.clientSocket)
    }
    return Finding(
      "pcscd", .wrong, at: "PATH, /usr/sbin",
      Words("pcscd がインストールされていません。", "pcscd is not installed."),
      fix: Words("apt-get install pcscd を実行してください。", "apt-get install pcscd"))
  }

  private static func library(_ machine: Machine) -> Finding {
    guard machine.client.hasLibrary else {
      return Finding(
        "libpcsclite", .wrong, at: "libpcsclite.so.1",
        Words(
          "プログラムが PC/SC を使うためのライブラリがありません。",
          "The library by which programs use PC/SC is missing."),
        fix: Words("apt-get install libpcsclite1 を実行してください。", "apt-get install libpcsclite1"))
    }
    return .fine(
      "libpcsclite", at: machine.versions.client.map { "protocol \(ProtocolVersions.text($0))" } ?? "present")
  }

  private static func configuration(_ machine: Machine) -> Finding {
    let folder = machine.configurationFolder
    guard !machine.isElsewhere else {
      return .skipped(
        "reader-conf",
        Words(
          "pcscd は別の場所(ホストや隣のコンテナーなど)で動いていて、その設定は見えません。",
          "pcscd runs elsewhere (the host, another container): its configuration cannot be seen."),
        at: machine.clientSocket)
    }
    guard machine.ours.isEmpty else {
      return .fine("reader-conf", at: "\(machine.ours.count) in \(folder)")
    }
    return Finding(
      "reader-conf", .wrong, at: folder,
      Words(
        "vmyna のリーダーが pcscd の設定にありません。(vmyna run はこの設定なしで動きます。)",
        "pcscd is told of no reader of vmyna. (vmyna run works without.)"),
      fix: Words(
        "make install を実行するか、vmyna reader-conf > \(folder)/vmyna のあと pcscd を再起動してください。",
        "make install, or: vmyna reader-conf > \(folder)/vmyna, then start pcscd again"))
  }
}
