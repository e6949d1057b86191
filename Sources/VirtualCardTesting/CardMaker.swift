import Authority
import CardHost
import CardImage
import CardRules
import Foundation
import Personalization
import Synchronization

/// Makes the cards of tests. A card that has been minted once in a process is not minted again.
struct CardMaker {
  let day: String?
  let seed: UInt64
  let drawsPictures: Bool

  private struct Key: Hashable {
    let file: String
    let today: CalendarDay
    let seed: UInt64
    let drawsPictures: Bool
  }

  private static let minted: Mutex<[Key: CardImage]> = Mutex([:])

  func card(_ card: String) throws(VirtualCardError) -> CardHost {
    do {
      let (image, location) = try image(card)
      return try CardHost(image: image, location: location)
    } catch let error as VirtualCardError {
      throw error
    } catch let fault as ImageFault {
      throw .cannotMake(card: fault.location, problem: fault.problem, fix: fault.fix)
    } catch {
      throw .cannotMake(card: card, problem: "\(error)", fix: "run 'vmyna check' on it, which shows every fault")
    }
  }

  private func image(_ card: String) throws -> (CardImage, location: String) {
    let gallery = Gallery(folder: Self.galleryFolder)
    if let file = gallery.file(of: card) { return (try mint(file), file.path) }
    let url = URL(fileURLWithPath: card)
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) else {
      throw VirtualCardError.cannotMake(
        card: "the gallery and this folder", problem: "there is no card '\(card)'",
        fix: gallery.names.isEmpty
          ? "name a resident file or a card image, or the gallery's folder in VMYNA_CARDS"
          : "name a resident file, a card image or one of " + gallery.names.joined(separator: ", "))
    }
    if isFolder.boolValue { return (try CardImage.load(from: url), url.path) }
    return (try mint(url), url.path)
  }

  private func mint(_ file: URL) throws -> CardImage {
    let today = try today()
    let key = Key(file: file.path, today: today, seed: seed, drawsPictures: drawsPictures)
    // A resident file of the test itself may change between two cards; those of the gallery do not.
    let isOfGallery = file.deletingLastPathComponent().path == Self.galleryFolder.path
    if isOfGallery, let known = Self.minted.withLock({ $0[key] }) { return known }
    var resident = try ResidentFile.load(file, today: today)
    if !drawsPictures { resident.card.options.isFaceDrawn = false }
    let image = try Minter(today: today, seed: seed).mint(resident)
    if isOfGallery { Self.minted.withLock { $0[key] = image } }
    return image
  }

  private func today() throws -> CalendarDay {
    guard let day else { return JapanInstant(unixSeconds: Int(Date().timeIntervalSince1970)).day }
    guard let parsed = CalendarDay(day) else {
      throw VirtualCardError.cannotMake(card: day, problem: "this is no day", fix: "write it as 2026-11-20")
    }
    return parsed
  }

  /// The resident files of the product: `VMYNA_CARDS`, or beside the sources that this was built from, or installed.
  private static let galleryFolder: URL = {
    if let chosen = ProcessInfo.processInfo.environment["VMYNA_CARDS"] { return URL(fileURLWithPath: chosen) }
    let package = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let beside = package.appendingPathComponent("CardImages")
    return FileManager.default.fileExists(atPath: beside.path)
      ? beside : URL(fileURLWithPath: "/usr/share/vmyna/CardImages")
  }()
}
