import Foundation
import Scenario

/// One PC/SC client with one reader.
final class SmartCardConnection {
  private let library: SmartCardLibrary
  private let reader: String
  private var context = 0
  private var card: Int?
  private var activeProtocol = Constant.protocolT1

  /// The numbers of `winscard.h` and `pcsclite.h`.
  private enum Constant {
    static let scopeSystem: UInt = 2
    static let shareShared: UInt = 2
    static let protocolT0: UInt = 1
    static let protocolT1: UInt = 2
    static let leaveCard: UInt = 0
    static let stateEmpty: UInt = 0x10
    static let statePresent: UInt = 0x20
    static let longestAnswer = 65_548
    static let longestATR = 33
    static let success = 0
    static let timeout: UInt32 = 0x8010_000A
    static let noSmartCard: UInt32 = 0x8010_000C
    static let readerUnavailable: UInt32 = 0x8010_0017
    static let removedCard: UInt32 = 0x8010_0069
    static let resetCard: UInt32 = 0x8010_0068
  }

  /// What is done to the card on the way.
  enum Initialization: UInt {
    case leave = 0
    case reset = 1
    case unpower = 2
  }

  /// How long the reader may take to notice a card.
  private static let longestWait = 10.0

  init(reader: String) throws(UserError) {
    library = try SmartCardLibrary.load()
    self.reader = reader
    let code = library.establish(Constant.scopeSystem, nil, nil, &context)
    guard code == Constant.success else {
      throw UserError(
        "no pcscd answers (\(Self.hexadecimal(code)))", at: "--reader",
        fix: "start it, or use: vmyna run -- vmyna play --reader \"$VMYNA_READER\" …", exitCode: 3)
    }
  }

  deinit {
    disconnect()
    _ = library.release(context)
  }

  /// Waits until there is a card, or none.
  func wait(forCard isWanted: Bool) throws(UserError) {
    let deadline = Date().addingTimeInterval(Self.longestWait)
    let wanted = isWanted ? Constant.statePresent : Constant.stateEmpty
    var current: UInt = 0
    while true {
      let state = try state(after: current)
      if state & wanted != 0 { return }
      current = state & 0xFFFF_FFFF
      guard Date() < deadline else {
        throw UserError(
          "the reader has not seen the card \(isWanted ? "come" : "go")", at: "'\(reader)'",
          fix: "check that this pcscd's driver is configured for the socket in use: vmyna doctor", exitCode: 3)
      }
    }
  }

  /// SCARD_READERSTATE: two pointers, three longs, 33 bytes.
  private func state(after current: UInt) throws(UserError) -> UInt {
    let structure = UnsafeMutableRawPointer.allocate(byteCount: 80, alignment: 8)
    defer { structure.deallocate() }
    structure.initializeMemory(as: UInt8.self, repeating: 0, count: 80)
    let code = reader.withCString { name in
      structure.storeBytes(of: UInt(bitPattern: name), toByteOffset: 0, as: UInt.self)
      structure.storeBytes(of: current, toByteOffset: 16, as: UInt.self)
      return library.getStatusChange(context, 1000, structure, 1)
    }
    let error = UInt32(truncatingIfNeeded: code)
    guard code == Constant.success || error == Constant.timeout else {
      throw UserError(
        "pcscd does not know the reader (\(Self.hexadecimal(code)))", at: "'\(reader)'",
        fix: "name it as 'opensc-tool -l' does", exitCode: 3)
    }
    return structure.load(fromByteOffset: 24, as: UInt.self)
  }

  /// Connects; a card that gives no answer is met again with every command.
  @discardableResult
  func connect() -> Bool {
    disconnect()
    var handle = 0
    let code = library.connect(
      context, reader, Constant.shareShared, Constant.protocolT0 | Constant.protocolT1, &handle, &activeProtocol)
    guard code == Constant.success else { return false }
    card = handle
    return true
  }

  func disconnect() {
    if let card { _ = library.disconnect(card, Constant.leaveCard) }
    card = nil
  }

  func reconnect(_ initialization: Initialization) -> StoryAnswer {
    if let card {
      let code = library.reconnect(
        card, Constant.shareShared, Constant.protocolT0 | Constant.protocolT1, initialization.rawValue, &activeProtocol)
      if code != Constant.success { return Self.answer(code) }
    } else if !connect() {
      return isCardPresent ? .mute : .noCard
    }
    return answerToReset
  }

  private var isCardPresent: Bool { ((try? state(after: 0)) ?? 0) & Constant.statePresent != 0 }

  private var answerToReset: StoryAnswer {
    guard let card else { return .noCard }
    var bytes = [UInt8](repeating: 0, count: Constant.longestATR)
    var length = UInt(bytes.count)
    let code = library.status(card, nil, nil, nil, nil, &bytes, &length)
    guard code == Constant.success else { return Self.answer(code) }
    return .response(Array(bytes.prefix(Int(length))))
  }

  func transmit(_ command: [UInt8]) -> StoryAnswer {
    guard let card else { return isCardPresent ? .mute : .noCard }
    var response = [UInt8](repeating: 0, count: Constant.longestAnswer)
    var length = UInt(response.count)
    // SCARD_IO_REQUEST: the protocol and the length of the structure.
    var request: (UInt, UInt) = (activeProtocol, 16)
    let code = library.transmit(card, &request, command, UInt(command.count), nil, &response, &length)
    guard code == Constant.success else { return Self.answer(code) }
    return .response(Array(response.prefix(Int(length))))
  }

  private static func answer(_ code: Int) -> StoryAnswer {
    switch UInt32(truncatingIfNeeded: code) {
    case Constant.noSmartCard, Constant.removedCard, Constant.readerUnavailable: .noCard
    default: .mute
    }
  }

  private static func hexadecimal(_ code: Int) -> String {
    "0x" + String(UInt32(truncatingIfNeeded: code), radix: 16, uppercase: true)
  }
}
