import CardKernel

extension Card {
  /// The changes that lead from the state of this card to that of another one made of the same image. A PIN comes with
  /// its value and its counter together, so that it is no longer verified after it.
  public func changes(leadingTo other: Card) -> [CardChange] {
    zip(applications, other.applications).flatMap { old, new in
      zip(old.files, new.files).compactMap { before, after in
        before.content == after.content ? nil : after.change(at: FilePath(new.name, after.id))
      }
    }
  }
}

extension ElementaryFile {
  /// The change that makes a file what this one is; `nil` for a file whose content is part of the card.
  fileprivate func change(at path: FilePath) -> CardChange? {
    switch content {
    case .transparent(let bytes): .contents(path, bytes)
    case .records(let records): .records(path, records)
    case .pin(let pin): .pin(path, value: pin.value, triesLeft: pin.triesLeft)
    case .key(let key): .key(path, key.material)
    case .terminalAuthority, .unknownInternal: nil
    }
  }
}
