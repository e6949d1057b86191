import ArgumentParser
import CardHost
import Foundation
import ISO7816
import MyNumberCard
import Trace

/// `vmyna apdu`: command APDUs in hex on standard input, answers in hex on standard output.
struct APDUCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "apdu",
    abstract: "Talk to a card without pcscd: one command APDU in hex per line.",
    discussion: """
      One answer in hex per line on standard output, in order, unbuffered. '#' begins a comment; 'reset' resets the card; \
      'power' cuts and restores its power. A line that is no APDU gets 'error: …' and the next line goes on. With \
      --explain what was said and answered goes to standard error, after each answer.
      """)

  @Option(help: ArgumentHelp("A card of the gallery, a resident file or a card image.", valueName: "card"))
  var card = "fresh-adult"

  @Option(help: ArgumentHelp("Keep the card's state in this folder (fresh otherwise).", valueName: "folder"))
  var state: String?

  @OptionGroup var durability: DurabilityOption

  @Option(help: "Say on standard error what each command and its answer mean: ja or en.")
  var explain: ExplanationLanguage?

  @OptionGroup var minting: MintingOptions

  func run() throws {
    let library = CardLibrary(minter: try minting.minter(), stateFolder: state, durability: durability.durability)
    let host = try library.open(card)
    _ = host.powerOn()
    while let line = readLine() {
      guard let (answer, meaning) = answer(to: line, from: host) else { continue }
      // Whoever reads may have gone; then nobody needs the rest.
      guard (try? FileHandle.standardOutput.write(contentsOf: Data((answer + "\n").utf8))) != nil else { return }
      guard let meaning, let explain else { continue }
      let text = explain == .ja ? meaning.japanese : meaning.english
      try? FileHandle.standardError.write(contentsOf: Data("# \(text)\n".utf8))
    }
  }

  /// The answer to a line and what the exchange means; `nil` for a line that asks for nothing.
  private func answer(to line: String, from host: CardHost) -> (text: String, meaning: LocalizedText?)? {
    let text = (line.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).first ?? "")
      .trimmingCharacters(in: .whitespaces)
    switch text {
    case "": return nil
    case "reset": return (host.warmReset().hexString, nil)
    case "power":
      host.powerOff()
      return (host.powerOn().hexString, nil)
    default:
      guard let command = [UInt8](hex: text) else {
        return (
          "error: '\(text)' is not in hexadecimal digits; write an APDU such as 00A4040C0AD392F000260100000001", nil
        )
      }
      guard command.count <= CommandAPDU.maximumLength else {
        return ("error: \(command.count) bytes are more than an APDU can have (\(CommandAPDU.maximumLength))", nil)
      }
      guard let exchange = host.transmit(command) else {
        return ("error: the card has no power; write 'power'", nil)
      }
      let meaning = Explanation.of(
        command: command, response: exchange.response, application: exchange.application, currentFile: exchange.file)
      return (exchange.response.hexString, meaning)
    }
  }
}
