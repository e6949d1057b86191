import CardRules

/// A sentence that the clerk may say.
public struct Phrase: Sendable, Hashable {
  /// What kind of sentence.
  public enum Kind: String, Sendable, CaseIterable {
    /// A question.
    case ask
    /// An explanation.
    case explain
    /// An offer.
    case offer
    /// A refusal.
    case refuse
    /// A reference to another place.
    case refer
  }

  /// `explain.next-day`.
  public var id: String
  /// What kind of sentence.
  public var kind: Kind
  /// The sentence; `{…}` is filled in from the case.
  public var text: BilingualText
  /// The rule behind it.
  public var rule: String?
  /// The mistake that it is, for a tempting wrong sentence.
  public var mistake: String?
  /// When it is so; a sentence without one is never judged false.
  public var trueWhen: Truth?
  /// What that mistake means for the customer, where it has no number.
  public var consequence: BilingualText?
  /// What the customer answers when the lesson does not say.
  public var answer: BilingualText?

  /// A sentence.
  public init(id: String, kind: Kind, text: BilingualText) {
    self.id = id
    self.kind = kind
    self.text = text
  }

  /// The id without its kind.
  public var name: String { String(id.drop { $0 != "." }.dropFirst()) }
}

/// What all lessons share: sentences and kinds of papers.
public struct Catalogue: Sendable {
  /// The sentences, in the order of the file.
  public var phrases: [Phrase]
  /// The kinds of papers, in the order of the file.
  public var papers: [PaperKind]

  /// A catalogue.
  public init(phrases: [Phrase], papers: [PaperKind]) {
    self.phrases = phrases
    self.papers = papers
  }

  /// The sentence of an id.
  public func phrase(_ id: String) -> Phrase? { phrases.first { $0.id == id } }
  /// The kind of a name.
  public func paper(_ id: String) -> PaperKind? { papers.first { $0.id == id } }
}
