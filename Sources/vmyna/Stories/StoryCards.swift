import CardHost
import CardImage
import CardRules
import CardService
import Foundation
import MyNumberCard
import Personalization
import Synchronization

/// The cards of stories: each is minted once for a day, however many stories it is in.
final class StoryCards: Sendable {
  private let images = Mutex<[String: CardLibrary.Found]>([:])
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("vmyna-play-\(UUID().uuidString)")

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// The image of a card, minted on a day (today where none is given).
  func find(_ card: String, on day: CalendarDay?) throws -> CardLibrary.Found {
    let day = day ?? CardLibrary.today
    let key = "\(card)@\(day)"
    if let found = images.withLock({ $0[key] }) { return found }
    let found = try CardLibrary(minter: Minter(today: day)).find(card)
    images.withLock { $0[key] = found }
    return found
  }

  /// The image as a folder, for a service that runs elsewhere.
  func folder(of card: String, on day: CalendarDay?) throws -> String {
    let found = try find(card, on: day)
    let place = folder.appendingPathComponent("\(day ?? CardLibrary.today)", isDirectory: true)
      .appendingPathComponent(found.image.manifest.name, isDirectory: true)
    if !CardImage.exists(at: place) {
      try FileManager.default.createDirectory(
        at: place.deletingLastPathComponent(), withIntermediateDirectories: true,
        attributes: [.posixPermissions: 0o700])
      try found.image.write(to: place)
    }
    return place.path
  }

  /// A socket path that nobody else uses.
  func socket() throws -> String {
    try FileManager.default.createDirectory(
      at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    return folder.appendingPathComponent("socket").path
  }
}

/// The card that a story begins with.
struct StoryCard {
  let name: String
  let day: CalendarDay?
  let image: CardImage

  func pin(_ name: PINName) -> String? { image.manifest.pins[name.path.description]?.value }
  var today: String { "\(day ?? CardLibrary.today)" }
}
