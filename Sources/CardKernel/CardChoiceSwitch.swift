import ISO7816

/// One of the ``CardChoices`` by its name, as resident files and the command line write it.
public struct CardChoiceSwitch: Sendable {
  /// The name, equal to the property's.
  public let name: String
  /// What it means when it is on, or what its value is, in Japanese.
  public let japanese: String
  /// The same in English.
  public let english: String
  /// The values that are understood, as a person would read them: `true, false`, `6984, 6983`, `0…64`.
  public let values: String

  private let read: @Sendable (CardChoices) -> String
  private let write: @Sendable (inout CardChoices, String) -> Bool

  /// The value in `choices`, as text.
  public func value(in choices: CardChoices) -> String { read(choices) }

  /// Sets it from text.
  /// - Returns: `false`, and nothing changes, when the text is not one of ``values``.
  public func set(_ text: String, in choices: inout CardChoices) -> Bool { write(&choices, text) }
}

extension CardChoices {
  /// Why a switch could not be set.
  public enum SwitchFault: Error, Sendable, Equatable {
    /// There is no switch of this name.
    case unknownName(String)
    /// The switch does not understand the value; `allowed` is what it does understand.
    case badValue(name: String, value: String, allowed: String)
  }

  /// Sets a choice by its name, as resident files and images do.
  /// - Returns: `false`, and nothing changes, for an unknown name or a value that it cannot have.
  public mutating func set(_ name: String, to value: String) -> Bool {
    (try? setSwitch(name, to: value)) != nil
  }

  /// Sets a choice by its name, and says why when it cannot.
  public mutating func setSwitch(_ name: String, to value: String) throws(SwitchFault) {
    guard let found = Self.switches.first(where: { $0.name == name }) else { throw .unknownName(name) }
    guard found.set(value, in: &self) else {
      throw .badValue(name: name, value: value, allowed: found.values)
    }
  }

  /// Every switch, in the order of `Docs/CardModel.md`, "Our choices".
  public static let switches: [CardChoiceSwitch] = [
    .flag(
      "wrongLengthSpendsTry", \.wrongLengthSpendsTry,
      "あり得ない長さの暗証番号も1回の誤りとして数える", "a PIN of an impossible length counts as a wrong one"),
    .status(
      "blockedAnswer", \.blockedAnswer, [.referencedKeyBlocked, .authenticationMethodBlocked],
      "ロックされた暗証番号への照合の応答", "the answer to VERIFY on a blocked PIN"),
    .flag(
      "wrongGuessRevokes", \.wrongGuessRevokes,
      "照合に失敗すると、以前の照合成功を取り消す", "a wrong PIN takes away what the right one had opened"),
    .flag(
      "selectReturnsFCI", \.selectReturnsFCI,
      "P2=00とLeによるAP選択にFCIを返す", "SELECT by name with P2=00 and Le returns an FCI"),
    .flag(
      "selectFileNeedsNoFCI", \.selectFileNeedsNoFCI,
      "EFの選択はP2=0Cだけを受け付ける", "SELECT of an EF is accepted with P2=0C only"),
    .flag(
      "warmResetClears", \.warmResetClears,
      "ウォームリセットで照合状態を消す（接触）", "a warm reset clears what is verified (contact cards)"),
    .flag(
      "changeKeepsVerified", \.changeKeepsVerified,
      "暗証番号を変更しても照合済みのままとする", "a PIN stays verified after it was changed"),
    .number(
      "pssSaltLength", \.pssSaltLength, 0...64, "RSASSA-PSSのソルトのバイト数", "the bytes of salt in RSASSA-PSS"),
    .status(
      "hashLengthAnswer", \.hashLengthAnswer, [.conditionsOfUseNotSatisfied, .wrongLength],
      "署名（P1=02, 04）で32バイトでないハッシュへの応答", "the answer to a hash of other than 32 bytes (P1 02, 04)"),
    .flag(
      "acceptsChaining", \.acceptsChaining,
      "コマンドチェイニングを受け付ける", "commands may come in a chain"),
    .status(
      "updateAnswer", \.updateAnswer, [.securityStatusNotSatisfied, .instructionNotSupported],
      "書込みコマンドへの応答", "the answer to UPDATE BINARY and UPDATE RECORD"),
    .flag(
      "firstCommandFails", \.firstCommandFails,
      "電源投入後の最初のコマンドに6F00を返す", "the first command after power-up is answered 6F00"),
    .flag(
      "knowsLastCommand", \.knowsLastCommand,
      "80 FC 00 00を理解する（iPhone）", "80 FC 00 00 is understood (iPhone)"),
    .flag(
      "verifiedQueryIsSuccess", \.verifiedQueryIsSuccess,
      "照合済みの暗証番号の残回数照会に9000を返す（ISO流）", "the retry query of a verified PIN answers 9000 (ISO's habit)"),
    .flag(
      "blockedQueryIsError", \.blockedQueryIsError,
      "ロックされた暗証番号の残回数照会にエラーを返す", "the retry query of a blocked PIN answers an error"),
    .flag(
      "shortReadWarns", \.shortReadWarns,
      "ファイルの終わりを越える読出しに6282を返す", "reading beyond the end of a file answers 6282"),
    .flag(
      "sameApplicationClears", \.sameApplicationClears,
      "同じAPの再選択で照合状態を消す", "selecting the current application again clears its PINs"),
    .flag(
      "signatureUsesPIN", \.signatureUsesPIN,
      "署名するたびに照合が要る", "every signature needs its own VERIFY"),
    .flag(
      "acceptsExtendedLength", \.acceptsExtendedLength,
      "拡張長を受け付ける", "extended lengths are understood"),
  ]
}

extension CardChoiceSwitch {
  fileprivate typealias Path<Value> = any WritableKeyPath<CardChoices, Value> & Sendable

  fileprivate static func flag(
    _ name: String, _ path: Path<Bool>, _ japanese: String, _ english: String
  ) -> CardChoiceSwitch {
    CardChoiceSwitch(
      name: name, japanese: japanese, english: english, values: "true, false",
      read: { $0[keyPath: path] ? "true" : "false" },
      write: { choices, text in
        guard let value = Bool(text) else { return false }
        choices[keyPath: path] = value
        return true
      })
  }

  fileprivate static func status(
    _ name: String, _ path: Path<StatusWord>, _ allowed: [StatusWord], _ japanese: String, _ english: String
  ) -> CardChoiceSwitch {
    CardChoiceSwitch(
      name: name, japanese: japanese, english: english,
      values: allowed.map(\.description).joined(separator: ", "),
      read: { $0[keyPath: path].description },
      write: { choices, text in
        guard let value = allowed.first(where: { $0.description == text }) else { return false }
        choices[keyPath: path] = value
        return true
      })
  }

  fileprivate static func number(
    _ name: String, _ path: Path<Int>, _ range: ClosedRange<Int>, _ japanese: String, _ english: String
  ) -> CardChoiceSwitch {
    CardChoiceSwitch(
      name: name, japanese: japanese, english: english, values: "\(range.lowerBound)…\(range.upperBound)",
      read: { String($0[keyPath: path]) },
      write: { choices, text in
        guard let value = Int(text), range.contains(value) else { return false }
        choices[keyPath: path] = value
        return true
      })
  }
}
