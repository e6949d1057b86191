import CardHost
import CardImage
import CardKernel
import CardService
import Coverage
import ISO7816
import MyNumberCard
import Synchronization

/// Hears what happens in the slots of a run, and gathers what the command meets.
final class CoverageObserver: Sendable {
  private let collector = Mutex(CoverageCollector())

  /// What has been met until now.
  var record: CoverageRecord { collector.withLock { $0.record } }

  /// From now on the command runs.
  func begin() { collector.withLock { $0.begin() } }

  /// Something happened in a slot.
  func hear(_ activity: SlotActivity, slot: Int) {
    switch activity {
    case .inserted(let card):
      let card = Self.card(card.image)
      collector.withLock { $0.inserted(card, slot: slot) }
    case .removed: collector.withLock { $0.removed(slot: slot) }
    case .exchange(let command, let exchange, let microseconds):
      collector.withLock {
        $0.exchanged(
          command: command, response: exchange.response, application: exchange.application, file: exchange.file,
          microseconds: microseconds, slot: slot)
      }
    case .powerOn, .warmReset, .powerOff, .changed: break
    }
  }

  private static func card(_ image: CardImage) -> CoverageCard {
    CoverageCard(
      name: image.manifest.name, generation: image.manifest.generation,
      sign: certificate("sign", JPKIApplication.signCertificate, of: image),
      auth: certificate("auth", JPKIApplication.authCertificate, of: image))
  }

  /// How a certificate was when the card was made: what is done to it with `vmyna pki` afterwards is the registry's alone.
  private static func certificate(_ kind: String, _ file: FileID, of image: CardImage) -> CoverageCard.Certificate {
    guard image.data[FilePath(.jpki, file)]?.isEmpty == false else { return .absent }
    switch image.manifest.registry?.last(where: { $0.kind == kind })?.status {
    case "expired": return .expired
    case "revoked", "hold": return .revoked
    default: return .good
    }
  }
}
