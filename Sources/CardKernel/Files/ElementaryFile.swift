import ISO7816

/// An elementary file: its identifier, who may read it, and what it is.
public struct ElementaryFile: Sendable, Equatable {
  /// The identifier; the short identifier equals it.
  public let id: FileID
  /// Who may read it. Internal files are never read, whatever stands here.
  public var readRule: AccessRule
  /// What it is and holds.
  public var content: Content

  /// The kinds of files on the card.
  public enum Content: Sendable, Equatable {
    /// WEF, transparent: all its bytes, filler included.
    case transparent([UInt8])
    /// WEF, linear records, numbered from 1.
    case records([[UInt8]])
    /// IEF with a PIN and its retry counter.
    case pin(PIN)
    /// IEF with a private key.
    case key(PrivateKey)
    /// IEF with the key of the authority whose terminal certificates the card accepts.
    case terminalAuthority(TerminalAuthority)
    /// IEF of which only the existence is known: it can be selected, and that is all.
    case unknownInternal
  }

  /// A file from its parts.
  public init(_ id: FileID, readRule: AccessRule = .never, _ content: Content) {
    self.id = id
    self.readRule = readRule
    self.content = content
  }

  /// A transparent file: `data`, then `FF` up to `size` (measured: the filler is FF).
  public static func transparent(
    _ id: FileID, readRule: AccessRule, data: [UInt8], size: Int? = nil
  ) -> ElementaryFile {
    ElementaryFile(id, readRule: readRule, .transparent(filled(data, to: size ?? data.count)))
  }

  /// `data` followed by filler up to `size` bytes.
  public static func filled(_ data: [UInt8], to size: Int) -> [UInt8] {
    data + [UInt8](repeating: 0xFF, count: max(0, size - data.count))
  }
}

/// Who may read a file or use a key.
public enum AccessRule: Sendable, Hashable {
  /// Anybody.
  case always
  /// Nobody: `6982`.
  case never
  /// Whoever has verified one of these PINs of the same application.
  case anyOf([FileID])
}
