import CardKernel
import ISO7816

/// Everything that makes one card: what an image holds and what ``makeCard()`` turns into a running card.
public struct CardContents: Sendable, Equatable {
  /// The name of the ``CardGeneration``.
  public var generation = CardGeneration.plastic.name
  /// The name of the ``Personality``.
  public var personality = Personality.defaultName
  /// What the card does where the public facts end.
  public var choices = CardChoices()
  /// Transparent files, without filler.
  public var data: [FilePath: [UInt8]] = [:]
  /// Record files.
  public var records: [FilePath: [[UInt8]]] = [:]
  /// PINs. A holder's PIN that is missing here is one that nobody has set.
  public var pins: [FilePath: PINContents] = [:]
  /// Private keys, PKCS#8 DER; the session key stands under its public half's file.
  public var keys: [FilePath: [UInt8]] = [:]
  /// Moduli of the authorities that terminal certificates are checked with.
  public var terminalAuthorities: [FilePath: [UInt8]] = [:]
  /// Data objects by application and tag.
  public var dataObjects: [ApplicationName: [UInt16: [UInt8]]] = [:]

  /// A PIN and its counter.
  public struct PINContents: Sendable, Equatable {
    /// The characters.
    public var value: [UInt8]
    /// The tries left; `nil` for all of them.
    public var triesLeft: Int?

    /// A PIN.
    public init(_ value: [UInt8], triesLeft: Int? = nil) {
      self.value = value
      self.triesLeft = triesLeft
    }
  }

  /// Empty contents.
  public init() {}

  /// Why contents make no card.
  public enum Fault: Error, Sendable, Equatable {
    /// No generation of this name.
    case unknownGeneration(String)
    /// No personality of this name.
    case unknownPersonality(String)
    /// The generation has no such file, or one of another kind.
    case noSuchFile(FilePath)
    /// More bytes than the file holds.
    case tooLong(FilePath, length: Int, size: Int)
    /// A file cannot be longer than what 15-bit offsets reach.
    case beyondOffsets(FilePath, length: Int)
    /// A PIN that does not have the form of its file.
    case pinForm(FilePath)
    /// A counter outside 0…triesMax.
    case triesLeft(FilePath, Int, max: Int)
    /// A key or modulus of the wrong length.
    case key(FilePath)
  }

  /// READ BINARY reaches offsets of 15 bits, so no file is longer.
  public static let longestFile = 0x8000

  /// How an unset PIN of the holder looks from outside: blocked, as the uninitialised key 0012 of the text
  /// application does on real cards (our choice).
  static let triesLeftWhenUnset = 0

  /// The card in power-on state.
  public func makeCard() throws(Fault) -> Card {
    guard let generation = CardGeneration.named(generation) else { throw .unknownGeneration(generation) }
    guard let personality = Personality.named(personality) else { throw .unknownPersonality(personality) }
    try checkPaths(in: generation)
    var applications: [Application] = []
    for definition in generation.applications { applications.append(try makeApplication(definition)) }
    var choices = choices
    // Measured: a contactless reader's warm reset (deselect and wake-up) keeps what is verified.
    if personality.interface == .contactless {
      choices.warmResetClears = false
      choices.answersReaderIdentifier = true
    }
    guard let card = Card(applications: applications, choices: choices) else {
      throw .unknownGeneration(generation.name)
    }
    return card
  }

  private func checkPaths(in generation: CardGeneration) throws(Fault) {
    func definition(_ path: FilePath) -> FileDefinition.Kind? {
      generation.application(path.application)?.file(path.file)?.kind
    }
    for path in data.keys {
      guard case .transparent = definition(path) else { throw .noSuchFile(path) }
    }
    for path in records.keys {
      guard case .records = definition(path) else { throw .noSuchFile(path) }
    }
    for path in pins.keys {
      guard case .pin = definition(path) else { throw .noSuchFile(path) }
    }
    for path in terminalAuthorities.keys {
      guard case .terminalAuthority = definition(path) else { throw .noSuchFile(path) }
    }
    for path in keys.keys {
      switch definition(path) {
      case .key: continue
      case .transparent where isSessionKey(path, in: generation): continue
      default: throw .noSuchFile(path)
      }
    }
  }

  private func isSessionKey(_ path: FilePath, in generation: CardGeneration) -> Bool {
    if case .available(let file, _)? = generation.application(path.application)?.sessionKey {
      return file == path.file
    }
    return false
  }

  private func makeApplication(_ definition: ApplicationDefinition) throws(Fault) -> Application {
    var files: [ElementaryFile] = []
    for row in definition.files {
      files.append(
        ElementaryFile(
          row.id, readRule: row.readRule, try content(of: row, at: FilePath(definition.name, row.id))))
    }
    let sessionKey: Application.SessionKey =
      switch definition.sessionKey {
      case .refused(let status): .refused(status)
      case .available(let file, let pin):
        .available(file: file, material: keys[FilePath(definition.name, file)] ?? [], pin: pin)
      }
    guard let bytes = [UInt8](hex: definition.id), let id = ApplicationID(bytes) else {
      throw .unknownGeneration(definition.id)
    }
    return Application(
      name: definition.name, id: id, files: files, dataObjects: dataObjects[definition.name] ?? [:],
      defaultKey: definition.defaultKey, sessionKey: sessionKey, isCardManager: definition.isCardManager)
  }

  private func content(of row: FileDefinition, at path: FilePath) throws(Fault) -> ElementaryFile.Content {
    switch row.kind {
    case .transparent(let size):
      let bytes = data[path] ?? []
      if let size, bytes.count > size { throw .tooLong(path, length: bytes.count, size: size) }
      guard bytes.count <= Self.longestFile else { throw .beyondOffsets(path, length: bytes.count) }
      return .transparent(ElementaryFile.filled(bytes, to: size ?? bytes.count))
    case .records:
      return .records(records[path] ?? [])
    case .pin(let triesMax, let format, let changedBy):
      guard let contents = pins[path] else {
        return .pin(
          PIN(
            row.valueWhenUnset, triesLeft: row.valueWhenUnset == nil ? Self.triesLeftWhenUnset : triesMax,
            triesMax: triesMax, format: format, changedBy: changedBy))
      }
      guard format.lengths.contains(contents.value.count), format.acceptsCharacters(of: contents.value) else {
        throw .pinForm(path)
      }
      let triesLeft = contents.triesLeft ?? triesMax
      guard (0...triesMax).contains(triesLeft) else { throw .triesLeft(path, triesLeft, max: triesMax) }
      return .pin(
        PIN(contents.value, triesLeft: triesLeft, triesMax: triesMax, format: format, changedBy: changedBy))
    case .unknownPIN(let tries):
      return .pin(PIN(nil, triesMax: tries, format: .unknown))
    case .key(let rule, let use, let isOpenToTerminals):
      return .key(PrivateKey(keys[path] ?? [], rule: rule, use: use, isOpenToTerminals: isOpenToTerminals))
    case .terminalAuthority:
      guard let modulus = terminalAuthorities[path] else { return .unknownInternal }
      guard let key = PublicKey(modulus: modulus) else { throw .key(path) }
      return .terminalAuthority(TerminalAuthority(key: key))
    case .unknownInternal:
      return .unknownInternal
    }
  }
}
