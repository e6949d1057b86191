import CardService
import Foundation
import MyNumberCard
import Scenario

/// A story's world behind pcscd: a PC/SC reader, and the control connection of the service that serves it.
struct ReaderStoryWorld: StoryWorld {
  private let card: StoryCard
  private let cards: StoryCards
  private let client: ControlClient
  private let slot: Int
  private let connection: SmartCardConnection
  private var counter: StoryCounter { StoryCounter(ask: { try client.ask($0) }, slot: slot) }

  /// Puts the story's card into the reader, instead of the one that is in it.
  init(_ card: StoryCard, from cards: StoryCards, reader: String, socket: String) throws {
    self.card = card
    self.cards = cards
    client = try ControlClient(path: socket)
    let slots = try client.ask(ControlRequest("status")).slots ?? []
    guard let found = slots.first(where: { $0.reader == reader }) else {
      throw UserError(
        "the card service has no reader '\(reader)'", at: "--reader",
        fix: "use one of: " + slots.map { "'\($0.reader)'" }.joined(separator: ", "))
    }
    slot = found.slot
    connection = try SmartCardConnection(reader: reader)
    if found.card != nil {
      _ = try client.ask(ControlRequest("eject", slot: slot))
      try connection.wait(forCard: false)
    }
    // What the story before has ordered is no part of this one.
    _ = try client.ask(ControlRequest("fault", slot: slot, arguments: ["clear"]))
    _ = try client.ask(ControlRequest("insert", slot: slot, card: cards.folder(of: card.name, on: card.day)))
    try connection.wait(forCard: true)
    connection.connect()
  }

  func end() { connection.disconnect() }

  func transmit(_ command: [UInt8]) -> StoryAnswer { connection.transmit(command) }
  func reset() -> StoryAnswer { connection.reconnect(.reset) }
  func power() -> StoryAnswer { connection.reconnect(.unpower) }

  func control(_ control: StoryControl, _ arguments: [String], on day: String) throws(StoryRefusal) {
    try counter.control(control, arguments, on: day) { try cards.folder(of: $0, on: card.day) }
    do {
      switch control {
      case .eject: try connection.wait(forCard: false)
      case .insert:
        try connection.wait(forCard: true)
        connection.connect()
      default: break
      }
    } catch {
      throw StoryRefusal("\(error)", isAnswer: false)
    }
  }

  func resetPIN(_ reset: OperatorReset, otherPINWorks: Bool, on day: String) throws(StoryRefusal) {
    try counter.resetPIN(reset, otherPINWorks: otherPINWorks, on: day)
  }

  func pin(_ name: PINName) -> String? { card.pin(name) }
  var today: String { card.today }
}
