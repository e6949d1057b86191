/// The ways to a private pcscd, best first. Which is taken depends on what the machine allows (`Docs/Run.md`).
public enum Road: String, Sendable, CaseIterable {
  /// A mount namespace (root): nobody else sees our `/run/pcscd`, and the command needs no variable.
  case namespace
  /// The same below a user namespace of our own (ordinary users).
  case userNamespace = "user-namespace"
  /// No namespace for the command: pcscd gets its socket from us, and `PCSCLITE_CSOCK_NAME` tells the clients.
  case socket
  /// The machine's own `/run/pcscd`, one at a time.
  case machine

  /// What `VMYNA_RUN_ROAD` names, whether there is such a road or not; `nil` when it is empty or not set.
  public static var named: String? { environmentValue("VMYNA_RUN_ROAD").flatMap { $0.isEmpty ? nil : $0 } }
}
