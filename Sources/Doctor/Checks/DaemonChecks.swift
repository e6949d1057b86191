import Glibc
import PrivatePCSC

/// Whether pcscd runs, can be reached, and speaks to this machine's clients.
enum DaemonChecks {
  static func all(_ machine: Machine) -> [Finding] {
    let running = running(machine)
    guard machine.listens == true else {
      let why = Words("pcscd が動いていません。", "pcscd does not run.")
      return [running]
        + ["pcscd-socket", "pcscd-answers", "protocol", "polkit", "configuration-read"].map { .skipped($0, why) }
    }
    return [running, socket(machine), answers(machine), speaks(machine), polkit(machine), configuration(machine)]
  }

  /// SCARD_W_SECURITY_VIOLATION: what polkit's refusal comes to.
  static let securityViolation: UInt32 = 0x8010_006A

  // MARK: Running

  private static func running(_ machine: Machine) -> Finding {
    let socket = machine.clientSocket
    if machine.listens == true {
      return .fine("pcscd-running", at: machine.process.map { "pcscd, pid \($0.pid)" } ?? socket)
    }
    if machine.clientSocketIsChosen {
      return Finding(
        "pcscd-running", .wrong, at: "PCSCLITE_CSOCK_NAME=\(socket)",
        Words(
          "環境変数が指すソケットでは、どの pcscd も待っていません。",
          "No pcscd listens at the socket that this variable names."),
        fix: Words("unset PCSCLITE_CSOCK_NAME を実行してください。", "unset PCSCLITE_CSOCK_NAME"))
    }
    if machine.listens == nil {
      return .skipped(
        "pcscd-running",
        Words("ソケットを調べる権限がありません。", "We may not look at the socket."), at: socket)
    }
    let isStale = SmallFile.exists(socket)
    return Finding(
      "pcscd-running", .wrong, at: socket,
      isStale
        ? Words(
          "ソケットは残っていますが、待っている pcscd がありません(異常終了の跡です)。",
          "The socket is there, but no pcscd listens: one that died has left it.")
        : Words("pcscd が動いていません。", "pcscd does not run."),
      fix: startFix(machine))
  }

  private static func startFix(_ machine: Machine) -> Words {
    if SmallFile.exists("/run/systemd/system") {
      return Words(
        "systemctl enable --now pcscd.socket を実行してください。", "systemctl enable --now pcscd.socket")
    }
    return Words(
      "root で pcscd を実行してください(コンテナーなら vmyna run を使うか、ホストの /run/pcscd をマウントします)。",
      "as root: pcscd (in a container: use vmyna run, or mount the host's /run/pcscd)")
  }

  private static func socket(_ machine: Machine) -> Finding {
    if access(machine.clientSocket, W_OK) == 0 { return .fine("pcscd-socket", at: machine.clientSocket) }
    return Finding(
      "pcscd-socket", .wrong, at: machine.clientSocket,
      Words(
        "このユーザーには pcscd のソケットに接続する権限がありません。",
        "This user may not connect to pcscd's socket."),
      fix: Words(
        "root で chmod 666 \(machine.clientSocket) を実行し、フォルダーを開いてください(chmod 755)。",
        "as root: chmod 666 \(machine.clientSocket), and open its folder (chmod 755)"))
  }

  // MARK: Speaking

  private static func answers(_ machine: Machine) -> Finding {
    let hangs = machine.versions.serverError == ETIMEDOUT || machine.client.hasLibrary && !machine.client.isComplete
    guard hangs else { return .fine("pcscd-answers", at: machine.clientSocket) }
    return Finding(
      "pcscd-answers", .wrong, at: machine.clientSocket,
      Words(
        "pcscd は接続を受けますが、答えません。応答しないリーダーを待っているか、止まっています。",
        "pcscd takes connections and does not answer: it waits for a reader that hangs, or is stopped."),
      fix: Words(
        "pcscd を再起動し(systemctl restart pcscd)、続くなら vmyna serve も再起動してください。",
        "start pcscd again (systemctl restart pcscd); if that does not help, vmyna serve too"))
  }

  private static func speaks(_ machine: Machine) -> Finding {
    let versions = machine.versions
    guard let server = versions.server.map(ProtocolVersions.text) else {
      return .skipped("protocol", Words("pcscd が版を答えません。", "pcscd does not tell its version."))
    }
    guard let client = versions.client.map(ProtocolVersions.text) else {
      return .skipped("protocol", Words("libpcsclite の版が分かりません。", "libpcsclite's version is not known."))
    }
    if versions.isAccepted { return .fine("protocol", at: "libpcsclite \(client), pcscd \(server)") }
    return Finding(
      "protocol", .wrong, at: "libpcsclite \(client), pcscd \(server)",
      Words(
        "libpcsclite と pcscd の通信の版が違い、pcscd が断ります。コンテナーがホストの pcscd を使うときによく起こります。",
        "libpcsclite and pcscd speak different versions of their protocol, and pcscd refuses. Usual where a container "
          + "uses the host's pcscd."),
      fix: Words(
        "両方を同じ版にするか、コンテナーの中に pcscd も入れて vmyna run を使ってください。",
        "make both the same version, or install pcscd in the container as well and use vmyna run"))
  }

  private static func polkit(_ machine: Machine) -> Finding {
    // pcscd closes the connection of a client that it does not want without a word (2.3); later versions answer.
    let refused =
      [ECONNRESET, EPIPE].contains(machine.versions.serverError)
      || machine.client.establish == securityViolation
      || machine.client.readers.contains { $0.connect == securityViolation }
    guard refused else {
      guard machine.client.establish == 0, machine.client.isComplete else {
        return .skipped("polkit", Words("クライアントが接続できないため不明です。", "No client gets that far."))
      }
      return .fine("polkit", at: "access is granted")
    }
    let hasBus = SmallFile.exists("/run/dbus/system_bus_socket")
    return Finding(
      "polkit", .wrong, at: "org.debian.pcsc-lite.access_pcsc",
      hasBus
        ? Words(
          "polkit がこのユーザーに PC/SC の使用を許していません(ssh や CI のように、画面の前にいない場合に断られます)。",
          "polkit does not let this user use PC/SC (it refuses who does not sit before the machine, as by ssh or in CI)."
        )
        : Words(
          "pcscd は polkit に尋ねますが、D-Bus が動いていないため、root も含めて全員が断られます。",
          "pcscd asks polkit, but no D-Bus runs here, so that everybody is refused, root too."),
      fix: hasBus
        ? Words(
          "/etc/polkit-1/rules.d/ に許可の規則を置くか(Docs/Doctor.md に例)、vmyna run を使ってください。",
          "put a rule into /etc/polkit-1/rules.d/ (Docs/Doctor.md has one), or use vmyna run")
        : Words(
          "pcscd --disable-polkit で起動するか(/etc/default/pcscd の PCSCD_ARGS)、vmyna run を使ってください。",
          "start pcscd with --disable-polkit (PCSCD_ARGS in /etc/default/pcscd), or use vmyna run"))
  }

  // MARK: Configuration

  private static func configuration(_ machine: Machine) -> Finding {
    guard let process = machine.process, process.started > 0 else {
      return .skipped("configuration-read", Words("pcscd のプロセスが見えません。", "pcscd's process cannot be seen."))
    }
    // The time of the last change of any kind: a package keeps the time of the contents.
    let changed = Set(machine.ours.map(\.file)).compactMap { file -> (String, Int)? in
      SmallFile.facts(machine.seenByDaemon(file)).map { (file, $0.st_ctim.tv_sec) }
    }
    guard let late = changed.first(where: { $0.1 > process.started + 1 }) else {
      return .fine("configuration-read", at: machine.configurationFolder)
    }
    return Finding(
      "configuration-read", .wrong, at: late.0,
      Words(
        "pcscd の起動後に設定が変わりました。pcscd は起動時にしか設定を読みません(pcscd -H でも読み直しません)。",
        "This was changed after pcscd had started. pcscd reads it at its start only (pcscd -H does not read it again)."),
      fix: Words("pcscd を再起動してください(systemctl restart pcscd)。", "start pcscd again (systemctl restart pcscd)"))
  }
}
