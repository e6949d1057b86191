/// All that the page shows of an exercise, in one language. Every object carries the actions that are possible with it.
public struct ExerciseView: Codable, Sendable, Equatable {
  /// The lesson's name.
  public var lesson: String
  /// Its title.
  public var title: String
  /// The seed.
  public var seed: UInt64
  /// How many actions have been done.
  public var turn: Int
  /// `2026-11-20T10:14`.
  public var clock: String
  /// `金`.
  public var weekday: String
  /// The municipality's profile.
  public var profile: String
  /// `clerk`, or `customer` while the trainee plays the other side.
  public var role: String
  /// The person in front.
  public var customer: Customer
  /// What can be said, and asked for.
  public var say: [Group]
  /// Cards and papers that have been seen.
  public var counter: [Thing]
  /// The reader.
  public var reader: Reader
  /// The terminal.
  public var terminal: Terminal
  /// The customer's PIN pad.
  public var pad: Pad
  /// Whom one can call, and other things at hand: printing, money, notes.
  public var telephone: [Choice]
  /// Printer, money and pen.
  public var desk: [Group]
  /// What the customer does at home or in the shop.
  public var customerSide: [Choice]
  /// What was done, in order.
  public var notebook: [Note]
  /// Actions without a place of their own: `wait`, `finish`.
  public var actions: [Choice]
  /// Whether the last action can be taken back.
  public var canTakeBack: Bool
  /// Whether the customer has left.
  public var isFinished: Bool
  /// The judge's sheet, when the customer has left.
  public var sheet: ScoreSheet?

  /// An action with its words.
  public struct Choice: Codable, Sendable, Equatable {
    /// As a play file has it.
    public var action: String
    /// In words.
    public var text: String
  }
  /// Actions of one kind.
  public struct Group: Codable, Sendable, Equatable {
    /// `ask`, `explain`, `offer`, `refuse`, `refer`, `take`; `print`, `charge`, `note`.
    public var group: String
    /// In words.
    public var title: String
    /// The actions.
    public var items: [Choice]
  }
  /// The person in front.
  public struct Customer: Codable, Sendable, Equatable {
    /// What the drawn portrait is made from.
    public var portrait: UInt64
    /// Whether the drawing is a woman's.
    public var isWoman: Bool
    /// Years, for the drawing.
    public var age: Int?
    /// The name, once it is known.
    public var name: String?
    /// Whether the customer is on the telephone.
    public var isOnTelephone: Bool
    /// What was said, oldest first.
    public var speech: [Line]
  }
  /// One thing said.
  public struct Line: Codable, Sendable, Equatable {
    /// `customer`, `clerk` or `system`.
    public var who: String
    /// The sentence.
    public var text: String
  }
  /// A card or paper.
  public struct Thing: Codable, Sendable, Equatable {
    /// Its name in actions.
    public var id: String
    /// `card`, or a kind of `papers.yaml`.
    public var kind: String
    /// In words.
    public var title: String
    /// `customer`, `office`, `counter`, `reader`, `sent` or `destroyed`.
    public var place: String
    /// What stands on it, once it has been inspected.
    public var facts: [Fact]?
    /// What the drawn photograph is made from, once it has been inspected.
    public var portrait: UInt64?
    /// `none`, `accepted` or `rejected`.
    public var state: String
    /// Whether it is sealed; absent where there is nothing to seal.
    public var isSealed: Bool?
    /// Whether photograph and person were compared, and agree: absent until compared.
    public var agrees: Bool?
    /// Whether it can be printed: `papers/ID`.
    public var isPrintable: Bool
    /// What can be done with it.
    public var actions: [Choice]
  }
  /// Something that is written somewhere.
  public struct Fact: Codable, Sendable, Equatable {
    /// What.
    public var label: String
    /// As it is written.
    public var value: String
  }
  /// The reader.
  public struct Reader: Codable, Sendable, Equatable {
    /// The card on it.
    public var card: String?
    /// Whether it writes.
    public var busy: Bool
    /// How far the write is: 0 to 3.
    public var step: Int
  }
  /// The terminal.
  public struct Terminal: Codable, Sendable, Equatable {
    /// `search`, `list`, `status`, `procedure`, `writing` or `error`.
    public var screen: String
    /// What the search found.
    public var records: [Record]
    /// The chosen record.
    public var selected: String?
    /// The four lamps, once the status has been read.
    public var lamps: Lamps?
    /// Card and certificates, once the status has been read.
    public var rows: [Fact]
    /// Tries left, with the card on the reader; empty when they are hidden.
    public var tries: [Tries]
    /// The last message.
    public var message: String?
    /// Whether the message is an error.
    public var isError: Bool
    /// Search, choice of a record, status and PIN entries.
    public var actions: [Choice]
    /// The procedures.
    public var procedures: [Group]
  }
  /// A record that the search found.
  public struct Record: Codable, Sendable, Equatable {
    /// Its name in actions.
    public var id: String
    /// The name.
    public var name: String
    /// The date of birth.
    public var birth: String
    /// The address.
    public var address: String
    /// What can be done with it.
    public var actions: [Choice]
  }
  /// Four things that must never be mixed up.
  public struct Lamps: Codable, Sendable, Equatable {
    /// A PIN is locked: `none`, or the certificates' names.
    public var locked: [String]
    /// A certificate's time is over.
    public var expired: [String]
    /// A certificate is revoked.
    public var revoked: [String]
    /// The card is stopped.
    public var stopped: [String]
  }
  /// A counter.
  public struct Tries: Codable, Sendable, Equatable {
    /// The PIN's name in actions.
    public var pin: String
    /// In words.
    public var title: String
    /// The tries left; absent when nobody has set it.
    public var left: Int?
    /// The tries of a full counter.
    public var full: Int
  }
  /// The PIN pad.
  public struct Pad: Codable, Sendable, Equatable {
    /// What it asked for last.
    public var asks: String?
    /// In words.
    public var title: String?
    /// How many characters were typed.
    public var dots: Int
    /// `right`, `wrong`, `locked`, `absent`, `nothing`, `wrongForm`, `unequal` or `set`.
    public var result: String?
  }
  /// A line of the notebook.
  public struct Note: Codable, Sendable, Equatable {
    /// `10:14`.
    public var time: String
    /// What was done.
    public var text: String
  }
}
