/// Finds out why a reader, or the card in it, does not show (`Docs/Doctor.md`).
public enum Doctor {
  /// Looks at this machine and changes nothing. To be called while the process has one thread.
  public static func examine() -> [Finding] {
    let machine = Machine()
    return InstallationChecks.all(machine) + DriverChecks.all(machine) + DaemonChecks.all(machine)
      + ServiceChecks.all(machine) + ReaderChecks.all(machine) + [OpenSCCheck.cache()]
  }

  /// Every check's name, in the order of `examine`.
  public static let checks = [
    "pcscd", "libpcsclite", "reader-conf", "driver-path", "driver-architecture", "driver-libraries", "pcscd-running",
    "pcscd-socket", "pcscd-answers", "protocol", "polkit", "configuration-read", "service-running", "service-socket",
    "service-hidden", "readers", "card", "card-free", "opensc-cache",
  ]
}
