/// The four PINs of the card.
public enum PINKind: String, CaseIterable, Sendable {
  /// 署名用電子証明書暗証番号 (PIN-S).
  case sign
  /// 利用者証明用電子証明書暗証番号 (PIN-A).
  case auth
  /// 住民基本台帳用暗証番号 (PIN-J).
  case residentRecord
  /// 券面事項入力補助用暗証番号 (PIN-K).
  case textInput

  /// The rule that tells its form and its tries.
  public var rule: Rule {
    switch self {
    case .sign: .pinS
    case .auth: .pinA
    case .residentRecord: .pinJ
    case .textInput: .pinK
    }
  }

  /// Wrong entries in a row until it locks.
  public var triesMax: Int { self == .sign ? 5 : 3 }

  /// How many characters it may have.
  public var length: ClosedRange<Int> { self == .sign ? 6...16 : 4...4 }

  /// Whether a holder of that age has it when the card is handed over (rules 3.10, R15).
  public func exists(atAge age: Int) -> Bool { self != .sign || age >= Issuance.minimumSignAge }

  /// What the official client sends: for PIN-S capitals, the others as typed.
  public func normalized(_ typed: String) -> String {
    guard self == .sign else { return typed }
    let bytes = typed.utf8.map { byte in
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) ? byte - 32 : byte
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Why a new PIN has the wrong form, or `nil` when the form is right.
  public func fault(in pin: String) -> PINFault? {
    let characters = pin.count
    if characters < length.lowerBound { return .tooShort(least: length.lowerBound) }
    if characters > length.upperBound { return .tooLong(most: length.upperBound) }
    let isDigit: (Character) -> Bool = { ("0"..."9").contains($0) && $0.isASCII }
    guard self == .sign else {
      return pin.first { !isDigit($0) }.map(PINFault.notADigit)
    }
    if let lower = pin.first(where: { ("a"..."z").contains($0) && $0.isASCII }) { return .lowerCase(lower) }
    let isCapital: (Character) -> Bool = { ("A"..."Z").contains($0) && $0.isASCII }
    if let odd = pin.first(where: { !isDigit($0) && !isCapital($0) }) { return .notAllowed(odd) }
    if !pin.contains(where: isCapital) { return .noLetter }
    if !pin.contains(where: isDigit) { return .noDigit }
    return nil
  }
}

/// What is wrong with the form of a PIN.
public enum PINFault: Hashable, Sendable {
  /// Fewer characters than allowed.
  case tooShort(least: Int)
  /// More characters than allowed.
  case tooLong(most: Int)
  /// A character that is no half-width digit.
  case notADigit(Character)
  /// A small letter in PIN-S.
  case lowerCase(Character)
  /// A character other than A–Z and 0–9 in PIN-S.
  case notAllowed(Character)
  /// PIN-S without a letter.
  case noLetter
  /// PIN-S without a digit.
  case noDigit

  /// The fault in words, saying what to do.
  public var text: BilingualText {
    switch self {
    case .tooShort(let least):
      BilingualText(ja: "短すぎます。\(least)文字以上にしてください", en: "too short: give at least \(least) characters")
    case .tooLong(let most):
      BilingualText(ja: "長すぎます。\(most)文字以内にしてください", en: "too long: give at most \(most) characters")
    case .notADigit(let character):
      BilingualText(ja: "「\(character)」は半角数字ではありません", en: "'\(character)' is no half-width digit: use 0 to 9 only")
    case .lowerCase(let character):
      BilingualText(ja: "「\(character)」は小文字です。英大文字にしてください", en: "'\(character)' is a small letter: use capitals A to Z")
    case .notAllowed(let character):
      BilingualText(
        ja: "「\(character)」は使えません。英大文字と数字だけです", en: "'\(character)' is not allowed: use A to Z and 0 to 9 only")
    case .noLetter: BilingualText(ja: "英大文字を1文字以上入れてください", en: "no letter: use at least one of A to Z")
    case .noDigit: BilingualText(ja: "数字を1文字以上入れてください", en: "no digit: use at least one of 0 to 9")
    }
  }
}

/// Why a PIN of right form is discouraged (rule 1.2.10).
public enum PINWeakness: Hashable, Sendable, CaseIterable {
  /// One digit, repeated.
  case repeatedDigit
  /// Digits that go up or down one by one.
  case sequence
  /// A part of the holder's birth date.
  case birthday

  /// The weaknesses of a 4-digit PIN; none for anything that is not digits alone.
  public static func find(in pin: String, born: CalendarDay?) -> [PINWeakness] {
    let digits = pin.utf8.map { Int($0) - Int(UInt8(ascii: "0")) }
    guard digits.count > 1, digits.allSatisfy({ (0...9).contains($0) }) else { return [] }
    let steps = Set(zip(digits.dropFirst(), digits).map { $0 - $1 })
    var found: [PINWeakness] = []
    if steps == [0] { found.append(.repeatedDigit) }
    if steps == [1] || steps == [-1] { found.append(.sequence) }
    if let born {
      let compact = born.compact
      let parts = [String(compact.suffix(4)), String(compact.prefix(4)), String(compact.dropFirst(2).prefix(4))]
      let eraParts = born.eraYearMonthDay.map { [String($0.prefix(4))] } ?? []
      if (parts + eraParts).contains(pin) { found.append(.birthday) }
    }
    return found
  }

  /// The weakness in words.
  public var text: BilingualText {
    switch self {
    case .repeatedDigit: BilingualText(ja: "同じ数字の繰り返しです", en: "one repeated digit")
    case .sequence: BilingualText(ja: "続き番号です", en: "digits in a row")
    case .birthday: BilingualText(ja: "生年月日と同じです", en: "a part of the birth date")
    }
  }
}
