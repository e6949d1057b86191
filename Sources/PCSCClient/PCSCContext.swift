import CPCSCClient

/// A client's connection to pcscd.
public final class PCSCContext {
  private let handle: Int64

  private static let longestNames = 4_096
  /// SCARD_E_TIMEOUT, SCARD_E_NO_READERS_AVAILABLE.
  private static let timeout: UInt32 = 0x8010_000A
  private static let noReaders: UInt32 = 0x8010_002E

  /// Connects to pcscd.
  public init() throws(PCSCFault) {
    var handle: Int64 = 0
    let code = pcsc_establish(&handle)
    guard code == 0 else { throw PCSCFault(action: "SCardEstablishContext", code: code) }
    self.handle = handle
  }

  deinit { _ = pcsc_release(handle) }

  /// The names of the readers.
  public func readers() throws(PCSCFault) -> [String] {
    var names = [CChar](repeating: 0, count: Self.longestNames)
    var length = UInt32(names.count)
    let code = pcsc_list_readers(handle, &names, &length)
    if code == Self.noReaders { return [] }
    guard code == 0 else { throw PCSCFault(action: "SCardListReaders", code: code) }
    let bytes = names.prefix(Int(length)).map { UInt8(bitPattern: $0) }
    return bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
  }

  /// What can be said of a reader.
  public struct ReaderState: OptionSet, Sendable {
    /// SCARD_STATE_*.
    public let rawValue: UInt32

    /// Of the bits of PC/SC.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// There is no card.
    public static let empty = ReaderState(rawValue: 0x10)
    /// There is a card.
    public static let present = ReaderState(rawValue: 0x20)
    /// There is a card that does not answer.
    public static let mute = ReaderState(rawValue: 0x200)
  }

  /// The state of a reader; with `current`, waits for one that differs.
  public func state(
    of reader: String, differingFrom current: ReaderState = [], milliseconds: UInt32 = 0
  ) throws(PCSCFault) -> ReaderState {
    var state: UInt32 = 0
    let code = pcsc_wait(handle, reader, current.rawValue, milliseconds, &state)
    guard code == 0 || code == Self.timeout else { throw PCSCFault(action: "SCardGetStatusChange", code: code) }
    return ReaderState(rawValue: state)
  }

  /// Connects to the card in a reader.
  /// - Parameter direct: to the reader itself, with or without a card in it.
  public func connect(to reader: String, direct: Bool = false) throws(PCSCFault) -> PCSCCard {
    var card: Int64 = 0
    var active: UInt32 = 0
    let code = pcsc_connect(handle, reader, direct ? 1 : 0, &card, &active)
    guard code == 0 else { throw PCSCFault(action: "SCardConnect", code: code) }
    return PCSCCard(context: self, handle: card, activeProtocol: active)
  }
}
