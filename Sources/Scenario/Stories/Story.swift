import CardKernel
import ISO7816
import MyNumberCard

/// A story script, parsed. The language: `Docs/Stories.md`.
public struct Story: Sendable, Equatable {
  /// What it tells, in both languages.
  public var title: LocalizedText?
  /// The card that it is played with, when no other is chosen.
  public var card: String?
  /// The day on which the card is minted, `2026-11-20`.
  public var day: String?
  /// What happens, in order.
  public var lines: [StoryLine]

  /// A story.
  public init(title: LocalizedText? = nil, card: String? = nil, day: String? = nil, lines: [StoryLine] = []) {
    self.title = title
    self.card = card
    self.day = day
    self.lines = lines
  }
}

/// One line of a story.
public struct StoryLine: Sendable, Equatable {
  /// Its number in the script, from 1.
  public var number: Int
  /// The line as it is written, without its remark.
  public var text: String
  /// What happens.
  public var action: StoryAction
  /// What must come of it; `nil` where anything may.
  public var expectation: StoryExpectation?
}

/// What a line does.
public enum StoryAction: Sendable, Equatable {
  /// An APDU as it is.
  case apdu([UInt8])
  /// SELECT of an application.
  case selectApplication(ApplicationName)
  /// SELECT of a file, and of its application where that is not current.
  case selectFile(FilePath)
  /// VERIFY.
  case verify(PINName, StoryPIN)
  /// VERIFY without a PIN: the tries left.
  case tries(PINName)
  /// The holder's change of a verified PIN.
  case change(PINName, to: StoryPIN)
  /// READ BINARY of a whole file.
  case read(FilePath)
  /// READ RECORD.
  case record(FilePath, Int)
  /// COMPUTE DIGITAL SIGNATURE, the card hashes.
  case sign(FilePath, [UInt8])
  /// READ BINARY of a certificate, held against the story's clock.
  case certificate(FilePath)
  /// A warm reset.
  case reset
  /// The power goes and comes.
  case power
  /// A reset of a PIN at a counter.
  case operatorReset(OperatorReset)
  /// A hand from outside, in the words of the command line.
  case control(StoryControl, [String])
  /// What the day is from now on.
  case clock(String)
  /// Nothing: looks at the last answer again.
  case again
}

/// A PIN in a script.
public enum StoryPIN: Sendable, Equatable {
  /// These characters.
  case literal(String)
  /// The one that the card has.
  case right
  /// One of the right form that the card has not.
  case wrong
}

/// Hands from outside that scripts know; their words after the first are those of `vmyna`.
public enum StoryControl: String, Sendable, CaseIterable {
  case set, undo, goto, snapshot, restore, insert, eject, fault
  /// What the ward office's terminal can do beside resetting a PIN.
  case `operator`
}

/// A PIN set anew without the old one, at the office or at a shop.
public struct OperatorReset: Sendable, Equatable {
  /// The PIN.
  public var pin: PINName
  /// Its new value.
  public var value: String
  /// Where.
  public var place: Place
  /// The other certificate's PIN, which shops ask for; it is tried on the card.
  public var other: Other?

  /// The PIN that a shop asks for.
  public struct Other: Sendable, Equatable {
    /// Which.
    public var pin: PINName
    /// As it is typed.
    public var value: StoryPIN
  }

  /// Where it can be asked for.
  public enum Place: String, Sendable, CaseIterable {
    /// The ward office.
    case office
    /// A convenience store.
    case store
    /// Another shop with a kiosk.
    case shop
  }
}

/// What must come of a line.
public enum StoryExpectation: Sendable, Equatable {
  /// Done: `9000`.
  case ok
  /// This status word.
  case status(StatusWord)
  /// `63Cx`.
  case triesLeft(Int)
  /// The PIN is blocked.
  case locked
  /// Whatever refusal: a status word that is neither `9000` nor `63Cx`, or an operator who says no.
  case refused
  /// These bytes, `nil` for any number of any bytes, then the status word.
  case answer([UInt8]?, hasMore: Bool, StatusWord)
  /// The data contains this text in UTF-8.
  case text(String)
  /// So many bytes of data.
  case length(Int)
  /// The certificate's term and the story's day.
  case certificate(CertificateTerm)
  /// There is no card in the reader.
  case noCard
  /// The card gives no answer.
  case mute

  /// How a certificate stands to a day.
  public enum CertificateTerm: String, Sendable, CaseIterable {
    case valid, expired, early
  }
}
