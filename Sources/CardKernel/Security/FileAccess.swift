import ISO7816

/// How a command names the file that it works on.
enum FileReference: Hashable {
  /// The current file.
  case current
  /// The file with this short identifier; it becomes the current one.
  case short(UInt8)
}

extension Card {
  /// Finds the file that a command means and makes it current.
  /// - Throws: `6986` without a current file, `6A82` for a short identifier of no file.
  mutating func select(_ reference: FileReference) throws(StatusWord) -> Int {
    switch reference {
    case .current:
      guard let id = session.file, let index = currentApplication.index(of: id) else { throw .noCurrentFile }
      return index
    case .short(let identifier):
      guard let id = FileID(shortIdentifier: identifier), let index = currentApplication.index(of: id) else {
        throw .fileNotFound
      }
      session.file = id
      return index
    }
  }

  /// A file of the current application.
  func file(at index: Int) -> ElementaryFile { applications[session.application].files[index] }

  /// Its path.
  func path(ofFileAt index: Int) -> FilePath {
    let application = applications[session.application]
    return FilePath(application.name, application.files[index].id)
  }

  /// Whether what has been verified opens `rule`.
  func permits(_ rule: AccessRule) -> Bool {
    switch rule {
    case .always: true
    case .never: false
    case .anyOf(let pins): pins.contains { session.verified.contains($0) }
    }
  }

  /// The PIN of the file at `index`.
  /// - Throws: `6981` for a file that holds data, `6985` for another internal file.
  func requirePIN(at index: Int) throws(StatusWord) -> PIN {
    switch file(at: index).content {
    case .pin(let pin): return pin
    case .transparent, .records: throw .incompatibleFileStructure
    case .key, .terminalAuthority, .unknownInternal: throw .conditionsOfUseNotSatisfied
    }
  }

  /// Changes a PIN in the card's memory and makes the change durable.
  /// - Throws: `6581` when the disk did not take it; in the memory the change stands.
  mutating func store(
    _ pin: PIN, at index: Int, as change: (FilePath) -> CardChange, with effects: inout some CardEffects
  ) throws(StatusWord) {
    applications[session.application].files[index].content = .pin(pin)
    do { try effects.commit(change(path(ofFileAt: index))) } catch { throw .memoryFailure }
  }
}

extension FileReference {
  /// P2 of the commands that work on an internal file: `80` the current one, `80 | sfi` another.
  /// - Throws: `6A86` for anything else.
  init(p2: UInt8) throws(StatusWord) {
    guard p2 & 0xE0 == 0x80 else { throw .incorrectParameters }
    self = p2 == 0x80 ? .current : .short(p2 & 0x1F)
  }
}
