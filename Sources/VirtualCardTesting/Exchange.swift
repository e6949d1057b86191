import CardKernel
import ISO7816
import MyNumberCard
import Trace

/// A command that was sent to a ``VirtualCard``, and its answer.
public struct Exchange: Sendable, Hashable, CustomStringConvertible {
  /// What was sent.
  public let command: [UInt8]
  /// What the card answered: data and status word.
  public let response: [UInt8]
  /// The application that was current when the command came.
  public let application: ApplicationName
  /// The file that was current when the command came.
  public let file: FileID?

  /// The status word of the answer.
  public var status: StatusWord { ResponseAPDU(parsing: response)?.status ?? StatusWord(rawValue: 0) }

  /// The instruction's name in the field's documents, `VERIFY`; its byte where the card has none such.
  public var instruction: String {
    guard command.count > 1 else { return "?" }
    return Explanation.instruction(cla: command[0], ins: command[1]) ?? [command[1]].hexString
  }

  /// What was asked and what came of it. No PIN and nothing of the holder is in it.
  public var explanation: LocalizedText {
    Explanation.of(command: command, response: response, application: application, currentFile: file)
  }

  /// ``explanation`` in English.
  public var description: String { explanation.english }
}

/// One sentence in Japanese and English.
public typealias LocalizedText = MyNumberCard.LocalizedText
