import ISO7816

/// The name by which people and programs call an application: `jpki`, `textInput`.
public struct ApplicationName: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
  /// The name.
  public let rawValue: String

  /// Any name.
  public init(rawValue: String) { self.rawValue = rawValue }

  /// The name.
  public var description: String { rawValue }
}

/// Where an elementary file stands on the card, `jpki/0018`.
public struct FilePath: Hashable, Sendable, CustomStringConvertible {
  /// The application.
  public let application: ApplicationName
  /// The file in it.
  public let file: FileID

  /// A path.
  public init(_ application: ApplicationName, _ file: FileID) {
    self.application = application
    self.file = file
  }

  /// A path from its text, `jpki/0018`.
  public init?(_ text: some StringProtocol) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, let file = FileID(hex: parts[1]) else { return nil }
    self.init(ApplicationName(rawValue: String(parts[0])), file)
  }

  /// `jpki/0018`.
  public var description: String { "\(application)/\(file)" }
}
