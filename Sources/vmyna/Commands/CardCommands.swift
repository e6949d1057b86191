import ArgumentParser
import CardImage
import CardRules
import Foundation
import Personalization

/// `vmyna cards`: the gallery.
struct CardsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cards", abstract: "List the cards that come with vmyna, each an invented resident's.")

  @Flag(help: "Print one JSON object a line.")
  var json = false

  @Flag(help: "Tell how each came to be what it is.")
  var stories = false

  func run() throws {
    let library = CardLibrary()
    for name in library.gallery.names {
      guard let file = library.gallery.file(of: name) else { continue }
      let resident = try ResidentFile.load(file, today: library.minter.today)
      if json {
        print(
          OrderedJSON.object([
            ("name", .string(name)), ("fixture", resident.fixture.map { .string($0) } ?? .null),
            ("ja", .string(resident.title.japanese)), ("en", .string(resident.title.english)),
            ("story", resident.story.map { OrderedJSON($0) } ?? .null),
            ("sees", resident.sees.map { OrderedJSON($0) } ?? .null),
          ]).text)
        continue
      }
      let column = name.padding(toLength: max(22, name.count + 1), withPad: " ", startingAt: 0)
      print("\(column) \(resident.fixture ?? "   ")  \(resident.title.japanese) / \(resident.title.english)")
      if stories, let story = resident.story {
        for line in [story.japanese, story.english].flatMap({ $0.split(separator: "\n") }) { print("    \(line)") }
      }
    }
  }
}

/// Options of every command that mints.
struct MintingOptions: ParsableArguments {
  @Option(help: "The seed of everything that looks random; the same seed and date give the same bytes.")
  var seed: UInt64 = 0

  @Option(
    help: ArgumentHelp(
      "The day of minting, from which relative dates count: 2026-11-20, or with a time (2026-11-20T10:00:00+09:00). Today by default.",
      valueName: "date"))
  var at: String?

  @Flag(help: "Use truly random keys instead of those of the public pool.")
  var randomKeys = false

  func minter() throws -> Minter {
    guard let at else { return Minter(today: CardLibrary.today, seed: seed, usesRandomKeys: randomKeys) }
    if let day = CalendarDay(at) { return Minter(today: day, seed: seed, usesRandomKeys: randomKeys) }
    return Minter(at: try moment(at), seed: seed, usesRandomKeys: randomKeys)
  }

  /// The moment of `--at`: ten in the morning where only the day is given.
  func moment() throws -> JapanInstant? { try at.map(moment) }

  private func moment(_ text: String) throws -> JapanInstant {
    if let day = CalendarDay(text) {
      return JapanInstant(unixSeconds: JapanInstant(startOf: day).unixSeconds + 10 * 3600)
    }
    guard let moment = JapanInstant(text) else {
      throw UserError("'\(text)' is no date", at: "--at", fix: "write 2026-11-20 or 2026-11-20T10:00:00+09:00")
    }
    return moment
  }
}

/// `vmyna mint`: a card image from a resident.
struct MintCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mint",
    abstract: "Make a card image from a resident.",
    discussion: """
      The image is a folder that mirrors the card's own file system and can be read with ordinary tools: \
      openssl x509 -inform DER -in FOLDER/jpki/000A.der -noout -subject
      """)

  @Argument(help: ArgumentHelp("A card of the gallery or a resident file.", valueName: "resident"))
  var resident: String

  @Option(name: .shortAndLong, help: ArgumentHelp("The new folder.", valueName: "folder"))
  var output: String

  @OptionGroup var minting: MintingOptions

  func run() throws {
    var library = CardLibrary(minter: try minting.minter())
    library.needsFace = true
    guard case .resident = try library.reference(resident) else {
      throw UserError(
        "this is a card image already", at: resident, fix: "name a resident file or a card of the gallery")
    }
    let found = try library.find(resident)
    try found.image.write(to: URL(fileURLWithPath: output, isDirectory: true))
  }
}
