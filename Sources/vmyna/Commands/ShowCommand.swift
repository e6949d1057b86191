import ArgumentParser
import CardImage
import CardRules
import Foundation
import PrivatePCSC

/// `vmyna show`: what is on a card.
struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show what is on a card: story, holder, certificates, PINs, tries left, and what the registry says.")

  @Argument(help: ArgumentHelp("A card of the gallery, a resident file or a card image.", valueName: "card"))
  var card: String

  @Flag(help: "Print one JSON object.")
  var json = false

  @Flag(help: "Print the variables that 'vmyna run' sets, as KEY='value' lines for a shell.")
  var env = false

  @OptionGroup var minting: MintingOptions

  func run() throws {
    var library = CardLibrary(minter: try minting.minter())
    // Nobody looks at the pictures here.
    library.needsPictures = false
    let found = try library.find(card)
    if env { return try printEnvironment(found.image) }
    let report = try CardReport(found, registry: CardRegistry.book(), at: minting.moment())
    print(json ? report.json.text : report.text)
  }

  /// Where the roots stay for whoever reads the variables. A user without a home (a container's number, `nobody`) has a place too.
  private static var cacheFolder: URL {
    let environment = ProcessInfo.processInfo.environment
    let home = environment["HOME"].map { URL(fileURLWithPath: $0) } ?? FileManager.default.homeDirectoryForCurrentUser
    let cache =
      environment["XDG_CACHE_HOME"].map { URL(fileURLWithPath: $0) } ?? home.appendingPathComponent(".cache")
    let folder = cache.appendingPathComponent("vmyna")
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      return folder
    } catch {
      return FileManager.default.temporaryDirectory.appendingPathComponent("vmyna-roots-\(getuid())")
    }
  }

  private func printEnvironment(_ image: CardImage) throws {
    let environment = CardEnvironment(image)
    let roots = try environment.writeRoots(into: Self.cacheFolder.appendingPathComponent(image.manifest.name))
    for (name, value) in environment.variables(reader: ReaderConfiguration.readerName(slot: 0), roots: roots) {
      print("\(name)='\(value.replacingOccurrences(of: "'", with: "'\\''"))'")
    }
  }
}
