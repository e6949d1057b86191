import ISO7816

/// What the card forgets when the power goes: the current application and file, and who has proved what.
public struct Session: Sendable, Equatable {
  /// The index of the current application.
  var application = 0
  /// The current file of it.
  var file: FileID?
  /// The PINs of the current application that are verified.
  var verified = VerifiedKeys()
  /// Secure messaging, in the application that has it.
  var secureMessaging = SecureMessaging.State.none
  /// The data of a command chain that has not ended.
  var chain: CommandChain?
  /// The last GET CHALLENGE answer, until it is used.
  var challenge: [UInt8]?
  /// How far a terminal has come in authenticating itself.
  var terminal = Terminal.unknown
  /// Whether any command has come since power-up.
  var hasMetCommand = false
  /// The PUPI of this power-up, once a reader has asked for it.
  var readerIdentifier: [UInt8]?

  /// A terminal that authenticates itself with a card-verifiable certificate.
  enum Terminal: Sendable, Equatable {
    case unknown
    /// The certificate's body has come, not its signature.
    case announced(body: [UInt8])
    /// The certificate is good; the terminal has yet to show that the key is its own.
    case certified(PublicKey)
    case authenticated
  }

  /// Power-on state.
  public init() {}

  /// Another application becomes current: nothing that was proved in the last one counts there.
  mutating func enter(application index: Int) {
    if index != application {
      verified = VerifiedKeys()
      terminal = .unknown
      application = index
    }
    file = nil
    secureMessaging = .none
  }
}

/// The verified PINs of one application, by their identifiers 0001…001F.
struct VerifiedKeys: Sendable, Equatable {
  private var mask: UInt32 = 0

  private static func bit(_ id: FileID) -> UInt32 { id.rawValue < 32 ? 1 << UInt32(id.rawValue) : 0 }

  func contains(_ id: FileID) -> Bool { mask & Self.bit(id) != 0 }
  mutating func grant(_ id: FileID) { mask |= Self.bit(id) }
  mutating func revoke(_ id: FileID) { mask &= ~Self.bit(id) }
}

/// The data of a command that comes in several APDUs (CLA bit 5, ISO/IEC 7816-4, 5.1.1.1).
struct CommandChain: Sendable, Equatable {
  /// The class without the chaining bit.
  let cla: UInt8
  let ins: UInt8
  let p1: UInt8
  let p2: UInt8
  var data: [UInt8]

  /// "More data follows", in the class byte.
  static let bit: UInt8 = 0x10
  /// The most data that a chain may gather: what one extended command could carry.
  static let longestData = 65_535
}
