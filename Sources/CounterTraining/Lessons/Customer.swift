import CardRules

/// What a customer knows of a PIN.
public enum Knowledge: String, Sendable, CaseIterable {
  /// Types the right one.
  case right
  /// Types a wrong one each time.
  case wrong
  /// Once wrong, then right.
  case wrongFirst = "wrong-first"
  /// Says so and types nothing; made to guess, a wrong one.
  case forgotten
  /// Has never set one.
  case unset
}

/// Who stands at the counter, with the story and what this person knows, brings and says.
public struct Customer: Sendable {
  /// In whose name.
  public enum Role: String, Sendable, CaseIterable {
    /// The holder (本人).
    case holder
    /// A proxy (任意代理人).
    case proxy
    /// Somebody of the same household.
    case household
    /// Parent or guardian (法定代理人).
    case legalRepresentative
  }
  /// On which way.
  public enum Way: String, Sendable, CaseIterable {
    /// At the counter.
    case counter
    /// On the telephone: nothing can be shown.
    case telephone
  }

  /// In whose name.
  public var role: Role
  /// Whether somebody else than the holder comes.
  public var isHolder: Bool { role == .holder }
  /// On which way.
  public var way = Way.counter
  /// What this person is to the holder.
  public var relation: BilingualText?
  /// The person's own name, when it is not the holder.
  public var name: String?
  /// The person's age, when it is not the holder.
  public var age: Int?
  /// Whether the person, not being the holder, is a woman.
  public var isWoman = true
  /// The first sentence.
  public var opening: BilingualText
  /// What the customer knows of the holder's PINs; one that is not named is known.
  public var knows: [CardSecret: Knowledge] = [:]
  /// What the customer has in the bag.
  public var brings: [BroughtPaper] = []
  /// What the customer says to a sentence, by its id.
  public var answers: [String: BilingualText] = [:]
  /// Whether the customer asks once more after a refusal.
  public var insists = false
  /// Whether the customer takes an offer of sign.
  public var wantsSign: Bool?
  /// Whether the customer takes an offer of auth.
  public var wantsAuth: Bool?

  /// A customer.
  public init(role: Role, opening: BilingualText) {
    self.role = role
    self.opening = opening
  }
}

/// A paper or card in the customer's bag.
public struct BroughtPaper: Sendable, Hashable {
  /// Whose it is.
  public enum Owner: Sendable, Hashable {
    /// The card's holder.
    case holder
    /// Who stands at the counter.
    case customer
    /// Another record.
    case record(String)
  }
  /// What a photograph shows.
  public enum Photograph: String, Sendable, CaseIterable {
    /// The owner.
    case same
    /// Somebody else.
    case other
  }

  /// Its name on the counter.
  public var id: String
  /// Its kind in `papers.yaml`; `card` for a My Number card that the lesson is about.
  public var kind: String
  /// Whose it is.
  public var owner: Owner
  /// Whether it is sealed; `nil` where there is nothing to seal.
  public var isSealed: Bool?
  /// What the holder wrote into it: PINs, right or wrong.
  public var pins: [CardSecret: Knowledge] = [:]
  /// Whether the holder wrote the wished new PIN into it.
  public var hasNewPIN = false
  /// Its last day, as a date or `today +30d`; `nil` is far in the future.
  public var validUntil: String?
  /// Whose photograph is on it.
  public var photograph = Photograph.same
  /// Another name than the owner's.
  public var name: String?
  /// Another address than the owner's.
  public var address: String?
  /// What else stands on it.
  public var text: BilingualText?
  /// Whether it lies at the office, a new card that is to be handed over.
  public var isAtOffice = false
  /// The sentence after which the customer has it: a copy that another desk gives, for instance.
  public var after: String?

  /// A paper.
  public init(id: String, kind: String, owner: Owner) {
    self.id = id
    self.kind = kind
    self.owner = owner
  }
}
