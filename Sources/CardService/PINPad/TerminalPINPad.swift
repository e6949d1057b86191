import Foundation

#if canImport(Glibc)
  import Glibc
#endif

/// A keypad that is the terminal of this process: the question on it, the answer typed unseen.
public final class TerminalPINPad: PINPad {
  private let wake: Bell

  /// Checks that there is a terminal.
  public init() throws(ServiceFault) {
    let descriptor = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)
    guard descriptor >= 0 else {
      throw ServiceFault(
        "this process has no terminal", at: "--pin-pad terminal",
        fix: "start it in a terminal, or use --pin-pad script:FILE or --pin-pad remote", exitCode: 2)
    }
    close(descriptor)
    wake = try Bell()
  }

  /// Asks on the terminal.
  public func read(_ prompt: PINPadPrompt) -> PINPadEntry {
    let terminal = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)
    guard terminal >= 0 else { return .cancelled }
    defer { close(terminal) }
    var before = termios()
    guard tcgetattr(terminal, &before) == 0 else { return .cancelled }
    wake.silence()
    var raw = before
    raw.c_lflag &= ~tcflag_t(ECHO | ICANON)
    // A process in the background may still ask its terminal; the kernel would stop it for that.
    let stopped = signal(SIGTTOU, SIG_IGN)
    let read = signal(SIGTTIN, SIG_IGN)
    defer {
      signal(SIGTTOU, stopped)
      signal(SIGTTIN, read)
    }
    tcsetattr(terminal, TCSANOW, &raw)
    defer { tcsetattr(terminal, TCSANOW, &before) }
    let sentence = prompt.sentence
    say("\r\n[vmyna \(prompt.slot)] \(sentence.japanese) / \(sentence.english); Enter, Esc: ", on: terminal)
    let entry = type(prompt, on: terminal)
    say("\r\n", on: terminal)
    return entry
  }

  private func say(_ text: String, on terminal: Int32) {
    let bytes = Array(text.utf8)
    _ = write(terminal, bytes, bytes.count)
  }

  private func type(_ prompt: PINPadPrompt, on terminal: Int32) -> PINPadEntry {
    let limit = Date().addingTimeInterval(Double(prompt.seconds))
    var typed: [UInt8] = []
    while true {
      let left = limit.timeIntervalSinceNow * 1000
      guard left > 0 else { return .timedOut }
      var items = [
        pollfd(fd: terminal, events: Int16(POLLIN), revents: 0),
        pollfd(fd: wake.descriptor, events: Int16(POLLIN), revents: 0),
      ]
      let count = poll(&items, nfds_t(items.count), Int32(left) + 1)
      if count < 0 && errno == EINTR { continue }
      if count == 0 { return .timedOut }
      if items[1].revents != 0 { return .cancelled }
      var byte: UInt8 = 0
      guard Glibc.read(terminal, &byte, 1) == 1 else { return .cancelled }
      switch byte {
      case 0x0A, 0x0D: return .entered(typed)
      case 0x1B, 0x03, 0x04: return .cancelled
      case 0x08, 0x7F:
        if typed.popLast() != nil { say("\u{8} \u{8}", on: terminal) }
      case 0x21...0x7E where typed.count < prompt.lengths.upperBound:
        typed.append(byte)
        say("*", on: terminal)
        if prompt.endsWhenFull && typed.count == prompt.lengths.upperBound { return .entered(typed) }
      default: break
      }
    }
  }

  /// Ends the question.
  public func abort() { wake.ring() }
}
