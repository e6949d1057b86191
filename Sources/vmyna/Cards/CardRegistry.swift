import Authority
import CardImage
import CardRules
import Foundation
import Personalization

/// The registry as commands see it: what was written down in its folder, and the cards of the gallery where nothing was.
///
/// So `vmyna pki` and `vmyna show` agree for every card of the gallery without any preparation. Putting a card into a reader
/// writes its certificates down; `vmyna pki register` does it for any other image or resident file.
enum CardRegistry {
  /// The registry's usual folder.
  static func store() throws -> RegistryStore {
    try RegistryStore(folder: RegistryStore.defaultFolder(environment: ProcessInfo.processInfo.environment))
  }

  /// What is written down.
  static func book() throws -> Registry { try store().load() }

  /// The certificates of the gallery's cards, were they minted on that day.
  static func gallery(today: CalendarDay) -> [Registry.Entry] {
    let library = CardLibrary(minter: Minter(today: today))
    return library.gallery.names.flatMap { name -> [Registry.Entry] in
      guard let file = library.gallery.file(of: name), let resident = try? ResidentFile.load(file, today: today) else {
        return []
      }
      return (try? library.minter.registryEntries(resident)) ?? []
    }
  }

  /// Adds what is not written down yet.
  static func complete(_ registry: inout Registry, with entries: [Registry.Entry]) {
    for entry in entries where registry.entry(entry.authority, entry.hierarchy, serial: entry.serial) == nil {
      registry.put(entry)
    }
  }

  /// What the registry says of the certificates of an image. The book's word goes before that of the image, where it means
  /// the same certificate and not one of another day's minting.
  static func entries(of image: CardImage, in book: Registry) -> [Registry.Entry] {
    (image.manifest.registry ?? []).compactMap(\.entry).map { entry in
      let written = book.entry(entry.authority, entry.hierarchy, serial: entry.serial)
      guard let written, written.notBefore == entry.notBefore, written.notAfter == entry.notAfter else { return entry }
      return written
    }
  }
}
