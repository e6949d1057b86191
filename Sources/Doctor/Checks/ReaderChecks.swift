import CMachineProbe
import Glibc
import PrivatePCSC

/// What a client sees: the readers, the cards, and whether they are free.
enum ReaderChecks {
  static func all(_ machine: Machine) -> [Finding] {
    guard machine.client.isComplete, machine.client.hasLibrary, machine.client.establish == 0 else {
      let why = Words("クライアントが pcscd を使えません。", "No client can use pcscd.")
      return ["readers", "card", "card-free"].map { .skipped($0, why) }
    }
    let ours = machine.client.readers.filter { $0.name.hasPrefix(ReaderConfiguration.friendlyName) }
    return [readers(ours, machine), card(ours), cardFree(ours, machine)]
  }

  private static func readers(_ ours: [ClientView.Reader], _ machine: Machine) -> Finding {
    let wanted = machine.ours.count
    if machine.isElsewhere, ours.isEmpty {
      return Finding(
        "readers", .wrong, at: machine.clientSocket,
        Words(
          "ここから見える pcscd は別の場所で動いていて、vmyna のリーダーを持っていません。",
          "The pcscd that is seen here runs elsewhere, and has no reader of vmyna."),
        fix: Words(
          "vmyna run を使うか、その場所に vmyna を入れてください(コンテナーなら packaging/container の sidecar)。",
          "use vmyna run, or install vmyna there (for containers: the sidecar of packaging/container)"))
    }
    if ours.count >= wanted, wanted > 0 || machine.isElsewhere {
      return .fine("readers", at: ours.map(\.name).joined(separator: ", "))
    }
    guard wanted > 0 else {
      return .skipped("readers", Words("vmyna のリーダーが設定にありません。", "No reader of vmyna is configured."))
    }
    let all = machine.entries.count
    if all > ReaderConfiguration.mostReaders {
      return Finding(
        "readers", .wrong, at: machine.configurationFolder,
        Words(
          "リーダーが \(all) 台設定されていますが、pcscd 2.5 より前は 16 台までです。",
          "\(all) readers are configured, and pcscd before 2.5 takes 16."),
        fix: Words("リーダーを減らし、pcscd を再起動してください。", "configure fewer, and start pcscd again"))
    }
    return Finding(
      "readers", .wrong, at: "\(ours.count) of \(wanted)",
      Words(
        "設定した vmyna のリーダーが pcscd に現れていません。",
        "pcscd does not show the readers of vmyna that are configured."),
      fix: Words(
        "上の指摘を直して pcscd を再起動してください。なければ pcscd の記録を見てください: journalctl -u pcscd",
        "mend what is found above and start pcscd again; if nothing is, read pcscd's log: journalctl -u pcscd"))
  }

  private static func card(_ ours: [ClientView.Reader]) -> Finding {
    guard !ours.isEmpty else {
      return .skipped("card", Words("vmyna のリーダーがありません。", "There is no reader of vmyna."))
    }
    if let reader = ours.first(where: \.hasCard) { return .fine("card", at: reader.name) }
    return Finding(
      "card", .warning, at: ours.map(\.name).joined(separator: ", "),
      Words("リーダーにカードが入っていません。", "There is no card in the reader."),
      fix: Words("vmyna insert fresh-adult を実行してください。", "vmyna insert fresh-adult"))
  }

  /// SCARD_E_SHARING_VIOLATION.
  private static let sharingViolation: UInt32 = 0x8010_000B

  private static func cardFree(_ ours: [ClientView.Reader], _ machine: Machine) -> Finding {
    guard ours.contains(where: \.hasCard) else {
      return .skipped("card-free", Words("カードがありません。", "There is no card."))
    }
    guard let held = ours.first(where: { $0.connect == sharingViolation }) else {
      if let broken = ours.first(where: { $0.connect != 0 && $0.connect != DaemonChecks.securityViolation }) {
        return Finding(
          "card-free", .wrong, at: "\(broken.name), 0x\(String(broken.connect, radix: 16, uppercase: true))",
          Words("リーダーのカードに接続できません。", "The card in this reader cannot be connected to."),
          fix: Words(
            "vmyna eject と vmyna insert でカードを入れ直してください。",
            "take the card out and put it in again: vmyna eject, vmyna insert"))
      }
      return .fine("card-free", at: ours.filter(\.hasCard).map(\.name).joined(separator: ", "))
    }
    let holders = clients(of: machine.clientSocket)
    let list = holders.isEmpty ? "?" : holders.joined(separator: ", ")
    return Finding(
      "card-free", .wrong, at: held.name,
      Words(
        "別のプログラムがカードを占有しています。pcscd を使っているプログラム: \(list)",
        "Another program holds the card for itself alone. Programs that use pcscd: \(list)"),
      fix: Words(
        "そのプログラムを終えてください(gpg の scdaemon なら gpgconf --kill scdaemon)。",
        "end that program (gpg's scdaemon: gpgconf --kill scdaemon)"))
  }

  /// The programs that are connected to pcscd, as far as we may see.
  private static func clients(of socket: String) -> [String] {
    var clients = [pid_t](repeating: 0, count: 32)
    let count = vmyna_probe_clients(socket, &clients, clients.count)
    return clients.prefix(count).filter { $0 != getpid() }.sorted().map { "\(DaemonProcess.name(of: $0)) (\($0))" }
  }
}
