import CardKernel
import ISO7816
import MyNumberCard

/// What a file is, put together from its row in the application's file table.
enum FileSentences {
  static func sentence(for file: FileDefinition, in application: ApplicationName) -> LocalizedText {
    let kind = self.kind(of: file, in: application)
    return LocalizedText(
      japanese: "EF \(file.id) \(file.name.japanese): \(kind.japanese)",
      english: "EF \(file.id), \(file.name.english): \(kind.english)")
  }

  private static func kind(of file: FileDefinition, in application: ApplicationName) -> LocalizedText {
    switch file.kind {
    case .transparent, .records:
      guard file.readRule != .never else {
        return LocalizedText(japanese: "だれにも読めません。", english: "nobody may read it.")
      }
      let who = access(file.readRule, in: application)
      return LocalizedText(japanese: "\(who.japanese)読めます。", english: "\(who.english) may read it.")
    case .pin(let tries, let format, let change):
      let form = self.form(format)
      let changed = self.change(change)
      return LocalizedText(
        japanese: "\(form.japanese)、連続\(tries)回の誤りでロック。\(changed.japanese)",
        english: "\(form.english), blocked after \(tries) wrong in a row. \(changed.english)")
    case .unknownPIN(let tries):
      return LocalizedText(
        japanese: "残回数（\(tries)）だけが知られる暗証番号。どの値も一致しません。",
        english: "a PIN of which only the counter (\(tries)) is known; no value is right.")
    case .key(let rule, let use, _):
      let who = access(rule, in: application)
      return use == .signature
        ? LocalizedText(japanese: "\(who.japanese)署名できます。", english: "\(who.english) may sign with it.")
        : LocalizedText(japanese: "\(who.japanese)内部認証できます。", english: "\(who.english) may authenticate with it.")
    case .terminalAuthority:
      return LocalizedText(
        japanese: "端末のCV証明書を検証する鍵です。", english: "the key that checks terminal certificates.")
    case .unknownInternal:
      return LocalizedText(
        japanese: "存在だけが知られています。選択できますが、読めません。",
        english: "known only to exist; it can be selected, not read.")
    }
  }

  private static func access(_ rule: AccessRule, in application: ApplicationName) -> LocalizedText {
    switch rule {
    case .always: return LocalizedText(japanese: "だれでも", english: "anybody")
    case .never: return LocalizedText(japanese: "だれも", english: "nobody")
    case .anyOf(let pins):
      let names = pins.map { Explanation.name(of: $0, in: application) }
      return LocalizedText(
        japanese: names.map(\.japanese).joined(separator: "、") + "\(pins.count > 1 ? "のいずれか" : "")を照合すれば",
        english: "whoever verified " + names.map(\.english).joined(separator: " or "))
    }
  }

  private static func form(_ format: PINFormat) -> LocalizedText {
    switch format {
    case .digits(let count): LocalizedText(japanese: "数字\(count)桁", english: "\(count) digits")
    case .lettersAndDigits(let range):
      LocalizedText(
        japanese: "英大文字と数字を混ぜた\(range.lowerBound)〜\(range.upperBound)文字",
        english: "\(range.lowerBound) to \(range.upperBound) capital letters and digits, both")
    case .unknown: LocalizedText(japanese: "形式不明", english: "of unknown form")
    }
  }

  private static func change(_ change: PINChange) -> LocalizedText {
    switch change {
    case .changeReferenceData:
      LocalizedText(japanese: "CHANGE REFERENCE DATAで変更できます。", english: "CHANGE REFERENCE DATA changes it.")
    case .changeKey: LocalizedText(japanese: "CHANGE KEYで変更できます。", english: "CHANGE KEY changes it.")
    case .nothing: LocalizedText(japanese: "持ち主は変更できません。", english: "The holder cannot change it.")
    }
  }
}
