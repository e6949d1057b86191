import CPrivateWorld
import Glibc

/// How the command ended.
public struct CommandOutcome: Sendable, Equatable {
  /// What `vmyna run` exits with: the command's code, or 128 and the signal that ended it; 124 after a time-out;
  /// 126 or 127 for a command that could not be started; 3 when the private pcscd was lost.
  public let exitCode: Int32
  /// The signal that ended the command.
  public let signal: Int32?
  /// Whether its time was over.
  public let timedOut: Bool
  /// Whether it was killed since it did not end when asked to.
  public let wasKilled: Bool
  /// What to tell the user, if the command's own words do not say it.
  public let notice: WorldError?

  static let timedOut: Int32 = 124
  static let notExecutable: Int32 = 126
  static let notFound: Int32 = 127

  init(_ report: vmyna_report, command: String, timeout: Duration?, grace: Duration) {
    let ended = report.outcome == VMYNA_OUTCOME_ENDED
    signal = ended && report.wait_status & 0x7F != 0 ? report.wait_status & 0x7F : nil
    timedOut = report.timed_out
    wasKilled = report.killed
    switch report.outcome {
    case VMYNA_OUTCOME_NOT_STARTED:
      let missing = report.error == ENOENT
      exitCode = missing ? Self.notFound : Self.notExecutable
      notice = WorldError(
        "cannot run the command: \(errorText(report.error))", at: command,
        fix: missing ? "check the name, or give its path" : "make it an executable program (chmod +x)",
        exitCode: exitCode)
    case VMYNA_OUTCOME_PCSCD_LOST:
      exitCode = WorldError.machineLacksSomething
      notice = WorldError(
        "the private pcscd ended while the command ran (\(Self.text(of: report.wait_status)))", at: command,
        fix: "run it again; if it happens again, look at the log of the system for a crash of pcscd")
    case VMYNA_OUTCOME_GUARDIAN_LOST:
      exitCode = WorldError.machineLacksSomething
      notice = WorldError(
        "the guardian of pcscd and the command was killed, so both are ended", at: command, fix: "run it again")
    default:
      let code = Self.code(of: report.wait_status)
      exitCode = report.timed_out ? Self.timedOut : code
      let hard = report.killed ? " and did not end within \(grace) of SIGTERM, so it was killed" : ""
      if report.timed_out {
        notice = WorldError(
          "the command took longer than \(timeout ?? .zero)\(hard)", at: command,
          fix: "give it more time with --timeout, or find what it waits for", exitCode: exitCode)
      } else if report.killed {
        notice = WorldError(
          "the command was asked to end\(hard)", at: command,
          fix: "let the command end on SIGTERM", exitCode: exitCode)
      } else {
        notice = nil
      }
    }
  }

  /// wait(2)'s status: the low seven bits are the signal, the next byte is the exit code.
  static func code(of status: Int32) -> Int32 {
    let signal = status & 0x7F
    return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
  }

  static func text(of status: Int32) -> String {
    let signal = status & 0x7F
    return signal == 0 ? "exit code \((status >> 8) & 0xFF)" : "signal \(signal)"
  }
}
