import CardHost
import CardImage
import ISO7816
import MyNumberCard
import Scenario
import Synchronization

/// The names of the card's PINs.
public typealias PINName = MyNumberCard.PINName
/// A command, parsed.
public typealias CommandAPDU = ISO7816.CommandAPDU
/// An answer, parsed.
public typealias ResponseAPDU = ISO7816.ResponseAPDU
/// The two bytes at the end of an answer.
public typealias StatusWord = ISO7816.StatusWord

/// A My Number card in this process: no reader, no pcscd, no file that stays.
///
/// It is powered and in the field from the beginning, knows every command of the real card, and remembers everything that
/// was said to it. Safe to use from any thread; one command at a time. How to use it: `Docs/SwiftKit.md`.
public final class VirtualCard: Sendable {
  /// The card's name.
  public var name: String { host.name }

  let host: CardHost
  private let state = Mutex(State())

  private struct State {
    var isPresent = true
    var exchanges: [Exchange] = []
    var faults = FaultPlan()
  }

  /// So many exchanges are remembered; beyond them the oldest half is forgotten.
  public static let mostExchanges = 10_000

  /// A card.
  /// - Parameters:
  ///   - card: a card of the gallery (`fresh-adult`), a resident file or the folder of a card image.
  ///   - day: the day of minting, such as `2026-11-20`; today by default, so that certificates are valid now.
  ///   - seed: the seed of everything that looks random. The same card, day and seed give the same bytes.
  ///   - pictures: whether the face of the card is drawn; it takes most of the time of minting.
  /// - Throws: ``VirtualCardError`` when there is no such card or its file has faults.
  public init(_ card: String, day: String? = nil, seed: UInt64 = 0, pictures: Bool = false) throws {
    host = try CardMaker(day: day, seed: seed, drawsPictures: pictures).card(card)
    _ = host.powerOn()
  }

  // MARK: Exchange

  /// Sends a command, as it is, and gives the answer: data and status word.
  /// - Throws: ``VirtualCardError/noCard`` when the card has been taken away, ``VirtualCardError/noPower`` when it has no
  ///   power, ``VirtualCardError/noAnswer`` when a fault keeps it silent.
  public func transmit(_ command: [UInt8]) throws(VirtualCardError) -> [UInt8] {
    let request = FaultPlan.Request.command(instruction: command.count > 1 ? command[1] : 0)
    let order = state.withLock { state in
      state.isPresent && !state.faults.isEmpty ? state.faults.order(for: request) : nil
    }
    guard isPresent else { throw .noCard }
    if let order { return try transmit(command, under: order) }
    guard let exchange = host.transmit(command) else { throw .noPower }
    remember(command, exchange)
    return exchange.response
  }

  /// Sends a command and gives the answer in its parts.
  public func transmit(_ command: CommandAPDU) throws(VirtualCardError) -> ResponseAPDU {
    guard let response = ResponseAPDU(parsing: try transmit(command.bytes)) else { throw .noPower }
    return response
  }

  /// Sends a command written in hexadecimal digits; spaces between bytes are allowed.
  public func transmit(hex: String) throws(VirtualCardError) -> ResponseAPDU {
    guard let bytes = [UInt8](hex: hex) else { throw .notHexadecimal(hex) }
    guard let response = ResponseAPDU(parsing: try transmit(bytes)) else { throw .noPower }
    return response
  }

  // MARK: In the field and out of it

  /// Whether the card is in the field.
  public var isPresent: Bool { state.withLock { $0.isPresent } }

  /// Takes the card away: its security status is gone, its counters stay, and every command fails until ``insert()``.
  public func remove() {
    host.powerOff()
    state.withLock { $0.isPresent = false }
  }

  /// Brings the card back, powered, in power-on state.
  public func insert() {
    state.withLock { state in
      state.isPresent = true
      state.faults.cardInserted()
    }
    _ = host.powerOn()
  }

  /// Cuts and restores the power: nothing is selected or verified any more.
  /// - Returns: the answer to reset.
  @discardableResult
  public func powerCycle() -> [UInt8] {
    host.powerOff()
    return host.powerOn()
  }

  /// A reset without loss of power.
  /// - Returns: the answer to reset.
  @discardableResult
  public func warmReset() -> [UInt8] { host.warmReset() }

  // MARK: What was said

  /// What was said to the card and by it, oldest first, since it was made or since ``forgetExchanges()``.
  public var exchanges: [Exchange] { state.withLock { $0.exchanges } }

  /// Forgets what was said until now.
  public func forgetExchanges() {
    state.withLock { $0.exchanges = [] }
  }

  func remember(_ command: [UInt8], _ exchange: CardHost.Exchange) {
    let said = Exchange(
      command: command, response: exchange.response, application: exchange.application, file: exchange.file)
    state.withLock { state in
      state.exchanges.append(said)
      if state.exchanges.count > Self.mostExchanges { state.exchanges.removeFirst(Self.mostExchanges / 2) }
    }
  }

  /// Changes the faults that wait.
  func changeFaults<Result: Sendable>(_ change: (inout FaultPlan) -> Result) -> Result {
    state.withLock { change(&$0.faults) }
  }
}
