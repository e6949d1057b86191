/// One setting of a municipality's profile, as profile files write it: `key: value`.
public struct ProfileSetting: Sendable {
  /// The key.
  public let key: String
  /// The rule that the setting decides.
  public let rule: Rule
  /// What may stand there, for messages.
  public let allowed: String
  /// The value that a profile has.
  public let value: @Sendable (MunicipalityProfile) -> String
  /// Puts a value into a profile; `false` when the setting has no such value.
  public let apply: @Sendable (String, inout MunicipalityProfile) -> Bool

  /// Every setting, in the order of `Docs/Rules.md`.
  public static let all: [ProfileSetting] = [
    choice("authRenewal", .differenceAuthRenewal, \.authRenewal),
    choice("authWindow", .differenceAuthWindow, \.authWindow),
    choice("signBesideAuthRenewal", .differenceSignBesideAuth, \.signBesideAuthRenewal),
    choice("leapDayBirthday", .r14, \.leapDayBirthday),
    choice("cardAgeDay", .differenceCardAge, \.cardAgeDay),
    choice("restrictedSign", .differenceRestricted, \.restrictedSign),
    stores,
    choice("resetDocuments", .differenceDocuments, \.resetDocuments),
    choice("release", .differenceRelease, \.release),
    choice("publication", .differencePublication, \.publication),
    choice("proxyRenewal", .differenceProxyRenewal, \.proxyRenewal),
    choice("deceasedCard", .differenceDeceased, \.deceasedCard),
    choice("legalRepresentativeProof", .differenceProof, \.legalRepresentativeProof),
    choice("numberBOnExtension", .numberBExtension, \.numberBOnExtension),
    choice("lapsedCardFee", .choiceLapsedFee, \.lapsedCardFee),
    choice("weakPIN", .choiceWeakPIN, \.weakPIN),
    number("numberTries", .numberTries, 1...15, \.numberTries),
    number("nextCardYear", .differenceNextCard, 2026...2099, \.nextCardYear),
  ]

  /// The setting of that key, or `nil`.
  public static func named(_ key: String) -> ProfileSetting? { all.first { $0.key == key } }

  private static func choice<Value>(
    _ key: String, _ rule: Rule, _ path: any WritableKeyPath<MunicipalityProfile, Value> & Sendable
  ) -> ProfileSetting where Value: RawRepresentable<String> & CaseIterable & Sendable {
    ProfileSetting(
      key: key, rule: rule, allowed: Value.allCases.map(\.rawValue).joined(separator: ", "),
      value: { $0[keyPath: path].rawValue },
      apply: { text, profile in
        guard let value = Value(rawValue: text) else { return false }
        profile[keyPath: path] = value
        return true
      })
  }

  private static func number(
    _ key: String, _ rule: Rule, _ range: ClosedRange<Int>,
    _ path: any WritableKeyPath<MunicipalityProfile, Int> & Sendable
  ) -> ProfileSetting {
    ProfileSetting(
      key: key, rule: rule, allowed: "\(range.lowerBound) to \(range.upperBound)",
      value: { String($0[keyPath: path]) },
      apply: { text, profile in
        guard Digits.areDigits(text), let value = Int(text), range.contains(value) else { return false }
        profile[keyPath: path] = value
        return true
      })
  }

  private static let stores = ProfileSetting(
    key: "stores", rule: .differenceStores, allowed: StoreTable.builtIn.map(\.name).joined(separator: ", "),
    value: { $0.stores.name },
    apply: { text, profile in
      guard let table = StoreTable.builtIn.first(where: { $0.name == text }) else { return false }
      profile.stores = table
      return true
    })
}
