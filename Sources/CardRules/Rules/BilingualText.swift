/// The languages in which every rule and every answer can be told.
public enum Language: String, CaseIterable, Sendable {
  /// Japanese.
  case ja
  /// English.
  case en
}

/// One text in Japanese and in English.
public struct BilingualText: Hashable, Sendable {
  /// The Japanese text.
  public let ja: String
  /// The English text.
  public let en: String

  /// A text in both languages.
  public init(ja: String, en: String) {
    self.ja = ja
    self.en = en
  }

  /// The text in one language.
  public subscript(language: Language) -> String {
    switch language {
    case .ja: ja
    case .en: en
    }
  }
}
