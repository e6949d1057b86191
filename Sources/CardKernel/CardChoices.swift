import ISO7816

/// Where no public source says what a card does, the answer is a choice; each stands here by name, and
/// `Docs/CardModel.md`, "Our choices", gives its reason. A resident file switches them under `choices:`.
public struct CardChoices: Sendable, Hashable {
  /// VERIFY with 1…16 bytes of a length that the PIN cannot have: a wrong PIN that costs a try (`true`), or `6700` (`false`).
  public var wrongLengthSpendsTry = true
  /// VERIFY on a blocked PIN. `6984` is measured; OpenSC names only `6983` "locked".
  public var blockedAnswer = StatusWord.referencedKeyBlocked
  /// Whether a wrong guess takes away what an earlier right one of the same PIN had opened.
  public var wrongGuessRevokes = true
  /// Whether SELECT by name with P2=00 and Le answers `6F … 84 …`.
  public var selectReturnsFCI = true
  /// Whether a warm reset clears what is verified (contact), or keeps it (measured for contactless).
  public var warmResetClears = true
  /// Whether a PIN stays verified after the holder changed it.
  public var changeKeepsVerified = true
  /// The salt of RSASSA-PSS, in bytes.
  public var pssSaltLength = 32
  /// Whether the first command after power-up is answered `6F00`, as one measured card does.
  public var firstCommandFails = false

  /// The default choices.
  public init() {}
}
