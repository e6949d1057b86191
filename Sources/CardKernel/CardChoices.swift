import ISO7816

/// Where no public source says what a card does, the answer is a choice; each stands here by name, and
/// `Docs/CardModel.md`, "Our choices", gives its reason. A resident file switches them under `choices:`, by the names of
/// ``switches``.
///
/// The second half are variants: measured one way, and switchable all the same, so that a program can be tried against
/// a card that follows ISO's habit.
public struct CardChoices: Sendable, Hashable {
  /// VERIFY with 1…16 bytes of a length that the PIN cannot have: a wrong PIN that costs a try (`true`), or `6700` (`false`).
  public var wrongLengthSpendsTry = true
  /// VERIFY on a blocked PIN. `6984` is measured; OpenSC names only `6983` "locked".
  public var blockedAnswer = StatusWord.referencedKeyBlocked
  /// Whether a wrong guess takes away what an earlier right one of the same PIN had opened.
  public var wrongGuessRevokes = true
  /// Whether SELECT by name with P2=00 and Le answers `6F … 84 …`.
  public var selectReturnsFCI = true
  /// Whether SELECT of an EF must have P2=0C; else P2=00 is accepted too, with an empty answer.
  public var selectFileNeedsNoFCI = true
  /// Whether a warm reset clears what is verified (contact), or keeps it (measured for contactless).
  public var warmResetClears = true
  /// Whether a PIN stays verified after the holder changed it.
  public var changeKeepsVerified = true
  /// The salt of RSASSA-PSS, in bytes.
  public var pssSaltLength = 32
  /// COMPUTE DIGITAL SIGNATURE with P1 02 or 04 and a hash that has not 32 bytes.
  public var hashLengthAnswer = StatusWord.conditionsOfUseNotSatisfied
  /// Whether commands may come in a chain (class bit 5), as the answer to reset A1 declares.
  public var acceptsChaining = true
  /// UPDATE BINARY and UPDATE RECORD.
  public var updateAnswer = StatusWord.securityStatusNotSatisfied
  /// Whether the first command after power-up is answered `6F00`, as one measured card does.
  public var firstCommandFails = false
  /// Whether `80 FC 00 00` is understood ("last command"), as an iPhone does, or answered `6700`, as the plastic card does.
  public var knowsLastCommand = false

  /// Variant: the retry query of a verified PIN answers `9000`.
  public var verifiedQueryIsSuccess = false
  /// Variant: the retry query of a blocked PIN answers ``blockedAnswer``.
  public var blockedQueryIsError = false
  /// Variant: READ BINARY beyond the end answers `6282` with the bytes that are left.
  public var shortReadWarns = false
  /// Variant: selecting the current application again clears its verified PINs.
  public var sameApplicationClears = false
  /// Variant: a signature uses its PIN up.
  public var signatureUsesPIN = false
  /// Variant: length fields of the extended form are known; without, they are answered `6700`.
  public var acceptsExtendedLength = true

  /// Whether the card sits behind a contactless reader that leaves `FF CA 00 00` (the PUPI) to it. Set by the
  /// personality, not by hand.
  public var answersReaderIdentifier = false

  /// The default choices.
  public init() {}
}
