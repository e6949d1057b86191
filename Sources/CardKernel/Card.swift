import ISO7816

/// A card: a function from (card, command) to (card, answer), and the effects it asks for.
public struct Card: Sendable {
  /// The applications, in the order in which SELECT by a partial name finds them; the first is the card manager.
  public internal(set) var applications: [Application]
  /// What the card does where the public facts end.
  public let choices: CardChoices
  /// What it forgets when the power goes.
  public internal(set) var session = Session()

  /// A card in power-on state; `nil` without any application.
  public init?(applications: [Application], choices: CardChoices = CardChoices()) {
    guard !applications.isEmpty else { return nil }
    self.applications = applications
    self.choices = choices
  }

  /// Cold reset, power-up and power-down: the card manager is current, nothing is verified. Counters stay.
  public mutating func powerCycle() { session = Session() }

  /// Warm reset: as ``powerCycle()`` unless the card is one that keeps its session.
  public mutating func warmReset() {
    if choices.warmResetClears { powerCycle() }
  }

  /// The current application.
  public var currentApplication: Application { applications[session.application] }

  /// Its name.
  public var currentApplicationName: ApplicationName { applications[session.application].name }

  /// The current elementary file, if any.
  public var currentFileID: FileID? { session.file }

  /// Whether the PIN at `path` is verified at this moment.
  public func isVerified(_ path: FilePath) -> Bool {
    currentApplication.name == path.application && session.verified.contains(path.file)
  }

  /// The file at `path`, `nil` when the card has none there.
  public func file(_ path: FilePath) -> ElementaryFile? {
    applications.first { $0.name == path.application }.flatMap { application in
      application.index(of: path.file).map { application.files[$0] }
    }
  }

  /// The PIN at `path`, `nil` when the card has none there.
  public func pin(_ path: FilePath) -> PIN? {
    if case .pin(let pin)? = file(path)?.content { return pin }
    return nil
  }

  /// Applies a change from outside: the state that was stored, the developer's hand, the ward office's terminal.
  /// A changed PIN is no longer verified.
  /// - Returns: `false`, and nothing changes, when the card has no such file or it is of another kind.
  public mutating func apply(_ change: CardChange) -> Bool {
    let path = change.path
    guard let application = applications.firstIndex(where: { $0.name == path.application }),
      let index = applications[application].index(of: path.file)
    else { return false }
    switch (change, applications[application].files[index].content) {
    case (.triesLeft(_, let count), .pin(var pin)):
      guard (0...pin.triesMax).contains(count) else { return false }
      pin.triesLeft = count
      applications[application].files[index].content = .pin(pin)
    case (.pin(_, let value, let count), .pin(var pin)):
      guard (0...pin.triesMax).contains(count) else { return false }
      pin.value = value
      pin.triesLeft = count
      applications[application].files[index].content = .pin(pin)
      if session.application == application { session.verified.revoke(path.file) }
    case (.contents(_, let bytes), .transparent):
      applications[application].files[index].content = .transparent(bytes)
    case (.records(_, let records), .records):
      applications[application].files[index].content = .records(records)
    case (.key(_, let material), .key(let key)):
      applications[application].files[index].content = .key(
        PrivateKey(material, rule: key.rule, use: key.use, isOpenToTerminals: key.isOpenToTerminals))
    default:
      return false
    }
    return true
  }

  /// Answers one command.
  /// - Parameters:
  ///   - bytes: whatever came over the wire.
  ///   - effects: the world.
  /// - Returns: data and status word, never empty.
  public mutating func process(_ bytes: [UInt8], with effects: inout some CardEffects) -> [UInt8] {
    answer(to: bytes, with: &effects).bytes
  }

  /// Answers one command, the answer still in its parts.
  public mutating func answer(to bytes: [UInt8], with effects: inout some CardEffects) -> ResponseAPDU {
    if choices.firstCommandFails && !session.hasMetCommand {
      session.hasMetCommand = true
      return .status(.noPreciseDiagnosis)
    }
    do throws(StatusWord) {
      let apdu: CommandAPDU
      do { apdu = try CommandAPDU(parsing: bytes) } catch { throw .wrongLength }
      guard choices.acceptsExtendedLength || !apdu.isExtended else { throw .wrongLength }
      return try CommandTable.run(apdu, on: &self, with: &effects)
    } catch {
      return .status(error)
    }
  }
}
