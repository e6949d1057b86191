import CardRules

/// A kind of paper.
public struct PaperKind: Sendable, Hashable {
  /// What it proves.
  public enum Proof: String, Sendable, CaseIterable {
    /// Identity, official with a photograph (A).
    case photo
    /// Identity, without a photograph (B).
    case plain
    /// The power of a legal representative.
    case power
    /// The holder's will, told in a letter: the inquiry letter, a letter of authority.
    case letter
    /// Nothing of that kind.
    case none
  }
  /// What stands on it.
  public enum Fact: String, Sendable, CaseIterable {
    /// The name.
    case name
    /// The date of birth.
    case birth
    /// The address.
    case address
    /// Its last day.
    case validUntil = "valid-until"
    /// The photograph.
    case photograph
    /// The seal.
    case seal
    /// What the lesson says beside that.
    case text
  }

  /// `driving-licence`.
  public var id: String
  /// Its name.
  public var title: BilingualText
  /// What it proves.
  public var proof: Proof
  /// What stands on it.
  public var facts: [Fact]
  /// Whether the office prints it.
  public var isPrinted: Bool

  /// A kind of paper.
  public init(id: String, title: BilingualText, proof: Proof, facts: [Fact], isPrinted: Bool = false) {
    self.id = id
    self.title = title
    self.proof = proof
    self.facts = facts
    self.isPrinted = isPrinted
  }
}
