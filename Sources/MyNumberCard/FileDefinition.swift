import CardKernel
import ISO7816

/// One row of an application's file table: what stands there before anybody's data is filled in.
public struct FileDefinition: Sendable {
  /// The identifier.
  public let id: FileID
  /// Its name in Japanese and English, as explanations show it.
  public let name: LocalizedText
  /// Who may read it.
  public let readRule: AccessRule
  /// What it is.
  public let kind: Kind
  /// The reference data of a PIN that nobody has set, with a full counter; without, such a PIN looks blocked.
  public var valueWhenUnset: [UInt8]?

  /// The kinds of rows.
  public enum Kind: Sendable {
    /// A transparent file of `size` bytes, filled up with FF; without a size it is as long as its data.
    case transparent(size: Int?)
    /// A record file.
    case records
    /// A PIN of the holder.
    case pin(triesMax: Int, format: PINFormat, changedBy: PINChange)
    /// A PIN of which nobody knows the purpose: it counts, and no guess is right.
    case unknownPIN(tries: Int)
    /// A private key.
    case key(rule: AccessRule, use: PrivateKey.Use, isOpenToTerminals: Bool)
    /// The key that checks terminal certificates.
    case terminalAuthority
    /// An internal file of which only the existence is known.
    case unknownInternal
  }

  static func transparent(
    _ id: FileID, _ japanese: String, _ english: String, size: Int? = nil, read: AccessRule
  ) -> FileDefinition {
    FileDefinition(
      id: id, name: LocalizedText(japanese: japanese, english: english), readRule: read,
      kind: .transparent(size: size))
  }

  static func records(_ id: FileID, _ japanese: String, _ english: String) -> FileDefinition {
    FileDefinition(
      id: id, name: LocalizedText(japanese: japanese, english: english), readRule: .always, kind: .records)
  }

  static func pin(
    _ id: FileID, _ japanese: String, _ english: String, tries: Int, _ format: PINFormat,
    changedBy: PINChange = .nothing, whenUnset: [UInt8]? = nil
  ) -> FileDefinition {
    FileDefinition(
      id: id, name: LocalizedText(japanese: japanese, english: english), readRule: .never,
      kind: .pin(triesMax: tries, format: format, changedBy: changedBy), valueWhenUnset: whenUnset)
  }

  static func key(
    _ id: FileID, _ japanese: String, _ english: String, rule: AccessRule,
    use: PrivateKey.Use = .signature, isOpenToTerminals: Bool = false
  ) -> FileDefinition {
    FileDefinition(
      id: id, name: LocalizedText(japanese: japanese, english: english), readRule: .never,
      kind: .key(rule: rule, use: use, isOpenToTerminals: isOpenToTerminals))
  }

  static func internalFile(_ id: FileID, _ kind: Kind = .unknownInternal) -> FileDefinition {
    FileDefinition(
      id: id, name: LocalizedText(japanese: "用途不明の内部ファイル", english: "internal file of unknown purpose"),
      readRule: .never, kind: kind)
  }
}

/// One sentence in both languages.
public struct LocalizedText: Sendable, Hashable {
  /// In Japanese.
  public let japanese: String
  /// In English.
  public let english: String

  /// Both.
  public init(japanese: String, english: String) {
    self.japanese = japanese
    self.english = english
  }
}

/// An application before anybody's data is filled in.
public struct ApplicationDefinition: Sendable {
  /// Its name here.
  public let name: ApplicationName
  /// Its name in the field's documents.
  public let title: LocalizedText
  /// Its AID, in hexadecimal digits.
  public let id: String
  /// Its files.
  public let files: [FileDefinition]
  /// The key that `80 2A P1 00` means.
  public var defaultKey: FileID?
  /// How it meets SET SESSION KEY.
  public var sessionKey = SessionKey.refused(.securityStatusNotSatisfied)
  /// Whether it is what is current after power-up.
  public var isCardManager = false

  /// How an application meets SET SESSION KEY, its key not yet filled in.
  public enum SessionKey: Sendable {
    /// It has none: this answer.
    case refused(StatusWord)
    /// The private half of the key in `file`, once `pin` is verified.
    case available(file: FileID, pin: FileID)
  }

  /// The row with this identifier.
  public func file(_ id: FileID) -> FileDefinition? { files.first { $0.id == id } }
}
