import ArgumentParser
import Foundation

extension Vmyna {
  /// Runs the command and tells every error in one form (`UserError`). Used wrongly is exit code 2, whoever notices.
  static func main() {
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch {
      leave(for: error)
    }
    end(0)
  }

  /// Ends the process without the exit handlers of libraries: libcrypto's would take its tables away from threads of the
  /// service that still sign. Everything of ours is closed by then.
  private static func end(_ code: Int32) -> Never {
    fflush(nil)
    _exit(code)
  }

  private static func leave(for error: any Error) -> Never {
    if let error = UserError(known: error) {
      complain(error.description)
      end(error.exitCode)
    }
    let code = exitCode(for: error)
    let text = fullMessage(for: error)
    switch code {
    case .success:
      print(text)
      end(0)
    case .validationFailure:
      complain(usageError(message(for: error), full: text).description)
      end(2)
    default:
      // A command that has said everything throws a bare exit code.
      guard !(error is ExitCode) else { end(code.rawValue) }
      let trouble = UserError(message(for: error), fix: "see 'vmyna --help'", exitCode: 3)
      complain(trouble.description)
      end(trouble.exitCode)
    }
  }

  /// ArgumentParser's own words, in our form: its last line names the help to read.
  private static func usageError(_ message: String, full: String) -> UserError {
    let lines = full.split(separator: "\n").map(String.init)
    let help = lines.last { $0.contains("--help") }?.trimmingCharacters(in: .whitespaces)
    let what = message.split(separator: "\n").first.map(String.init) ?? "wrong arguments"
    let plain = what.hasSuffix(".") ? String(what.dropLast()) : what
    return UserError(plain, fix: help.map { $0.prefix(1).lowercased() + $0.dropFirst() } ?? "see 'vmyna --help'")
  }

  /// Tells the user, on standard error.
  static func complain(_ text: String) {
    // Nobody is left to tell when standard error is closed.
    try? FileHandle.standardError.write(contentsOf: Data((text.hasSuffix("\n") ? text : text + "\n").utf8))
  }
}
