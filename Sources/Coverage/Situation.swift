import MyNumberCard

/// What can happen to a program that speaks to a card, and what every such program should have met once in its tests.
public enum Situation: String, Sendable, CaseIterable {
  /// A wrong PIN with tries left.
  case wrongPIN
  /// A PIN that has one try left.
  case lastTry
  /// A wrong PIN that locks.
  case locking
  /// A PIN that is locked already.
  case locked
  /// A file, or a key, before its PIN.
  case notVerified
  /// The card goes away after something was said to it.
  case removed
  /// A card comes while the program runs.
  case inserted
  /// The card gives no answer.
  case noAnswer
  /// An answer that takes a second or more.
  case slow
  /// An authentication certificate that has expired, read.
  case expiredAuth
  /// A signature certificate that has expired, read.
  case expiredSign
  /// An authentication certificate that the registry does not call good any more, read.
  case revokedAuth
  /// A signature certificate that the registry does not call good any more, read.
  case revokedSign
  /// A card without an authentication certificate, its JPKI application selected.
  case noAuth
  /// A card without a signature certificate, its JPKI application selected.
  case noSign

  /// An answer that takes so long is slow.
  static let slowMicroseconds = 1_000_000

  private typealias Row = (japanese: String, english: String, command: String?)

  private var row: Row {
    switch self {
    case .wrongPIN: ("誤った暗証番号", "a wrong PIN", nil)
    case .lastTry: ("残り1回の暗証番号", "a PIN with one try left", "vmyna run --card auth-1-left")
    case .locking: ("最後の1回を間違える", "the wrong PIN that locks", "vmyna set auth.tries=1, then a wrong PIN")
    case .locked: ("ロックした暗証番号", "a locked PIN", "vmyna run --card auth-locked, or sign-locked")
    case .notVerified: ("照合前の利用", "a file or key before its PIN", nil)
    case .removed: ("途中で抜かれたカード", "a card that is taken away", "vmyna fault remove during sign, or vmyna eject")
    case .inserted: ("途中で挿入されたカード", "a card that comes later", "vmyna insert fresh-adult")
    case .noAnswer: ("応答しないカード", "a card that does not answer", "vmyna fault mute at verify")
    case .slow: ("遅いカード", "a slow card", "vmyna fault delay 2s at sign, or vmyna run --card slow-card")
    case .expiredAuth:
      ("期限切れの利用者証明書", "an expired authentication certificate", "vmyna run --card auth-expired-only")
    case .expiredSign:
      ("期限切れの署名用証明書", "an expired signature certificate", "vmyna run --card sign-expired-only")
    case .revokedAuth:
      ("失効した利用者証明書", "a revoked authentication certificate", "vmyna run --card stopped, or vmyna pki revoke")
    case .revokedSign: ("失効した署名用証明書", "a revoked signature certificate", "vmyna run --card revoked-after-move")
    case .noAuth: ("利用者証明書のないカード", "a card without an authentication certificate", "vmyna run --card sign-only")
    case .noSign: ("署名用証明書のないカード", "a card without a signature certificate", "vmyna run --card child-10")
    }
  }

  /// The situation as something to be met.
  var item: CoverageItem {
    CoverageItem(
      CoverageItem.situations, rawValue, row.japanese, row.english,
      advice: row.command.map { LocalizedText(japanese: $0, english: $0) })
  }
}
