import CardRules

/// What the desk says when it will not do something: what is wrong, and what to do next, for the person at the page.
public struct DeskRefusal: Error, Sendable, Equatable {
  /// The kinds that the page treats differently.
  public enum Kind: Int, Sendable {
    /// The request makes no sense.
    case wrong = 400
    /// No token, or another seat's.
    case notYours = 401
    /// Not now: an examination, a foreign origin.
    case forbidden = 403
    /// There is no such thing.
    case unknown = 404
    /// Somebody was faster.
    case stale = 409
    /// More than the desk takes.
    case tooLarge = 413
    /// Not possible at this point of the exercise.
    case impossible = 422
    /// Every seat is taken.
    case full = 503
    /// The desk itself failed.
    case failed = 500
  }

  /// The kind.
  public var kind: Kind
  /// What is wrong.
  public var what: BilingualText
  /// What to do next.
  public var fix: BilingualText

  /// A refusal.
  public init(_ kind: Kind, _ what: BilingualText, fix: BilingualText) {
    self.kind = kind
    self.what = what
    self.fix = fix
  }

  static let unknownSeat = DeskRefusal(
    .unknown, BilingualText(ja: "この席はありません（片づけられました）", en: "there is no such seat; it was cleared"),
    fix: BilingualText(ja: "新しい席についてください", en: "take a new seat"))
  static let notYourSeat = DeskRefusal(
    .notYours, BilingualText(ja: "この席は別の方が使っています", en: "somebody else sits here"),
    fix: BilingualText(ja: "席のかぎを入れるか、新しい席についてください", en: "enter the seat's key, or take a new seat"))
  static let notTheTrainer = DeskRefusal(
    .notYours, BilingualText(ja: "指導員のかぎがちがいます", en: "this is not the trainer's key"),
    fix: BilingualText(
      ja: "'vmyna desk' が表示した指導員用のアドレスを開いてください", en: "open the trainer's address that 'vmyna desk' has printed"))
  static let noExercise = DeskRefusal(
    .impossible, BilingualText(ja: "レッスンが始まっていません", en: "no lesson has begun"),
    fix: BilingualText(ja: "レッスンを選んでください", en: "choose a lesson"))
  static let stale = DeskRefusal(
    .stale, BilingualText(ja: "別のタブで先に進んでいました", en: "another tab was ahead"),
    fix: BilingualText(ja: "今のようすを見て、もう一度選んでください", en: "look at how it stands now, and choose again"))
}

extension DeskRefusal {
  static let notStored = DeskRefusal(
    .failed, BilingualText(ja: "記録を保存できませんでした。操作は行われていません", en: "it could not be stored, so it was not done"),
    fix: BilingualText(ja: "ディスクの空きを確かめて、もう一度選んでください", en: "make room on the disk, and choose again"))
  static let inUse = DeskRefusal(
    .failed,
    BilingualText(
      ja: "別のプログラムがクラスの記録を使っているため、保存できませんでした。操作は行われていません",
      en: "another program uses the file of the class, so it was not stored and not done"),
    fix: BilingualText(
      ja: "class.sqlite を開いているプログラムを終えて、もう一度選んでください",
      en: "end the program that has class.sqlite open, and choose again"))
}
