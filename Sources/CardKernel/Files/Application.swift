import ISO7816

/// An application (DF) of the card.
public struct Application: Sendable, Equatable {
  /// Its name here.
  public let name: ApplicationName
  /// Its name on the card.
  public let id: ApplicationID
  /// Its files.
  public var files: [ElementaryFile]
  /// What GET DATA finds while the application is current.
  public var dataObjects: [UInt16: [UInt8]]
  /// The key that `80 2A P1 00` means.
  public let defaultKey: FileID?
  /// How SET SESSION KEY (`80 AE`) is answered.
  public let sessionKey: SessionKey
  /// Whether SELECT without a name or identifier is refused, as it is right after power-up.
  public let isCardManager: Bool

  /// How an application meets SET SESSION KEY.
  public enum SessionKey: Sendable, Equatable {
    /// It has none: this answer.
    case refused(StatusWord)
    /// It has one: the private half of the key in `file`, usable once `pin` is verified.
    case available(file: FileID, material: [UInt8], pin: FileID)
  }

  /// An application from its parts.
  public init(
    name: ApplicationName, id: ApplicationID, files: [ElementaryFile], dataObjects: [UInt16: [UInt8]] = [:],
    defaultKey: FileID? = nil, sessionKey: SessionKey = .refused(.securityStatusNotSatisfied),
    isCardManager: Bool = false
  ) {
    self.name = name
    self.id = id
    self.files = files
    self.dataObjects = dataObjects
    self.defaultKey = defaultKey
    self.sessionKey = sessionKey
    self.isCardManager = isCardManager
  }

  /// Where the file with this identifier stands in `files`.
  public func index(of id: FileID) -> Int? { files.firstIndex { $0.id == id } }
}
