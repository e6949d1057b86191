import CPCSCClient

/// A connection to the card in a reader.
public final class PCSCCard {
  /// Lives as long as its cards.
  private let context: PCSCContext
  private let handle: Int64
  private var activeProtocol: UInt32

  private static let longestAnswer = 65_548
  private static let longestATR = 33

  init(context: PCSCContext, handle: Int64, activeProtocol: UInt32) {
    self.context = context
    self.handle = handle
    self.activeProtocol = activeProtocol
  }

  deinit { _ = pcsc_disconnect(handle) }

  /// What happens to the card on reconnecting.
  public enum Initialization: Sendable {
    /// Nothing.
    case leave
    /// A warm reset.
    case reset
    /// Power off and on.
    case unpower

    fileprivate var value: pcsc_initialization {
      switch self {
      case .leave: PCSC_LEAVE
      case .reset: PCSC_RESET
      case .unpower: PCSC_UNPOWER
      }
    }
  }

  /// Connects anew.
  public func reconnect(_ initialization: Initialization) throws(PCSCFault) {
    let code = pcsc_reconnect(handle, initialization.value, &activeProtocol)
    guard code == 0 else { throw PCSCFault(action: "SCardReconnect", code: code) }
  }

  /// Keeps other programs from the card until ``end()``.
  public func begin() throws(PCSCFault) {
    let code = pcsc_begin(handle)
    guard code == 0 else { throw PCSCFault(action: "SCardBeginTransaction", code: code) }
  }

  /// Lets other programs to the card again.
  public func end() throws(PCSCFault) {
    let code = pcsc_end(handle)
    guard code == 0 else { throw PCSCFault(action: "SCardEndTransaction", code: code) }
  }

  /// The answer to reset.
  public func answerToReset() throws(PCSCFault) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: Self.longestATR)
    var length = UInt32(bytes.count)
    let code = pcsc_answer_to_reset(handle, &bytes, &length)
    guard code == 0 else { throw PCSCFault(action: "SCardStatus", code: code) }
    return Array(bytes.prefix(Int(length)))
  }

  /// Sends a command to the card.
  public func transmit(_ command: [UInt8]) throws(PCSCFault) -> [UInt8] {
    var response = [UInt8](repeating: 0, count: Self.longestAnswer)
    var length = UInt32(response.count)
    let code = pcsc_transmit(handle, activeProtocol, command, UInt32(clamping: command.count), &response, &length)
    guard code == 0 else { throw PCSCFault(action: "SCardTransmit", code: code) }
    return Array(response.prefix(Int(length)))
  }

  /// Sends a control command to the reader.
  public func control(_ controlCode: UInt32, _ request: [UInt8] = []) throws(PCSCFault) -> [UInt8] {
    var response = [UInt8](repeating: 0, count: Self.longestAnswer)
    var length = UInt32(response.count)
    let code = pcsc_control(handle, controlCode, request, UInt32(clamping: request.count), &response, &length)
    guard code == 0 else { throw PCSCFault(action: "SCardControl", code: code) }
    return Array(response.prefix(Int(length)))
  }
}
