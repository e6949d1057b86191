import ArgumentParser
import CardModel
import Conformance
import Foundation
import ISO7816
import PCSCClient

/// `vmyna conformance`: any card in any reader against the card model.
struct ConformanceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "conformance",
    abstract: "Compare the card in a PC/SC reader with the card model.",
    discussion: """
      Plays the rows of Docs/CardModel.md that spend no try, change nothing and lock nothing; any other command is not \
      sent. Nothing that the card answers is shown or written: only lengths and status words. Exit code 1 when the card \
      differs from the model.

      --with-pins also plays rows that present a PIN with its right value: it asks for the holder's consent twice and \
      for each PIN, on the terminal, presents a PIN only while its counter is full, and never again once refused.
      """)

  @Option(help: ArgumentHelp("The reader, as 'opensc-tool -l' names it.", valueName: "name"))
  var reader: String

  @Option(help: ArgumentHelp("Write the report to this file ('-': standard output).", valueName: "file"))
  var json: String?

  @Flag(help: "Present PINs too, after asking twice on the terminal.")
  var withPins = false

  @Option(help: ArgumentHelp("Another card model than the one that comes with vmyna.", valueName: "file"))
  var model: String?

  func run() throws {
    let document = try ModelFile.load(model)
    let pins = withPins ? try PINConsent(reader: reader).ask(for: document.pinNames) : [:]
    let road = try PCSCConformanceReader(reader: reader)
    let report: ConformanceReport
    do {
      report = try ConformanceCheck(document, pins: pins).run(on: road)
    } catch let fault as PCSCFault {
      throw UserError(fault, at: reader)
    }
    road.end()
    let text = ConformanceText(report: report, reader: reader)
    if let json {
      if json == "-" {
        print(text.json.text)
      } else {
        try text.write(to: json)
      }
    }
    if json != "-" { print(text.lines.joined(separator: "\n")) }
    let counts = report.counts
    if counts.different + counts.failed > 0 { throw ExitCode(1) }
  }
}

/// The card model that comes with the product.
enum ModelFile {
  static func load(_ chosen: String?) throws -> ModelDocument {
    let path = chosen ?? ProductFiles.find("CardModel.md", besideSources: "Docs/CardModel.md")
    guard let text = FileManager.default.contents(atPath: path).map({ String(decoding: $0, as: UTF8.self) }) else {
      throw UserError(
        "the card model cannot be read", at: path, fix: "install vmyna whole, or name the file with --model",
        exitCode: chosen == nil ? 3 : 2)
    }
    let document = ModelDocument(text)
    guard !document.stories.isEmpty, !document.applications.isEmpty else {
      throw UserError("this is no card model", at: path, fix: "name Docs/CardModel.md with --model")
    }
    return document
  }
}

/// A PC/SC reader as the check sees it; the card is ours alone while the check lasts.
private final class PCSCConformanceReader: ConformanceReader {
  private let card: PCSCCard
  let answerToReset: [UInt8]

  init(reader: String) throws {
    do {
      let context = try PCSCContext()
      card = try context.connect(to: reader)
      try card.begin()
      answerToReset = try card.answerToReset()
    } catch {
      throw UserError(error, at: reader)
    }
  }

  func transmit(_ command: [UInt8]) throws -> [UInt8] { try card.transmit(command) }
  func reset() throws { try card.reconnect(.reset) }
  func power() throws { try card.reconnect(.unpower) }
  func end() { try? card.end() }
}

extension UserError {
  /// A failure of PC/SC.
  init(_ fault: PCSCFault, at place: String) {
    self.init("\(fault)", at: "reader '\(place)'", fix: fault.fix, exitCode: 3)
  }
}
