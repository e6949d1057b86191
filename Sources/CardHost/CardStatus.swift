import CardKernel
import MyNumberCard

/// What can be seen of a card from outside at one moment.
public struct CardStatus: Sendable, Equatable {
  /// The card's name.
  public var card: String
  /// Whether it has power.
  public var isPowered: Bool
  /// The current application.
  public var application: ApplicationName
  /// The PINs that this generation of the card has, in the order of ``PINName``.
  public var pins: [(name: PINName, status: PINStatus)]

  /// One PIN.
  public struct PINStatus: Sendable, Equatable {
    /// The tries left.
    public var triesLeft: Int
    /// The tries that a right PIN restores.
    public var triesMax: Int
    /// Whether it is verified now.
    public var isVerified: Bool
    /// Whether anybody has set it.
    public var isSet: Bool
  }

  /// Field by field.
  public static func == (left: CardStatus, right: CardStatus) -> Bool {
    left.card == right.card && left.isPowered == right.isPowered && left.application == right.application
      && left.pins.map(\.name) == right.pins.map(\.name) && left.pins.map(\.status) == right.pins.map(\.status)
  }
}
