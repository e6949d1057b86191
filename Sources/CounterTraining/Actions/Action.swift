import CardRules

/// One thing that the trainee does. Its text is a line of a play file and a string of the desk's interface.
public enum Action: Hashable, Sendable {
  /// Says a sentence, by its id: `ask.purpose` is written `ask purpose`.
  case say(String)
  /// Does something with a paper or card.
  case paper(PaperVerb, String)
  /// Hands everything back.
  case returnAll
  /// Puts a card on the reader.
  case place(String)
  /// Lifts the card from the reader.
  case lift(String)
  /// Searches for a person by name.
  case search
  /// Chooses a record.
  case select(String)
  /// Reads the status of card and certificates.
  case status
  /// Lets the customer type a PIN, or types it from the opened letter.
  case enter(CardSecret, fromLetter: Bool)
  /// Begins a procedure, on another card when one is named.
  case order(CounterOrder, card: String?)
  /// Writes on the card's face by hand.
  case note(String)
  /// Takes money.
  case charge(Int)
  /// Prints a paper.
  case print(String)
  /// Telephones.
  case call(String)
  /// Notes the customer's telephone number.
  case recordContact
  /// Waits.
  case wait
  /// The customer's side: the app on the phone.
  case app(AppStep)
  /// The customer's side: the kiosk.
  case kiosk(KioskStep)
  /// The customer leaves.
  case finish

  /// What is done with a paper.
  public enum PaperVerb: String, CaseIterable, Sendable {
    /// Asks for it.
    case take
    /// Looks at it.
    case inspect
    /// Holds it beside the person.
    case compare
    /// Takes it as proof.
    case accept
    /// Does not take it as proof.
    case reject
    /// Opens it.
    case open
    /// Destroys it.
    case destroy
    /// Hands it back.
    case giveBack = "return"
  }
  /// A step in the app.
  public enum AppStep: Hashable, Sendable {
    /// Photographs the face of the card.
    case photograph
    /// Types a PIN.
    case enter(CardSecret)
    /// Takes a picture of the face.
    case face
  }
  /// A step at the kiosk.
  public enum KioskStep: Hashable, Sendable {
    /// Puts the card in.
    case insert
    /// Types a PIN.
    case enter(CardSecret)
    /// Sets a new PIN.
    case reset(CardSecret)
  }

  /// What can be written on a face by hand.
  public static let notes = ["address", "name", "dates", "dates today-plus-5", "face-authentication"]
  /// Who can be called.
  public static let numbers = ["help-desk", "call-centre", "neighbour"]
}

/// Why a text is no action.
public struct ActionFault: Error, Sendable, Hashable {
  /// What is wrong.
  public var problem: String
  /// What to write.
  public var fix: String
}
