import CardHost
import CardImage
import CardKernel
import ISO7816
import MyNumberCard
import Synchronization
import Trace

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
    var interruption: Interruption?
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
  /// - Throws: ``VirtualCardError/noCard`` when the card has been taken away, ``VirtualCardError/noPower`` when it has no power.
  public func transmit(_ command: [UInt8]) throws(VirtualCardError) -> [UInt8] {
    guard interrupt(at: .beforeCommand) else { throw .noCard }
    guard let exchange = host.transmit(command) else { throw .noPower }
    remember(
      Exchange(
        command: command, response: exchange.response, application: exchange.application, file: exchange.file))
    guard interrupt(at: .afterCommand) else { throw .noCard }
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
    state.withLock { $0.isPresent = true }
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

  /// When a card is taken away.
  public enum Moment: Sendable, Hashable {
    /// The command does not reach the card.
    case beforeCommand
    /// The card does what it is told, and its answer is lost.
    case afterCommand
  }

  private struct Interruption {
    var remaining: Int
    var moment: Moment
  }

  /// Takes the card away at one of the next commands, as a holder does who lifts it too early.
  /// - Parameters:
  ///   - moment: before the command, or between its execution and its answer.
  ///   - number: 1 for the next command, 2 for the one after it …
  public func removeCard(_ moment: Moment, number: Int = 1) {
    state.withLock { $0.interruption = Interruption(remaining: max(1, number), moment: moment) }
  }

  /// Whether the card is still there.
  private func interrupt(at moment: Moment) -> Bool {
    let (isPresent, goes) = state.withLock { state -> (Bool, Bool) in
      guard state.isPresent else { return (false, false) }
      guard var interruption = state.interruption, interruption.moment == moment else { return (true, false) }
      interruption.remaining -= 1
      state.interruption = interruption.remaining == 0 ? nil : interruption
      return (true, interruption.remaining == 0)
    }
    if goes { remove() }
    return isPresent && !goes
  }

  // MARK: What was said

  /// What was said to the card and by it, oldest first, since it was made or since ``forgetExchanges()``.
  public var exchanges: [Exchange] { state.withLock { $0.exchanges } }

  /// Forgets what was said until now.
  public func forgetExchanges() {
    state.withLock { $0.exchanges = [] }
  }

  private func remember(_ exchange: Exchange) {
    state.withLock { state in
      state.exchanges.append(exchange)
      if state.exchanges.count > Self.mostExchanges { state.exchanges.removeFirst(Self.mostExchanges / 2) }
    }
  }
}
