import CardImage
import CardKernel
import Cryptography
import Foundation
import ISO7816
import MyNumberCard
import Synchronization

/// A card with its world: safe to call from any thread, one command at a time.
public final class CardHost: Sendable {
  /// The card's name.
  public let name: String
  /// How it presents itself to the reader.
  public let personality: Personality
  /// What it was made of.
  public let image: CardImage
  /// Where its state is kept; `nil` for in memory only.
  public let stateFolder: URL?
  /// What others keep beside the card when there is no such folder.
  public let papers = CardPapers()

  struct State {
    var card: Card
    /// The card as its image makes it.
    let pristine: Card
    var world: CardWorld
    var isPowered = false
  }

  let state: Mutex<State>

  /// A card from its image and, where its state is kept, its journal.
  /// - Parameters:
  ///   - image: what the card goes back to.
  ///   - location: where the image lies, for faults.
  ///   - stateFolder: where the state is kept; `nil` keeps it in memory only.
  ///   - durability: what a written event outlives.
  /// - Throws: a fault of the image or of the state, with its fix.
  public init(
    image: CardImage, location: String, stateFolder: URL? = nil, durability: StateDurability = .process
  ) throws(ImageFault) {
    var card = try image.makeCard(location: location)
    guard let personality = Personality.named(image.manifest.personality) else {
      throw ImageFault(
        "there is no personality '\(image.manifest.personality)'", at: location, fix: "mint the card again")
    }
    let pristine = card
    var journal: StateJournal?
    if let stateFolder {
      let opened = try StateJournal(
        folder: stateFolder, card: StateJournal.fingerprint(of: image), durability: durability)
      for event in opened.history.events where !event.isAside {
        for change in event.changes where !card.apply(change) {
          throw ImageFault(
            "event \(event.number) changes \(change.path) in a way that this card does not allow",
            at: stateFolder.path, fix: "remove the folder to begin again from the image")
        }
      }
      journal = opened
    }
    try card.refuseRealCertificates(at: location)
    self.image = image
    self.stateFolder = stateFolder
    self.personality = personality
    name = image.manifest.name
    state = Mutex(State(card: card, pristine: pristine, world: CardWorld(memory: StateMemory(journal: journal))))
  }

  /// Cold reset, or power where there was none.
  /// - Returns: the answer to reset.
  public func powerOn() -> [UInt8] {
    state.withLock { state in
      state.card.powerCycle()
      state.isPowered = true
    }
    return personality.answerToReset.bytes
  }

  /// Warm reset; a card without power is powered on.
  /// - Returns: the answer to reset.
  public func warmReset() -> [UInt8] {
    let hadPower = state.withLock { state in
      if state.isPowered { state.card.warmReset() }
      return state.isPowered
    }
    return hadPower ? personality.answerToReset.bytes : powerOn()
  }

  /// Takes the power away: the security status is gone, the counters stay.
  public func powerOff() {
    state.withLock { state in
      state.card.powerCycle()
      state.isPowered = false
    }
  }

  /// One exchange, as a trace shows it.
  public struct Exchange: Sendable {
    /// The answer: data and status word.
    public var response: [UInt8]
    /// The application that was current when the command came.
    public var application: ApplicationName
    /// The file that was current when the command came.
    public var file: FileID?

    /// An exchange.
    public init(response: [UInt8], application: ApplicationName, file: FileID?) {
      self.response = response
      self.application = application
      self.file = file
    }
  }

  /// Answers a command.
  /// - Returns: `nil` when the card has no power.
  public func transmit(_ command: [UInt8]) -> Exchange? {
    state.withLock { state in
      guard state.isPowered else { return nil }
      let application = state.card.currentApplicationName
      let file = state.card.currentFileID
      state.world.begin(Self.cause(of: command))
      let response = state.card.process(command, with: &state.world)
      return Exchange(response: response, application: application, file: file)
    }
  }

  /// What a command came to whose power may go around one of its writes.
  public struct CutExchange: Sendable {
    /// The answer; `nil` when the power went, or was not there.
    public var exchange: Exchange?
    /// How many writes the command really did.
    public var writes: Int
    /// Whether the power went.
    public var wasCut: Bool
  }

  /// Answers a command, but the power goes around one of its writes to the card's memory, if it comes to that one: what had
  /// been written stays, all else is as before the command, and the card has no power.
  /// - Parameters:
  ///   - number: the write, from 1.
  ///   - isDone: whether that write still happens.
  public func transmit(_ command: [UInt8], cuttingWrite number: Int, isDone: Bool) -> CutExchange {
    state.withLock { state in
      guard state.isPowered else { return CutExchange(exchange: nil, writes: 0, wasCut: false) }
      let before = state.card
      let application = state.card.currentApplicationName
      let file = state.card.currentFileID
      state.world.begin(Self.cause(of: command))
      state.world.cut = CardWorld.PowerCut(number: number, isDone: isDone)
      defer { state.world.cut = nil }
      let response = state.card.process(command, with: &state.world)
      guard let cut = state.world.cut, cut.hasHappened else {
        let writes = state.world.cut?.committed.count ?? 0
        let exchange = Exchange(response: response, application: application, file: file)
        return CutExchange(exchange: exchange, writes: writes, wasCut: false)
      }
      state.card = before
      for change in cut.committed { _ = state.card.apply(change) }
      state.card.powerCycle()
      state.isPowered = false
      return CutExchange(exchange: nil, writes: cut.committed.count, wasCut: true)
    }
  }

  private static func cause(of command: [UInt8]) -> String {
    guard command.count > 1 else { return "command" }
    switch command[1] {
    case 0x20: return "VERIFY"
    case 0x24: return "CHANGE-REFERENCE-DATA"
    case 0x32: return "CHANGE-KEY"
    default: return "command"
    }
  }

  /// The PIN behind a name; `nil` when this card has none.
  public func pin(_ name: PINName) -> PIN? { state.withLock { $0.card.pin(name.path) } }

  /// The file at a path, as it is now.
  public func file(_ path: FilePath) -> ElementaryFile? { state.withLock { $0.card.file(path) } }

  /// The current file.
  public var currentFileID: FileID? { state.withLock { $0.card.currentFileID } }

  /// What can be seen of the card now.
  public var status: CardStatus {
    state.withLock { state in
      CardStatus(
        card: name, isPowered: state.isPowered, application: state.card.currentApplicationName,
        pins: PINName.allCases.compactMap { name in
          guard let pin = state.card.pin(name.path) else { return nil }
          return (
            name,
            CardStatus.PINStatus(
              triesLeft: pin.triesLeft, triesMax: pin.triesMax, isVerified: state.card.isVerified(name.path),
              isSet: pin.value != nil)
          )
        })
    }
  }
}
