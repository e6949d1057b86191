import CMachineProbe
import Glibc

/// The card service behind the readers: whether it runs, and whether pcscd reaches it.
enum ServiceChecks {
  static func all(_ machine: Machine) -> [Finding] {
    var sockets: [String] = []
    for socket in machine.ours.compactMap(\.serviceSocket) where !sockets.contains(socket) { sockets.append(socket) }
    guard !sockets.isEmpty else {
      let why = Words("vmyna のリーダーが設定にありません。", "No reader of vmyna is configured.")
      return ["service-running", "service-socket", "service-hidden"].map { .skipped($0, why) }
    }
    return sockets.flatMap { [running($0), permission($0, machine), sandbox($0, machine)] }
  }

  private static func running(_ socket: String) -> Finding {
    let listening = vmyna_probe_listens(socket)
    if listening == 1 { return .fine("service-running", at: socket) }
    if listening < 0 {
      return .skipped(
        "service-running", Words("ソケットを調べる権限がありません。", "We may not look at the socket."), at: socket)
    }
    return Finding(
      "service-running", .wrong, at: socket,
      Words(
        "カードのサービスが動いていません。リーダーは見えますが、カードなしのままです。",
        "The card service does not run: the reader shows, but never with a card."),
      fix: Words(
        "systemctl start vmyna、または vmyna serve --socket \(socket) を実行してください。",
        "systemctl start vmyna, or: vmyna serve --socket \(socket)"))
  }

  // MARK: Permission

  private static func permission(_ socket: String, _ machine: Machine) -> Finding {
    guard SmallFile.exists(socket) else {
      return .skipped("service-socket", Words("ソケットがありません。", "There is no socket."), at: socket)
    }
    let unitUser = machine.unit?.value("User")
    guard machine.process != nil || machine.unit != nil else {
      return .skipped(
        "service-socket", Words("pcscd のユーザーが分かりません。", "pcscd's user is not known."), at: socket)
    }
    let user = machine.process?.user ?? unitUser.flatMap(Self.number(of:)) ?? 0
    let ignoresModes = machine.process?.ignoresModes ?? (user == 0 && machine.unit?.hasNoCapabilities != true)
    guard !ignoresModes, let obstacle = obstacle(socket, user: user, groups: machine.process?.groups ?? []) else {
      return .fine("service-socket", at: socket)
    }
    return Finding(
      "service-socket", .wrong, at: obstacle,
      Words(
        "pcscd(ユーザー番号 \(user))には、ここを通ってカードのサービスに接続する権限がありません。",
        "pcscd (user number \(user)) may not pass here to the card service."),
      fix: Words(
        "systemctl start vmyna を使うか、vmyna serve に --pcscd-user を付け、フォルダーを開いてください(chmod 755)。",
        "use systemctl start vmyna, or give vmyna serve --pcscd-user and open the folder (chmod 755)"))
  }

  private static func number(of user: String) -> uid_t? {
    uid_t(user) ?? getpwnam(user).map { $0.pointee.pw_uid }
  }

  /// The first folder that may not be passed, or the socket that may not be written to.
  private static func obstacle(_ socket: String, user: uid_t, groups: [gid_t]) -> String? {
    func grants(_ path: String, _ bit: mode_t) -> Bool {
      guard let facts = SmallFile.facts(path) else { return true }
      if facts.st_uid == user { return facts.st_mode & bit << 6 != 0 }
      if groups.contains(facts.st_gid) { return facts.st_mode & bit << 3 != 0 }
      return facts.st_mode & bit != 0
    }
    return SmallFile.foldersAbove(socket).first { !grants($0, 1) } ?? (grants(socket, 2) ? nil : socket)
  }

  // MARK: Sandboxes

  private static func sandbox(_ socket: String, _ machine: Machine) -> Finding {
    if let process = machine.process, process.canSeeItsFiles, let ours = SmallFile.facts(socket) {
      let theirs = SmallFile.facts(process.root + socket)
      if theirs?.st_ino == ours.st_ino, theirs?.st_dev == ours.st_dev { return .fine("service-hidden", at: socket) }
      return hidden(socket, by: machine.unit?.hides(socket) ?? "mount namespace of pid \(process.pid)")
    }
    if let setting = machine.unit?.hides(socket) { return hidden(socket, by: setting) }
    guard machine.unit != nil else {
      return .skipped(
        "service-hidden",
        Words("pcscd の見ているファイルを調べられません。", "We cannot look at the files as pcscd sees them."), at: socket)
    }
    return .fine("service-hidden", at: socket)
  }

  private static func hidden(_ socket: String, by setting: String) -> Finding {
    Finding(
      "service-hidden", .wrong, at: "\(socket) (\(setting))",
      Words(
        "pcscd の隔離(\(setting))のため、pcscd からはこのソケットが見えません。",
        "pcscd does not see this socket: its sandbox hides it (\(setting))."),
      fix: Words(
        "ソケットを /run/vmyna/ に置いてください: vmyna serve と vmyna reader-conf の --socket /run/vmyna/socket",
        "put the socket into /run/vmyna/: --socket /run/vmyna/socket for vmyna serve and vmyna reader-conf"))
  }
}
