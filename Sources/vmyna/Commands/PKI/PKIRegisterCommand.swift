import ArgumentParser
import Authority
import CardImage
import CardRules
import Foundation

/// `vmyna pki register`: writes the certificates of cards down.
struct PKIRegisterCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "register",
    abstract: "Write the certificates of cards into the registry.",
    discussion: """
      The cards of the gallery are known without it, and putting a card into a reader does it by itself. It is for card \
      images and resident files that only OCSP or the lists are asked about. What is written down goes before what the \
      gallery says; registering a card again takes revocations back. Two cards whose certificates have one number cannot \
      both be registered: give one of them another --seed.
      """)

  @Argument(help: ArgumentHelp("A card of the gallery, a resident file or a card image.", valueName: "card"))
  var cards: [String]
  @Option(help: "The seed with which resident files are minted.")
  var seed: UInt64 = 0
  @Flag(help: "One JSON object a line.")
  var json = false
  @OptionGroup var options: PKIOptions

  func run() throws {
    let now = try options.now()
    let minting = try MintingOptions.parse(
      ["--seed", "\(seed)", "--at", JapanInstant(unixSeconds: now.unixSeconds).day.description])
    var library = CardLibrary(minter: try minting.minter())
    library.needsPictures = false
    let entries = try cards.flatMap { card in
      try (library.find(card).image.manifest.registry ?? []).map { entry in
        guard let entry = entry.entry else {
          throw UserError(
            "the image's word on certificate \(entry.serial) is damaged", at: card, fix: "mint the card again",
            exitCode: 1)
        }
        return entry
      }
    }
    try PKIError.told(exitCode: 1) {
      try options.store().update { registry in
        for entry in entries { try registry.register(entry) }
      }
    }
    for entry in entries { print(json ? PKIReport.json(entry, at: now).text : PKIReport.text(entry, at: now)) }
    if entries.isEmpty, !json { print("no certificates to register") }
  }
}
