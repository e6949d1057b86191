import Foundation

#if canImport(Glibc)
  import Glibc
#endif

/// Asks on the terminal, twice, whether PINs may be presented, and then for the PINs themselves.
struct PINConsent {
  let reader: String

  private static let sentence = "the holder agrees"

  /// - Returns: the PINs that were typed, by name.
  func ask(for names: [String]) throws -> [String: [UInt8]] {
    guard isatty(STDIN_FILENO) == 1 else {
      throw UserError(
        "PINs are asked for on a terminal, and standard input is none", at: "--with-pins",
        fix: "run this in a terminal, or leave --with-pins away")
    }
    say(
      """
      This presents PINs to the card in '\(reader)', and lets its keys sign test data.
      A PIN is presented only while its counter is full, and never again once the card has refused it; \
      a mistyped PIN costs one try, which the right PIN gives back.
      Nothing is changed on the card, and no PIN and no answer is written anywhere.
      """)
    guard typed("Type the name of the reader to go on: ") == reader else { throw refused }
    guard typed("Type '\(Self.sentence)' to go on: ") == Self.sentence else { throw refused }
    var pins: [String: [UInt8]] = [:]
    for name in names {
      let value = secret("\(name) (empty: leave it out): ") ?? ""
      if !value.isEmpty { pins[name] = Array(value.utf8) }
    }
    return pins
  }

  private var refused: UserError {
    UserError(
      "this was not confirmed, and nothing was sent", at: "--with-pins",
      fix: "type exactly what is asked for, or leave --with-pins away", exitCode: 1)
  }

  private func say(_ text: String) { try? FileHandle.standardError.write(contentsOf: Data((text + "\n").utf8)) }

  private func typed(_ question: String) -> String? {
    try? FileHandle.standardError.write(contentsOf: Data(question.utf8))
    return readLine()
  }

  /// Reads a line that the terminal does not show.
  private func secret(_ question: String) -> String? {
    var before = termios()
    guard tcgetattr(STDIN_FILENO, &before) == 0 else { return nil }
    var hidden = before
    hidden.c_lflag &= ~tcflag_t(ECHO)
    tcsetattr(STDIN_FILENO, TCSANOW, &hidden)
    defer {
      tcsetattr(STDIN_FILENO, TCSANOW, &before)
      say("")
    }
    return typed(question)
  }
}
