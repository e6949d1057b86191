import CardHost
import CardService
import MyNumberCard
import Scenario

/// A story's world in this process: a slot, and a reader that is a function call.
struct LocalStoryWorld: StoryWorld {
  private let card: StoryCard
  private let cards: StoryCards
  private let service: CardService
  private var counter: StoryCounter { StoryCounter(ask: { try service.handle($0) }, slot: 0) }

  init(_ card: StoryCard, from cards: StoryCards) throws {
    self.card = card
    self.cards = cards
    let day = card.day
    service = try CardService(
      path: cards.socket(), slots: 1, readerName: { _ in "" },
      cardSource: { name, _ throws(ServiceFault) in
        do {
          let found = try cards.find(name, on: day)
          return try CardHost(image: found.image, location: found.location)
        } catch {
          let error = UserError(describing: error)
          throw ServiceFault(error.what, at: error.place ?? name, fix: error.fix, exitCode: error.exitCode)
        }
      })
    try service.insert(card.name, slot: 0)
    _ = service.slots[0].readerPowerCycle()
  }

  func end() { service.stop() }

  func transmit(_ command: [UInt8]) -> StoryAnswer { Self.answer(service.slots[0].readerTransmit(command)) }
  func reset() -> StoryAnswer { Self.answer(service.slots[0].readerReset()) }
  func power() -> StoryAnswer { Self.answer(service.slots[0].readerPowerCycle()) }

  func control(_ control: StoryControl, _ arguments: [String], on day: String) throws(StoryRefusal) {
    // A card that does not exist is the script's fault, not the service's refusal.
    try counter.control(control, arguments, on: day) { name in
      _ = try cards.find(name, on: card.day)
      return name
    }
    // pcscd powers a card when a client comes back to it; so does this reader.
    if control == .insert { _ = power() }
  }

  func resetPIN(_ reset: OperatorReset, otherPINWorks: Bool, on day: String) throws(StoryRefusal) {
    try counter.resetPIN(reset, otherPINWorks: otherPINWorks, on: day)
  }

  func pin(_ name: PINName) -> String? { card.pin(name) }
  var today: String { card.today }

  private static func answer(_ answer: Slot.ReaderAnswer) -> StoryAnswer {
    switch answer {
    case .response(let bytes): .response(bytes)
    case .noCard: .noCard
    case .mute: .mute
    }
  }
}
