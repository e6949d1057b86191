import CardHost
import MyNumberCard

/// What the command line asks of a running service; one JSON object a message.
public struct ControlRequest: Codable, Sendable {
  /// What to do: `status`, `watch`, `insert`, `eject`, `set`, `resetPIN`, `office`, `history`, `undo`, `goto`,
  /// `snapshot`, `restore`, `trace`, `fault`, `pinPad`.
  public var action: String
  /// The slot; the first one when absent.
  public var slot: Int?
  /// The card to insert.
  public var card: String?
  /// Assignments (`sign.tries=1`), or the PIN's name and its new value.
  public var arguments: [String]?

  /// A request.
  public init(_ action: String, slot: Int? = nil, card: String? = nil, arguments: [String]? = nil) {
    self.action = action
    self.slot = slot
    self.card = card
    self.arguments = arguments
  }
}

/// The service's answer.
public struct ControlAnswer: Codable, Sendable {
  /// What went wrong, or `nil`.
  public var error: Fault?
  /// The slots, for `status`.
  public var slots: [SlotStatus]?
  /// A part of the history, for `history`.
  public var history: HistoryPage?
  /// What a move in the history did.
  public var move: HistoryMove?
  /// What the ward office did.
  public var office: OfficeReport?
  /// The faults that wait, for `fault`.
  public var faults: [String]?
  /// A part of the trace, for `trace`.
  public var trace: TracePart?
  /// What a keypad asks for, for `pinPad`.
  public var pinPad: PINPadState?

  /// A fault, as ``ServiceFault`` has it.
  public struct Fault: Codable, Sendable {
    /// What is wrong.
    public var problem: String
    /// Where.
    public var location: String
    /// What to do next.
    public var fix: String
    /// The exit code of the command that asked.
    public var exitCode: Int32
  }

  /// An answer.
  public init(
    error: ServiceFault? = nil, slots: [SlotStatus]? = nil, pinPad: PINPadState? = nil, trace: TracePart? = nil
  ) {
    self.pinPad = pinPad
    self.trace = trace
    self.error = error.map {
      Fault(problem: $0.problem, location: $0.location, fix: $0.fix, exitCode: $0.exitCode)
    }
    self.slots = slots
  }
}

/// One slot, as `vmyna status --json` prints it.
public struct SlotStatus: Codable, Sendable, Equatable {
  /// Its number.
  public var slot: Int
  /// The reader's name in PC/SC.
  public var reader: String
  /// The card's name; `nil` for an empty slot.
  public var card: String?
  /// Whether the card has power.
  public var powered: Bool
  /// The current application.
  public var application: String?
  /// The PINs in their fixed order.
  public var pins: [PINStatus]

  /// One PIN.
  public struct PINStatus: Codable, Sendable, Equatable {
    /// Its name.
    public var name: String
    /// The tries left.
    public var triesLeft: Int
    /// The tries that a right PIN restores.
    public var triesMax: Int
    /// Whether it is verified now.
    public var verified: Bool
    /// Whether anybody has set it.
    public var set: Bool
  }

  init(slot: Int, reader: String, status: CardStatus?) {
    self.slot = slot
    self.reader = reader
    card = status?.card
    powered = status?.isPowered ?? false
    application = status?.application.rawValue
    pins = (status?.pins ?? []).map { name, pin in
      PINStatus(
        name: name.rawValue, triesLeft: pin.triesLeft, triesMax: pin.triesMax, verified: pin.isVerified,
        set: pin.isSet)
    }
  }
}
