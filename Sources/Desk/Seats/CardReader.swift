import CardHost
import CardService
import Foundation

/// A PC/SC reader in which the card of one seat stands, so that the class can see what the resident sees at home.
public actor CardReader {
  private let service: CardService
  private var watching: Task<Void, Never>?
  /// Counts the choices: while one waits for its seat, another may come.
  private var choice = 0
  /// The seat whose card is shown.
  private(set) var seat: String?

  /// Begins to serve the reader driver at a socket.
  /// - Parameter readerName: what PC/SC calls the reader.
  public init(socket path: String, readerName: String) throws(DeskFault) {
    do {
      service = try CardService(path: path, slots: 1, readerName: { _ in readerName }) { card, _ throws(ServiceFault) in
        throw ServiceFault(
          "the training desk chooses the card", at: card, fix: "choose a seat on the trainer's board", exitCode: 1)
      }
    } catch {
      throw DeskFault(error.problem, at: error.location, fix: error.fix)
    }
    service.start()
  }

  /// Shows a seat's card from now on, whichever exercise it has; `nil` takes the card out.
  func show(_ seat: Seat?, _ broadcaster: Broadcaster) async {
    watching?.cancel()
    watching = nil
    self.seat = seat?.id
    choice += 1
    let mine = choice
    guard let seat else { return put(nil) }
    let changes = await broadcaster.listen(to: seat.id)
    let card = await seat.card
    guard put(card, of: mine) else { return }
    watching = Task { [weak self] in
      for await _ in changes {
        let card = await seat.card
        guard await self?.put(card, of: mine) == true else { return }
      }
      // The seat was cleared.
      _ = await self?.put(nil, of: mine)
    }
  }

  /// - Returns: `false` when something else was chosen since.
  private func put(_ card: CardHost?, of choice: Int) -> Bool {
    guard choice == self.choice else { return false }
    put(card)
    return true
  }

  /// Leaves a card that stands there already in peace: it has a session with a client.
  private func put(_ card: CardHost?) {
    if let card, card === service.slots.first?.card { return }
    // A slot that somebody filled in this very moment is filled again with the next change.
    try? service.show(card)
  }

  /// Takes the card out and the socket away.
  public func stop() {
    watching?.cancel()
    choice += 1
    put(nil)
    service.stop()
  }
}
