import CardRules

/// Everything of an exercise that is not in the cards and the registry.
struct ExerciseState: Sendable {
  /// A card or paper.
  struct Thing: Sendable, Hashable {
    enum Place: String, Sendable {
      case customer, office, counter, reader, sent, destroyed
    }
    enum Verdict: String, Sendable {
      case none, accepted, rejected
    }
    var paper: BroughtPaper
    /// The record whose card it is; `nil` for a paper.
    var card: String?
    var place = Place.customer
    var isInspected = false
    var agrees: Bool?
    var verdict = Verdict.none
    var isSealed: Bool?
    /// Opened by the clerk.
    var isOpened = false
    /// Printed at this counter.
    var isPrinted = false

    var id: String { paper.id }
  }

  struct Terminal: Sendable {
    enum Screen: String, Sendable {
      case search, list, status, procedure, writing, error
    }
    var screen = Screen.search
    var found: [String] = []
    var selected: String?
    /// The record whose status has been read, and what was seen of it.
    var shown: RecordFacts?
    var tries: [CardSecret: SecretCounter] = [:]
    var message: BilingualText?
    var isError = false
  }

  struct Pad: Sendable {
    var asks: CardSecret?
    var dots = 0
    var result: String?
  }

  /// A write that has begun.
  struct Writing: Sendable {
    var order: CounterOrder
    var record: String
    var newPINs: Set<CardSecret>
    /// Whether a scripted event ends it.
    var isDoomed: Bool
  }

  struct Line: Sendable {
    var who: String
    var text: BilingualText
  }

  var now: JapanInstant
  var things: [Thing] = []
  var speech: [Line] = []
  var notebook: [(time: JapanInstant, text: BilingualText)] = []
  var terminal = Terminal()
  var pad = Pad()
  var writing: Writing?
  /// What has happened, each with the number of the action, from 1.
  var events: [(turn: Int, event: CounterEvent)] = []
  /// How often each scripted moment came.
  var moments: [ScriptedEvent.Moment: Int] = [:]
  /// What the customer knows of each record's PINs now.
  var knows: [String: [CardSecret: Knowledge]] = [:]
  /// PINs that were entered rightly since the card was put on the reader.
  var entered: Set<CardSecret> = []
  /// Whether the customer has insisted already.
  var hasInsisted = false
  /// PINs of which the customer has said that they are forgotten.
  var confessed: Set<CardSecret> = []
  /// How far the customer's side has come.
  var app: [Action.AppStep] = []
  var appDone: JapanInstant?
  var kiosk: [Action.KioskStep] = []
  /// Money taken.
  var charged = 0
  /// What the office wrote by hand.
  var handNotes: [String] = []

  func thing(_ id: String) -> Thing? { things.first { $0.id == id } }

  /// The card on the reader.
  var cardOnReader: Thing? { things.first { $0.place == .reader } }
}
